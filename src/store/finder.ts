import { Worker } from 'node:worker_threads';
import type { Compilable } from 'kysely';
import type { Ms } from '../base/index.js';
import { StoreError } from './errors.js';
import type { Store } from './open.js';

/** Rows of queries that may take long: asked beside the application's event loop. */
export interface Finder {
  /** @throws StoreError store.busy: too many at once, or one that takes too long */
  find<R>(query: Compilable<R>): Promise<R[]>;
  close(): Promise<void>;
}
export interface Asked {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}
export type Told = { readonly id: number; readonly rows: readonly unknown[] } | { readonly id: number; readonly failed: string };

const LIMIT: Ms = 5_000;
const MOST_WAITING = 200;

const busy = (): StoreError => new StoreError('store.busy', 'too many questions at once, or one that takes too long', { hint: 'try again in a second, with more exact words or filters' });

/** In the same thread: for a database in memory. */
export const finderHere = (store: Store): Finder => ({ find: (query) => Promise.resolve(store.run(query)), close: () => Promise.resolve() });

interface Waiter {
  readonly done: (rows: readonly unknown[]) => void;
  readonly failed: (error: Error) => void;
}

/** A thread with a connection of its own that only reads. One that thinks too long is ended, and those that waited for it are told. */
export function finderBeside(path: string, limitMs: Ms = LIMIT): Finder {
  const waiting = new Map<number, Waiter>();
  let serial = 0;
  let thread: Worker | undefined;
  let late: NodeJS.Timeout | undefined;
  const watch = (): void => {
    clearTimeout(late);
    if (waiting.size > 0) late = setTimeout(() => void thread?.terminate(), limitMs).unref();
  };
  const start = (): Worker => {
    const made = new Worker(new URL('./finder-thread.js', import.meta.url), { workerData: { path } });
    made.unref();
    made.on('message', (told: Told) => {
      const waiter = waiting.get(told.id);
      waiting.delete(told.id);
      watch();
      if ('rows' in told) waiter?.done(told.rows);
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
  return {
    find<R>(query: Compilable<R>): Promise<R[]> {
      const { sql, parameters } = query.compile();
      if (waiting.size >= MOST_WAITING) return Promise.reject(busy());
      thread ??= start();
      const asked: Asked = { id: (serial += 1), sql, parameters };
      return new Promise((resolve, reject) => {
        waiting.set(asked.id, { done: (rows) => resolve(rows as R[]), failed: reject });
        if (waiting.size === 1) watch();
        thread?.postMessage(asked);
      });
    },
    async close() {
      await thread?.terminate();
    },
  };
}
