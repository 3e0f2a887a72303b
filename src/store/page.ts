import { StrowgerError } from '../base/index.js';

/** Where a newest-first list goes on: the time and ID of the last item shown. */
export interface Cursor {
  readonly at: number;
  readonly id: string;
}
export class BadCursor extends StrowgerError {
  readonly code = 'store.bad_cursor';
  constructor() {
    super('this cursor is not one of ours', { hint: 'use next_cursor of the page before, unchanged' });
  }
}

export const encodeCursor = ({ at, id }: Cursor): string => Buffer.from(`${at}:${id}`, 'utf8').toString('base64url');

/** @throws BadCursor */
export function decodeCursor(text: string): Cursor {
  const match = /^(\d{1,16}):([A-Za-z0-9_.-]{1,100})$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (!match?.[1] || match[2] === undefined) throw new BadCursor();
  return { at: Number(match[1]), id: match[2] };
}

/** Cuts `limit + 1` rows to a page; the extra row says whether there is a next one. */
export function page<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => Cursor): { items: Row[]; nextCursor: string | undefined } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : undefined };
}
