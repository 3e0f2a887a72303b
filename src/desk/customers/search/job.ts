import { BadCursor } from '../../../store/index.js';
import { BadSearch } from '../errors.js';
import type { Reading } from '../sql.js';
import type { CustomerView, Page, Query } from '../types.js';
import { viewOf } from '../view.js';
import { find } from './find.js';

export interface Question {
  readonly query: Query;
  readonly now: number;
  /** The day of the house in which `now` lies: a thread knows no time zone. */
  readonly today: number;
}
/** What is wrong with a question is an answer too: errors do not keep their class from thread to thread. */
export type Answer =
  | { readonly did: 'found'; readonly page: Page<CustomerView> }
  | { readonly did: 'refused'; readonly what: 'search' | 'cursor'; readonly message: string; readonly hint: string | undefined };

/** One search on one connection: the customers themselves, ready to be shown. */
export function searchJob(db: Reading, { query, now, today }: Question): Answer {
  try {
    const { nums, nextCursor } = find(db, query);
    const items = nums.flatMap((num) => {
      const [row] = db.all<{ id: string }>('select id from customers where num = ?', num);
      const view = row && viewOf(db, row.id, now, { dayOf: () => today, startOf: () => 0 });
      return view ? [view] : [];
    });
    return { did: 'found', page: { items, nextCursor } };
  } catch (error) {
    if (error instanceof BadSearch || error instanceof BadCursor) return { did: 'refused', what: error instanceof BadSearch ? 'search' : 'cursor', message: error.message, hint: error.hint };
    throw error;
  }
}

/** @throws BadSearch, BadCursor */
export function pageIn(answer: Answer): Page<CustomerView> {
  if (answer.did === 'found') return answer.page;
  throw answer.what === 'cursor' ? new BadCursor() : new BadSearch(answer.message, answer.hint === undefined ? {} : { hint: answer.hint });
}
