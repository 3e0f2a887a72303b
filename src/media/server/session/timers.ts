import type { Ms } from '../../../base/index.js';

/** One-shot timers that are counted, so that the gauge shows when calls have left none behind. */
export interface Timers {
  /** @returns what cancels it; harmless afterwards */
  readonly after: (delay: Ms, fire: () => void) => () => void;
  readonly count: () => number;
  readonly close: () => void;
}

export function createTimers(): Timers {
  const pending = new Set<NodeJS.Timeout>();
  return {
    after(delay, fire) {
      const timer = setTimeout(() => {
        pending.delete(timer);
        fire();
      }, delay);
      pending.add(timer);
      return () => {
        clearTimeout(timer);
        pending.delete(timer);
      };
    },
    count: () => pending.size,
    close() {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
