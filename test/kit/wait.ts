/** Something that should have happened did not happen in time. */
export class TooLate extends Error {
  constructor(what: string, ms: number) {
    super(`${what}: not within ${String(ms)} ms`);
    this.name = 'TooLate';
  }
}

/** The promise's value, or TooLate after `ms`. The promise itself goes on. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new TooLate(what, ms)); }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again every `everyMs` until the condition holds, for facts that send no event (files, HTTP, processes). */
export async function until(
  what: string,
  ms: number,
  condition: () => boolean | Promise<boolean>,
  everyMs = 20,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new TooLate(what, ms);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Conditions on a thing that announces its own changes: no polling. */
export type Watch = {
  readonly changed: () => void;
  /** Resolves as soon as `test` answers true; rejects when it throws or after `ms`. */
  readonly until: (what: string, ms: number, test: () => boolean) => Promise<void>;
  readonly waiting: () => boolean;
};

export function createWatch(): Watch {
  const waiters = new Set<() => void>();
  return {
    changed() {
      for (const waiter of [...waiters]) waiter();
    },
    waiting: () => waiters.size > 0,
    until: (what, ms, test) =>
      new Promise<void>((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer);
          waiters.delete(check);
        };
        const timer = setTimeout(() => { done(); reject(new TooLate(what, ms)); }, ms);
        const check = (): void => {
          try {
            if (!test()) return;
            done();
            resolve();
          } catch (error) {
            done();
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        waiters.add(check);
        check();
      }),
  };
}
