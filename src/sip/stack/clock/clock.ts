import type { Ms } from '../../../base/index.js';

/** Monotonic time, and wake-ups. */
export interface Clock {
  now(): Ms;
  /** @returns what cancels it */
  after(delay: Ms, wake: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delay, wake) {
    const timer = setTimeout(wake, delay);
    return () => clearTimeout(timer);
  },
};

/** For tests: time that moves only by `advance`, one wake-up after another. */
export interface ManualClock extends Clock {
  advance(by: Ms): void;
}

export function manualClock(): ManualClock {
  let now = 0;
  let waiting: { readonly at: Ms; readonly wake: () => void }[] = [];
  const drop = (entry: (typeof waiting)[number]): void => {
    waiting = waiting.filter((other) => other !== entry);
  };
  return {
    now: () => now,
    after(delay, wake) {
      const entry = { at: now + delay, wake };
      waiting.push(entry);
      return () => drop(entry);
    },
    advance(by) {
      const end = now + by;
      for (;;) {
        const due = waiting.filter((entry) => entry.at <= end);
        const next = due.reduce<(typeof due)[number] | undefined>((best, e) => (best && best.at <= e.at ? best : e), undefined);
        if (!next) break;
        now = Math.max(now, next.at);
        drop(next);
        next.wake();
      }
      now = end;
    },
  };
}
