import { Worker } from 'node:worker_threads';
import type { Ms } from '../base/index.js';
import { StoreError } from './errors.js';
import { whenUp } from './when-up.js';

/** Questions that a thread answers one after the other, from the file it was given. */
export interface Beside<Q, A> {
  /** @throws StoreError store.busy: too many at once, or one that takes too long; Error with the thread's words */
  ask(question: Q): Promise<A>;
  close(): Promise<void>;
}
export interface Asked<Q> {
  readonly id: number;
  readonly question: Q;
}
export type Told<A> = { readonly id: number; readonly answer: A } | { readonly id: number; readonly failed: string };

const LIMIT: Ms = 5_000;
const MOST_WAITING = 200;

const busy = (): StoreError => new StoreError('store.busy', 'too many questions at once, or one that takes too long', { hint: 'try again in a second, with more exact words or filters' });

interface Waiter<A> {
  readonly done: (answer: A) => void;
  readonly failed: (error: Error) => void;
}

/**
 * A thread of `file` for the database at `path`, started when the application is up, or at the first question: starting one takes the event loop 10 ms.
 * One that thinks too long is ended, and those that waited for it are told; the next question starts another.
 */
export function beside<Q, A>(file: URL, path: string, limitMs: Ms = LIMIT): Beside<Q, A> {
  const waiting = new Map<number, Waiter<A>>();
  let serial = 0;
  let thread: Worker | undefined;
  let late: NodeJS.Timeout | undefined;
  let closed = false;
  const watch = (): void => {
    clearTimeout(late);
    if (waiting.size > 0) late = setTimeout(() => void thread?.terminate(), limitMs).unref();
  };
  const start = (): Worker => {
    const made = new Worker(file, { workerData: { path } });
    made.unref();
    made.on('message', (told: Told<A>) => {
      const waiter = waiting.get(told.id);
      waiting.delete(told.id);
      watch();
      if ('answer' in told) waiter?.done(told.answer);
      else waiter?.failed(new Error(told.failed));
    });
    // An error ends the thread too: 'exit' follows, and settles whoever waits.
    made.on('error', () => undefined);
    made.on('exit', () => {
      if (thread === made) thread = undefined;
      clearTimeout(late);
      for (const [id, waiter] of waiting) {
        waiting.delete(id);
        waiter.failed(busy());
      }
    });
    return made;
  };
  whenUp(() => (closed || thread ? undefined : (thread = start())));
  return {
    ask(question) {
      if (waiting.size >= MOST_WAITING) return Promise.reject(busy());
      thread ??= start();
      const asked: Asked<Q> = { id: (serial += 1), question };
      return new Promise((resolve, reject) => {
        waiting.set(asked.id, { done: resolve, failed: reject });
        if (waiting.size === 1) watch();
        thread?.postMessage(asked);
      });
    },
    async close() {
      closed = true;
      await thread?.terminate();
    },
  };
}
