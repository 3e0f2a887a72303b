import { Worker } from 'node:worker_threads';
import type { Ms } from '../base/index.js';
import { StoreError, type StoreErrorCode } from './errors.js';
import { whenUp } from './when-up.js';

/** Questions that a thread answers one after the other, from the file it was given. */
export interface Beside<Q, A> {
  /** @throws StoreError store.busy: too many at once, one that takes too long, or we are closing; others: the thread could not read */
  ask(question: Q): Promise<A>;
  /** The thread has ended when this settles; who still waits for an answer is told store.busy. */
  close(): Promise<void>;
}
export interface Asked<Q> {
  readonly id: number;
  readonly question: Q;
}
export type Told<A> = { readonly id: number; readonly answer: A } | { readonly id: number; readonly failed: { readonly code: StoreErrorCode; readonly message: string; readonly hint: string } };

const LIMIT: Ms = 5_000;
const MOST_WAITING = 200;

const busy = (): StoreError => new StoreError('store.busy', 'too many questions at once, or one that takes too long', { hint: 'try again in a second, with more exact words or filters' });
const closing = (): StoreError => new StoreError('store.busy', 'we are closing', { hint: 'try again in a second' });

interface Waiter<A> {
  readonly done: (answer: A) => void;
  readonly failed: (error: Error) => void;
}

/**
 * A thread of `file`, which calls `answersBeside`, for the database at `path`, started when the application is up, or at the first question: starting one takes the event loop 10 ms.
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
      if ('answer' in told) return waiter?.done(told.answer);
      const { code, message, hint } = told.failed;
      waiter?.failed(new StoreError(code, message, { hint }));
    });
    // An error ends the thread too: 'exit' follows, and settles whoever waits.
    made.on('error', () => undefined);
    made.on('exit', () => {
      if (thread === made) thread = undefined;
      clearTimeout(late);
      for (const [id, waiter] of waiting) {
        waiting.delete(id);
        waiter.failed(closed ? closing() : busy());
      }
    });
    return made;
  };
  whenUp(() => (closed || thread ? undefined : (thread = start())));
  return {
    ask(question) {
      if (closed) return Promise.reject(closing());
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
