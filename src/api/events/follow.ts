import type { Ms } from '../../base/index.js';
import type { Fact, Feed } from '../../events/index.js';

/** Where facts go. Both settle once the other side has room again. */
export interface Reader {
  facts(facts: readonly Fact[], seq: number): Promise<void>;
  /** Nothing happened that he would want to know: he is alive, and has seen everything up to `seq`. */
  beat(seq: number): Promise<void>;
}
export interface Follow {
  readonly feed: Feed;
  readonly after: number;
  readonly wants: (fact: Fact) => boolean;
  readonly reader: Reader;
  readonly beatMs: Ms;
  /** A reader that takes nothing for so long is dropped; he can go on from the log later. */
  readonly stallMs: Ms;
}

/** Facts looked at between two looks at the event loop. */
const BATCH = 200;

/**
 * Reads the log for one reader until the signal fires. There is no queue for him: he is as far as he has read, so a slow one costs no
 * memory. Answers why it ended.
 */
export async function follow({ feed, after, wants, reader, beatMs, stallMs }: Follow, signal: AbortSignal): Promise<'ended' | 'stalled'> {
  let seq = after;
  let told = after;
  let restless: NodeJS.Timeout | undefined;
  const wake = { up: (): void => undefined };
  const leave = feed.onMore(() => wake.up());
  const onAbort = (): void => wake.up();
  signal.addEventListener('abort', onAbort);
  const sleep = (ms: Ms): Promise<void> =>
    new Promise<void>((resolve) => {
      restless = setTimeout(resolve, ms);
      wake.up = resolve;
      if (signal.aborted || feed.last() > seq) resolve();
    }).then(() => clearTimeout(restless));
  let beatAt = performance.now() + beatMs;
  const say = async (words: Promise<void>): Promise<boolean> => {
    beatAt = performance.now() + beatMs;
    told = seq;
    return within(words, stallMs, signal);
  };
  try {
    while (!signal.aborted) {
      const facts = feed.after(seq, BATCH);
      seq = facts.at(-1)?.seq ?? seq;
      const some = facts.filter(wants);
      if (some.length > 0 && !(await say(reader.facts(some, seq)))) break;
      if (performance.now() >= beatAt && !(await say(reader.beat(seq)))) break;
      if (facts.length < BATCH) await sleep(Math.max(0, beatAt - performance.now()));
      else await new Promise((resolve) => setImmediate(resolve));
    }
    if (!signal.aborted) return 'stalled';
    if (seq > told) await within(reader.beat(seq), 100, AbortSignal.timeout(100));
    return 'ended';
  } finally {
    leave();
    signal.removeEventListener('abort', onAbort);
  }
}

/** False when it was not done in time, or he is gone. */
function within(done: Promise<void>, ms: Ms, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), ms);
    const onAbort = (): void => settle(false);
    function settle(well: boolean): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(well);
    }
    if (signal.aborted) return settle(false);
    signal.addEventListener('abort', onAbort);
    done.then(() => settle(true), () => settle(false));
  });
}
