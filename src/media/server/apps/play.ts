import type { Ms } from '../../../base/index.js';
import type { Playback, PlaySource } from '../channel/index.js';
import type { Header } from '../events/event.js';
import type { QueuedDigit } from '../session/digits.js';
import { fire } from '../session/fire.js';
import type { AppContext } from './app.js';
import { resolve, type Item } from './sources.js';
import { toInt } from './split.js';

/** How switch_ivr_play_file ends: `stopped` by a digit, `break` by uuid_break, `gone` with the channel. */
export type PlayStatus = 'success' | 'stopped' | 'break' | 'timeout' | 'not_found' | 'error' | 'gone';

export interface PlayWish {
  /** Asked for each digit while something plays: true stops it. Without it digits stay in the queue. */
  readonly onDigit?: ((digit: QueuedDigit) => boolean) | undefined;
  readonly startMs?: Ms;
}

/** FreeSWITCH reads files in blocks of this length and counts what it read, not what was heard. */
const BLOCK_MS: Ms = 2048;
const PAUSE_BETWEEN: Ms = 250;

/** Plays a file, or several between `playback_delimiter`s with a pause between them; the last one's end counts. */
export async function playFiles(context: AppContext, text: string, wish: PlayWish = {}): Promise<PlayStatus> {
  const { variables } = context.session;
  const delimiter = variables.get('playback_delimiter')?.[0];
  const names = delimiter === undefined ? [text] : text.split(delimiter);
  let timeLeft = timeLimit(context);
  let status: PlayStatus = 'error';
  for (const [index, name] of names.entries()) {
    if (index > 0) {
      const pause = await waitFor(context, toInt(variables.get('playback_sleep_val'), PAUSE_BETWEEN), wish);
      if (pause !== 'success') return pause;
    }
    const item = await resolve(context.server, name, variables.get('sound_prefix'));
    if (!item) {
      status = context.frame.isGone() ? 'gone' : 'not_found';
      if (status === 'gone') return status;
      continue;
    }
    const played = await playItem(context, item, index === 0 ? (wish.startMs ?? 0) : 0, timeLeft, wish);
    status = played.status;
    if (timeLeft !== undefined) timeLeft = Math.max(0, timeLeft - played.ms);
    if (status === 'stopped' || status === 'timeout' || status === 'gone') return status;
  }
  return status;
}

function timeLimit({ session: { variables } }: AppContext): Ms | undefined {
  const seconds = toInt(variables.get('playback_timeout_sec_cumulative') ?? variables.get('playback_timeout_sec'), 0);
  return seconds > 1 ? seconds * 1000 : undefined;
}

interface Played {
  readonly status: PlayStatus;
  readonly ms: Ms;
}

async function playItem(context: AppContext, item: Item, startMs: Ms, limit: Ms | undefined, wish: PlayWish): Promise<Played> {
  const { server, session } = context;
  const about: Header[] = [...(item.type ? [['Playback-File-Type', item.type] as const] : []), ['Playback-File-Path', item.path]];
  fire(server, session, 'PLAYBACK_START', about);
  const { status, ms } = await hear(context, item, startMs, limit, wish);
  setResults(context, item, startMs, ms, status);
  fire(server, session, 'PLAYBACK_STOP', [...about, ['Playback-Status', status === 'break' || status === 'stopped' ? 'break' : 'done']]);
  return { status: status === 'timeout' && session.variables.isTrue('playback_timeout_as_success') ? 'success' : status, ms };
}

/** Plays until it ends. What a nested application covered with its own playback goes on where it was. */
async function hear({ frame, session, server }: AppContext, item: Item, startMs: Ms, limit: Ms | undefined, wish: PlayWish): Promise<Played> {
  let heard = 0;
  for (;;) {
    let playback: Playback | undefined;
    const end = await frame.wait<PlayStatus | 'covered'>((finish) => {
      const mine = session.media.play(from(item.source, startMs + heard), { loops: item.loops });
      playback = mine;
      void mine.done.then((why) => {
        if (why === 'done') finish('success');
        else if (why === 'stopped') finish(frame.isTop() ? 'break' : 'covered');
        else {
          server.log.warn({ uuid: session.uuid, err: why.error, path: item.path }, 'playback failed');
          finish('error');
        }
      });
      const cancel = limit === undefined ? undefined : server.timers.after(Math.max(0, limit - heard), () => finish('timeout'));
      const { onDigit } = wish;
      frame.takeDigits(onDigit && ((digit) => {
        if (onDigit(digit)) finish('stopped');
      }));
      return cancel;
    });
    heard += playback?.playedMs() ?? 0;
    if (end === 'covered') continue;
    playback?.stop();
    return { status: end, ms: heard };
  }
}

function from(source: PlaySource, ms: Ms): PlaySource {
  if (ms === 0) return source;
  if (source.kind === 'file') return { ...source, seekMs: ms };
  return source.kind === 'silence' && source.ms !== 'forever' ? { ...source, ms: Math.max(0, source.ms - ms) } : source;
}

function setResults({ session: { variables } }: AppContext, item: Item, startMs: Ms, ms: Ms, status: PlayStatus): void {
  const left = item.lengthMs === undefined ? Infinity : Math.max(0, item.lengthMs - startMs);
  const read = status === 'success' ? ms : Math.min(left, Math.ceil(ms / BLOCK_MS) * BLOCK_MS);
  variables.set('playback_last_offset_pos', String((startMs + ms) * 8));
  variables.set('playback_seconds', String(Math.floor(read / 1000)));
  variables.set('playback_ms', String(Math.round(read)));
  variables.set('playback_samples', String(Math.round(read) * 8));
}

/** Lets time pass; digits as with playback. */
export async function waitFor({ frame, server }: AppContext, ms: Ms, wish: PlayWish = {}): Promise<PlayStatus> {
  return frame.wait<PlayStatus>((finish) => {
    const cancel = server.timers.after(ms, () => finish('success'));
    const { onDigit } = wish;
    frame.takeDigits(onDigit && ((digit) => {
      if (onDigit(digit)) finish('stopped');
    }));
    return cancel;
  });
}
