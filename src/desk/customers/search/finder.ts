import { beside } from '../../../store/index.js';
import type { Reading } from '../sql.js';
import type { CustomerView, Page } from '../types.js';
import { pageIn, searchJob, type Answer, type Question } from './job.js';

export interface Finder {
  /** @throws BadSearch, BadCursor, StoreError store.busy: too many at once, or one that takes too long */
  search(question: Question): Promise<Page<CustomerView>>;
  close(): Promise<void>;
}

/** On the connection at hand: for a database in memory. */
export const finderHere = (db: Reading): Finder => ({
  search: (question) => new Promise((resolve) => resolve(pageIn(searchJob(db, question)))),
  close: () => Promise.resolve(),
});

/** In a thread with a connection of its own that only reads. */
export function finderBeside(path: string): Finder {
  const thread = beside<Question, Answer>(new URL('./thread.js', import.meta.url), path);
  return { search: async (question) => pageIn(await thread.ask(question)), close: () => thread.close() };
}
