import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Malformed } from './errors.js';
import { iso, isoOrNull, pageByKey } from './routes.js';

const keys = (items: readonly { id: string }[]) => items.map((item) => item.id);
const byId = (item: { id: string }) => item.id;
/** Reads a list to its end, a page at a time. */
function readAll(all: readonly { id: string }[], limit: number, between: (page: number) => readonly { id: string }[] = () => all, sort = 'id'): string[] {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let n = 0; ; n += 1) {
    const page = pageByKey(n === 0 ? all : between(n), byId, { limit, cursor, sort });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seen.push(...keys(page.items));
    cursor = page.nextCursor;
    if (cursor === undefined) return seen;
  }
}
const list = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 40 }).map((ids) => ids.map((id) => ({ id })));

describe('a list that lies in memory', () => {
  it('is read whole and without repetition, whatever the page size', () => {
    fc.assert(fc.property(list, fc.integer({ min: 1, max: 50 }), (all, limit) => {
      const sorted = keys(all).sort((a, b) => (a < b ? -1 : 1));
      expect([readAll(all, limit), readAll(all, limit, undefined, '-id')]).toEqual([sorted, sorted.toReversed()]);
    }));
  });

  it('shows nothing twice though items come and go between pages', () => {
    fc.assert(fc.property(list, list, fc.integer({ min: 1, max: 5 }), (before, after, limit) => {
      const seen = readAll(before, limit, () => after);
      expect(new Set(seen).size).toBe(seen.length);
    }));
  });

  it('has no next page when the last one is exactly full', () => {
    expect(pageByKey([{ id: 'a' }, { id: 'b' }], byId, { limit: 2, cursor: undefined }).nextCursor).toBeUndefined();
  });

  it('reads keys in any script', () => {
    expect(readAll([{ id: '客服' }, { id: 'support' }, { id: 'ü' }], 1)).toEqual(['support', 'ü', '客服']);
  });

  it('has cursors that lead on in their own direction only', () => {
    for (const [sort, other] of [['id', '-id'], ['-id', 'id']] as const) {
      const { nextCursor: cursor } = pageByKey([{ id: 'a' }, { id: 'b' }], byId, { limit: 1, cursor: undefined, sort });
      expect(() => pageByKey([], byId, { limit: 1, cursor, sort: other })).toThrow(Malformed);
    }
  });

  it.each(['', 'abc', Buffer.from('1700000000000:call_1').toString('base64url')])('refuses "%s", a cursor of something else', (cursor) => {
    expect(() => pageByKey([], byId, { limit: 1, cursor })).toThrow(Malformed);
  });
});

it('writes times in UTC with milliseconds', () => {
  expect(iso(0)).toBe('1970-01-01T00:00:00.000Z');
  expect([isoOrNull(null), isoOrNull(1)]).toEqual([null, '1970-01-01T00:00:00.001Z']);
});
