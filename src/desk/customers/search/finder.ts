import { Worker } from 'node:worker_threads';
import { BadCursor, whenUp } from '../../../store/index.js';
import { BadSearch, SearchGone } from '../errors.js';
import type { Days } from '../rules.js';
import type { Reading } from '../sql.js';
import type { CustomerView, Page, Query } from '../types.js';
import { searchJob } from './job.js';
import { LEAVE, type Asked, type Told } from './protocol.js';

export interface Finder {
  /** @throws BadSearch, BadCursor, SearchGone */
  search(query: Query, now: number, days: Days): Promise<Page<CustomerView>>;
  close(): Promise<void>;
}

/** Searches on the connection at hand: for a database in memory. */
export const finderHere = (db: Reading): Finder => ({
  search: (query, now, days) => new Promise((resolve) => resolve(searchJob(db, query, now, days))),
  close: () => Promise.resolve(),
});

interface Waiting {
  readonly resolve: (page: Page<CustomerView>) => void;
  readonly reject: (why: Error) => void;
}

/** Searches in a thread with a read-only connection, started when the application is up or at the first search (that takes the event loop 10 ms), and again should it end. */
export function finderThread(path: string): Finder {
  const waiting = new Map<number, Waiting>();
  let thread: Worker | undefined;
  let lastId = 0;
  let closed = false;
  const start = (): Worker => {
    const one = new Worker(new URL('./thread.js', import.meta.url), { workerData: { path } });
    one.unref();
    const gone = (cause: unknown): void => {
      if (thread !== one) return;
      thread = undefined;
      const why = new SearchGone('the search ended', { hint: 'send it again', cause });
      for (const { reject } of waiting.values()) reject(why);
      waiting.clear();
    };
    one.on('error', gone);
    one.on('exit', (code) => gone(new Error(`the thread ended with ${code}`)));
    one.on('message', (told: Told) => {
      const asked = waiting.get(told.id);
      waiting.delete(told.id);
      if (told.did === 'found') asked?.resolve(told.page);
      else asked?.reject(errorOf(told));
    });
    return one;
  };
  whenUp(() => (closed || thread ? undefined : (thread = start())));
  return {
    search: (query, now, days) =>
      new Promise((resolve, reject) => {
        thread ??= start();
        const id = (lastId += 1);
        waiting.set(id, { resolve, reject });
        const asked: Asked = { id, query, now, today: days.dayOf(now) };
        thread.postMessage(asked);
      }),
    async close() {
      closed = true;
      const one = thread;
      thread = undefined;
      if (!one) return;
      one.postMessage(LEAVE);
      await new Promise((resolve) => one.once('exit', resolve));
      for (const { reject } of waiting.values()) reject(new SearchGone('we are closing', { hint: 'ask again in a second' }));
      waiting.clear();
    },
  };
}

function errorOf(told: Exclude<Told, { did: 'found' }>): Error {
  if (told.did === 'failed') return new SearchGone(`the search failed: ${told.message}`, { hint: 'the log has the cause' });
  return told.what === 'cursor' ? new BadCursor() : new BadSearch(told.message, told.hint === undefined ? {} : { hint: told.hint });
}
