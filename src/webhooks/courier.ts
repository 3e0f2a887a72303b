import type { Ms } from '../base/index.js';
import type { Fact, Feed } from '../events/index.js';
import type { Book, Webhook } from './book.js';
import { NoSuchWebhook } from './errors.js';
import type { Job, Progress } from './progress.js';
import { afterAttempt, type Outcome, type RetryPolicy } from './retry.js';

export interface CourierDeps {
  readonly book: Pick<Book, 'get'>;
  readonly progress: Progress;
  readonly feed: Pick<Feed, 'after' | 'onMore' | 'last'>;
  readonly wants: (webhook: Webhook, fact: Fact) => boolean;
  readonly send: (webhook: Webhook, fact: Fact, stop: AbortSignal) => Promise<Outcome>;
  readonly policy: RetryPolicy;
  readonly now: () => number;
  readonly chance: () => number;
  readonly failed: (error: unknown, webhook: string) => void;
}
export interface Courier {
  /** Something about the endpoint changed. */
  wake(): void;
  stop(): Promise<void>;
}

const BATCH = 200;
/** Events that were not for an endpoint are noted on disk this often; after a crash they are looked at again. */
const NOTE_EVERY = 1_000;
/** The longest sleep: a clock that was set may be ahead of `next_at`. */
const LOOK_AGAIN_MS: Ms = 60_000;

/** Takes the log to one endpoint, one event at a time and in order: the next one goes once this one is done with. */
export function startCourier(id: string, { book, progress, feed, wants, send, policy, now, chance, failed }: CourierDeps): Courier {
  const stop = new AbortController();
  const stopped = (): boolean => stop.signal.aborted;
  const bell = { ring: (): void => undefined };
  const leave = feed.onMore(() => bell.ring());
  /** How far the endpoint's own way was looked at without finding anything. */
  let looked = 0;

  const sleep = (ms: Ms): Promise<void> =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, LOOK_AGAIN_MS));
      bell.ring = () => {
        clearTimeout(timer);
        resolve();
      };
      if (stopped()) bell.ring();
    }).finally(() => (bell.ring = () => undefined));

  const next = async (webhook: Webhook, job: Job): Promise<Fact | undefined> => {
    let seq = job.replay === undefined ? Math.max(looked, job.cursor) : job.cursor;
    while (!stopped() && seq < job.until) {
      const facts = feed.after(seq, BATCH);
      const found = facts.find((fact) => fact.seq <= job.until && wants(webhook, fact));
      if (found) return found;
      seq = facts.at(-1)?.seq ?? seq;
      if (job.replay === undefined) looked = seq;
      if (facts.length < BATCH) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Stopped on the way, it has not looked at the rest: that is for the next start.
    if (stopped()) return undefined;
    if (job.replay !== undefined || seq - job.cursor >= NOTE_EVERY) progress.skip(id, job, job.replay === undefined ? seq : job.until);
    return undefined;
  };
  /** @returns how long to sleep, at most; 0: there may be more at once */
  const step = async (): Promise<Ms> => {
    const webhook = book.get(id);
    if (!webhook.enabled) return Infinity;
    let wait = Infinity;
    for (const job of progress.jobs(webhook)) {
      if (job.nextAt > now()) {
        wait = Math.min(wait, job.nextAt - now());
        continue;
      }
      const fact = await next(webhook, job);
      if (stopped()) return 0;
      if (!fact) continue;
      const outcome = await send(webhook, fact, stop.signal);
      // Whatever came of it is not known to be so: it goes again at the next start.
      if (stopped() && !outcome.ok) return 0;
      progress.done(webhook, job, fact, outcome, afterAttempt(outcome, job.attempts + 1, webhook.failingSince ?? now(), policy, now(), chance()));
      return 0;
    }
    return wait;
  };
  const run = async (): Promise<void> => {
    while (!stopped()) {
      const ms = await step().catch((error: unknown) => {
        if (error instanceof NoSuchWebhook) stop.abort(); // it was removed
        else failed(error, id);
        return 5_000;
      });
      if (ms > 0 && !stopped()) await sleep(ms);
    }
    leave();
  };
  const running = run();
  return {
    wake() {
      looked = 0;
      bell.ring();
    },
    async stop() {
      stop.abort();
      bell.ring();
      await running;
    },
  };
}
