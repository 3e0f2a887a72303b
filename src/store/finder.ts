import type { Compilable } from 'kysely';
import type { Ms } from '../base/index.js';
import { beside } from './beside.js';
import type { Store } from './open.js';

/** Rows of queries that may take long: asked beside the application's event loop. */
export interface Finder {
  /** @throws StoreError store.busy: too many at once, or one that takes too long */
  find<R>(query: Compilable<R>): Promise<R[]>;
  close(): Promise<void>;
}
export interface Sought {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** In the same thread: for a database in memory. */
export const finderHere = (store: Store): Finder => ({ find: (query) => Promise.resolve(store.run(query)), close: () => Promise.resolve() });

/** A thread with a connection of its own that only reads. */
export function finderBeside(path: string, limitMs?: Ms): Finder {
  const thread = beside<Sought, readonly unknown[]>(new URL('./finder-thread.js', import.meta.url), path, limitMs);
  return {
    async find<R>(query: Compilable<R>): Promise<R[]> {
      const { sql, parameters } = query.compile();
      return (await thread.ask({ sql, parameters })) as R[];
    },
    close: () => thread.close(),
  };
}
