import { StrowgerError } from '../../../base/index.js';
import type { PlaySource } from '../channel/types.js';

/** The text names nothing that can be played. */
export class BadPlaySource extends StrowgerError {
  readonly code = 'media.bad_play_source';
}

/**
 * Reads what FreeSWITCH's playback takes: `tone_stream://…`, `silence_stream://MS[,NOISE]` (−1: for ever),
 * `file_string://A!B!C`, `A!B` too, a path, or a path with `@@SAMPLES` to begin at (8 000 a second).
 * @param resolve from the name of a file to its path
 * @throws BadPlaySource
 */
export function parsePlaySource(text: string, resolve: (name: string) => string = (name) => name): PlaySource {
  const scheme = /^([a-z_]+):\/\/(.*)$/is.exec(text.trim());
  const rest = scheme?.[2] ?? text.trim();
  switch (scheme?.[1]?.toLowerCase()) {
    case 'tone_stream': return { kind: 'tone', script: rest };
    case 'silence_stream': return silence(rest);
    case 'file_string': case undefined: break;
    case 'file': return file(rest, resolve);
    default: throw new BadPlaySource(`${scheme?.[1] ?? ''}:// cannot be played`, { hint: 'tone_stream, silence_stream, file_string and paths can' });
  }
  const items = rest.split('!').filter((item) => item !== '');
  const [only] = items;
  if (only === undefined) throw new BadPlaySource('nothing to play');
  if (items.length === 1) return scheme ? parsePlaySource(only, resolve) : file(only, resolve);
  return { kind: 'playlist', items: items.map((item) => parsePlaySource(item, resolve)) };
}

function silence(text: string): PlaySource {
  const [ms, noise = '0'] = text.split(',').map((n) => n.trim());
  const length = Number(ms);
  const divisor = Number(noise);
  if (!Number.isInteger(length) || length === 0 || ms === '' || !Number.isInteger(divisor)) {
    throw new BadPlaySource(`silence_stream://${text} names no length`, { hint: 'write e.g. silence_stream://2000' });
  }
  return { kind: 'silence', ms: length < 0 ? 'forever' : length, noise: Math.max(0, divisor) };
}

function file(text: string, resolve: (name: string) => string): PlaySource {
  const at = /^(.*)@@(\d+)$/s.exec(text);
  const path = resolve(at?.[1] ?? text);
  return at ? { kind: 'file', path, seekMs: Number(at[2]) / 8 } : { kind: 'file', path };
}
