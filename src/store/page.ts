import { StrowgerError } from '../base/index.js';

/** Where a list goes on: what the last item shown stands there by (its time, mostly), and its ID. */
export interface Cursor<At extends number | string = number> {
  readonly at: At;
  readonly id: string;
}
/** An order of a list: its column, and `-` in front where the greatest comes first; ties by ID, the same way. */
export interface Order {
  readonly by: string;
  readonly way: 'asc' | 'desc';
  readonly beyond: '>' | '<';
}
export const orderOf = (sort: string): Order => (sort.startsWith('-') ? { by: sort.slice(1), way: 'desc', beyond: '<' } : { by: sort, way: 'asc', beyond: '>' });

export class BadCursor extends StrowgerError {
  readonly code = 'store.bad_cursor';
  constructor() {
    super('this cursor is not one of ours', { hint: 'use next_cursor of the page before, unchanged' });
  }
}

/** `sort`: where the list has another order than its own, which the cursor belongs to. */
export const encodeCursor = ({ at, id }: Cursor<number | string>, sort = ''): string => Buffer.from(`${sort}${sort === '' ? '' : ' '}${typeof at === 'number' ? `${at}:${id}` : `${id}=${at}`}`, 'utf8').toString('base64url');

/** A cursor of one order leads nowhere in another. @throws BadCursor */
export function decodeCursor(text: string, sort = ''): Cursor {
  const match = /^(?:(-?[a-z_]{1,30}) )?(\d{1,16}):([A-Za-z0-9_.-]{1,100})$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (match?.[2] === undefined || match[3] === undefined || (match[1] ?? '') !== sort) throw new BadCursor();
  return { at: Number(match[2]), id: match[3] };
}

/** Of an order that goes by words. @throws BadCursor */
export function decodeTextCursor(text: string, sort = ''): Cursor<string> {
  const match = /^(?:(-?[a-z_]{1,30}) )?([A-Za-z0-9_.-]{1,100})=(.*)$/s.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (match?.[2] === undefined || match[3] === undefined || (match[1] ?? '') !== sort) throw new BadCursor();
  return { at: match[3], id: match[2] };
}

/** Cuts `limit + 1` rows to a page; the extra row says whether there is a next one. */
export function page<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => Cursor<number | string>, sort?: string): { items: Row[]; nextCursor: string | undefined } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last), sort) : undefined };
}
