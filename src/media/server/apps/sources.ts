import { open } from 'node:fs/promises';
import { dirname, basename, isAbsolute, join } from 'node:path';
import { parseToneScript, parseWavHeader, ToneScriptInvalid, WavUnreadable } from '../../../audio/index.js';
import type { Ms } from '../../../base/index.js';
import type { PlayOptions, PlaySource } from '../channel/index.js';
import type { Server } from '../session/types.js';
import { leadingVars, toInt } from './split.js';

/** Something that can be played, and how FreeSWITCH would call it in its events. */
export interface Item {
  readonly source: PlaySource;
  readonly loops: NonNullable<PlayOptions['loops']>;
  /** Playback-File-Path */
  readonly path: string;
  /** Playback-File-Type, which files do not have. */
  readonly type: 'local_stream' | 'tone_stream' | undefined;
  /** Length of a file; undefined for streams. */
  readonly lengthMs: Ms | undefined;
}

const STREAM = /^([a-z_]+):\/\/([^]*)$/;
const RATES = ['8000', '16000', '32000', '48000'];

export const isForStream = (text: string): boolean => /^local_stream:\/\/(?:moh|default)?$/.test(text.trim());

/**
 * What a name given to `playback` and its like means: an absolute path, a name in the sounds folder, `tone_stream://`,
 * `silence_stream://`, `local_stream://moh`, `file_string://a!b`, each with `{settings}` in front if need be.
 * @returns undefined when there is nothing to play: FreeSWITCH says FILE NOT FOUND
 */
export async function resolve(server: Server, text: string, prefix?: string): Promise<Item | undefined> {
  const { rest } = leadingVars(text.trim());
  if (rest.startsWith('file_string://')) return fileString(server, rest, prefix);
  const stream = streamItem(server, rest);
  if (stream !== 'a file') return stream;
  for (const path of candidates(rest, prefix ?? server.soundsDir)) {
    const lengthMs = await wavLength(path);
    if (lengthMs !== undefined) return { source: { kind: 'file', path }, loops: 1, path, type: undefined, lengthMs };
  }
  return undefined;
}

/** As `resolve`, without looking whether a file is there: what cannot be played becomes a tone while it is played. */
export function resolveNow(server: Server, text: string): PlaySource | undefined {
  const { rest } = leadingVars(text.trim());
  const stream = streamItem(server, rest);
  if (stream !== 'a file') return stream?.source;
  const [path] = candidates(rest, server.soundsDir);
  return path === undefined ? undefined : { kind: 'file', path };
}

function streamItem(server: Server, text: string): Item | 'a file' | undefined {
  const [, scheme, rest = ''] = STREAM.exec(text) ?? [];
  if (scheme === undefined) return 'a file';
  if (scheme === 'local_stream') return isForStream(text) ? { source: server.music(), loops: 'endless', path: text, type: 'local_stream', lengthMs: undefined } : undefined;
  if (scheme === 'silence_stream') {
    const [ms, noise] = rest.split(',');
    const length = toInt(ms, -1);
    const source: PlaySource = { kind: 'silence', ms: length < 0 ? 'forever' : length, noise: toInt(noise, 0) };
    return { source, loops: 1, path: text, type: undefined, lengthMs: length < 0 ? undefined : length };
  }
  if (scheme === 'tone_stream' && isToneScript(rest)) return { source: { kind: 'tone', script: rest }, loops: 1, path: text, type: 'tone_stream', lengthMs: undefined };
  return undefined;
}

async function fileString(server: Server, text: string, prefix?: string): Promise<Item | undefined> {
  const found: Item[] = [];
  for (const part of text.slice('file_string://'.length).split('!')) {
    const item = await resolve(server, part, prefix);
    if (item) found.push(item);
  }
  if (found.length === 0) return undefined;
  const lengthMs = found.reduce<Ms | undefined>((sum, item) => (sum === undefined || item.lengthMs === undefined ? undefined : sum + item.lengthMs), 0);
  return { source: { kind: 'playlist', items: found.map((i) => i.source) }, loops: 1, path: text, type: undefined, lengthMs };
}

function isToneScript(script: string): boolean {
  try {
    parseToneScript(script);
    return true;
  } catch (error) {
    if (error instanceof ToneScriptInvalid) return false;
    throw error;
  }
}

/** `ivr/a.wav` may lie in `ivr/8000/a.wav`, as FreeSWITCH's sound packages have it; without an extension it is a WAV. */
function candidates(name: string, prefix: string): string[] {
  if (name === '') return [];
  const file = /\.[A-Za-z0-9]{1,5}$/.test(name) ? name : `${name}.wav`;
  const path = isAbsolute(file) ? file : join(prefix, file);
  return [path, ...RATES.map((rate) => join(dirname(path), rate, basename(path)))];
}

const HEADER_BYTES = 65_536;

/** Length of a WAV file, undefined when it is not there or is none. */
async function wavLength(path: string): Promise<Ms | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(size, HEADER_BYTES));
    await file.read(head, 0, head.length, 0);
    const format = parseWavHeader(head);
    const bytes = Math.min(format.dataBytes ?? Infinity, size - format.dataAt);
    return Math.round((bytes / format.frameBytes / format.rateHz) * 1000);
  } catch (error) {
    if (error instanceof WavUnreadable || isIoError(error)) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

const isIoError = (error: unknown): boolean => error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
