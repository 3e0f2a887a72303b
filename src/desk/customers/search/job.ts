import type { Days } from '../rules.js';
import type { Reading } from '../sql.js';
import type { CustomerView, Page, Query } from '../types.js';
import { viewOf } from '../view.js';
import { find } from './find.js';

/** One search on one connection: the customers themselves, ready to be shown. @throws BadSearch, BadCursor */
export function searchJob(db: Reading, query: Query, now: number, days: Days): Page<CustomerView> {
  const { nums, nextCursor } = find(db, query);
  const items = nums.flatMap((num) => {
    const [row] = db.all<{ id: string }>('select id from customers where num = ?', num);
    const view = row && viewOf(db, row.id, now, days);
    return view ? [view] : [];
  });
  return { items, nextCursor };
}
