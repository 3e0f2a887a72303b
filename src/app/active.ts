import type { Call } from '../calls/index.js';
import type { Ms } from '../base/index.js';

/** The calls that are up, and the way to wait until there are none. */
export interface ActiveCalls {
  add(call: Call): void;
  remove(call: Call): void;
  all(): readonly Call[];
  count(): number;
  legs(): number;
  /** Settles when the last call has ended, or after `limitMs`, or when `hurry` fires. */
  drained(limitMs: Ms, hurry: AbortSignal): Promise<void>;
  /** Ends every call that is left; settles when all are gone. */
  endAll(): Promise<void>;
}

export function createActiveCalls(): ActiveCalls {
  const calls = new Set<Call>();
  const waiting = new Set<() => void>();
  return {
    add: (call) => void calls.add(call),
    remove(call) {
      calls.delete(call);
      if (calls.size === 0) waiting.forEach((done) => done());
    },
    all: () => [...calls],
    count: () => calls.size,
    legs: () => [...calls].reduce((sum, call) => sum + call.legs(), 0),
    drained: (limitMs, hurry) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          hurry.removeEventListener('abort', done);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, limitMs);
        waiting.add(done);
        hurry.addEventListener('abort', done, { once: true });
        if (calls.size === 0 || hurry.aborted) done();
      }),
    async endAll() {
      await Promise.all([...calls].map((call) => call.end({ by: 'us', cause: 'completed' }, 503, { 'Retry-After': '30' })));
    },
  };
}
