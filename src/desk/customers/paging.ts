import { decodeCursor, page, type Cursor } from '../../store/index.js';
import type { Param, Reading } from './sql.js';

/** Newest first, by `at` and `id`; `select` must end in a condition. @throws BadCursor */
export function pageBefore<Row extends { readonly at: number; readonly id: string }>(db: Reading, select: string, params: readonly Param[], limit: number, cursor: string | undefined): { readonly rows: readonly Row[]; readonly nextCursor: string | undefined } {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = db.all<Row>(
    `${select} ${after ? `and (at, id) < (?, ?)` : ''} order by at desc, id desc limit ?`,
    ...params, ...(after ? [after.at, after.id] : []), limit + 1,
  );
  const cut = page(rows, limit, (row): Cursor => ({ at: row.at, id: row.id }));
  return { rows: cut.items, nextCursor: cut.nextCursor };
}
