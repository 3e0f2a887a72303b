import type { Ms } from '../../base/index.js';

/** Timers that can be counted: what still runs after the last call is a leak. */
export interface Alarms {
  /** @returns what cancels it */
  after(delay: Ms, ring: () => void): () => void;
  count(): number;
  close(): void;
}

export function createAlarms(): Alarms {
  const armed = new Set<NodeJS.Timeout>();
  return {
    after(delay, ring) {
      const timer = setTimeout(() => {
        armed.delete(timer);
        ring();
      }, delay);
      armed.add(timer);
      return () => {
        clearTimeout(timer);
        armed.delete(timer);
      };
    },
    count: () => armed.size,
    close() {
      for (const timer of armed) clearTimeout(timer);
      armed.clear();
    },
  };
}
