import { sql } from 'kysely';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BadCursor } from '../../store/index.js';
import { inOrder, throughPages } from '../../../test/kit/paging.js';
import { boss, house } from './house.fixture.js';
import { TICKET_SORTS } from './index.js';
import { ticketQuery } from './search/query.js';

const few = fc.integer({ min: 1, max: 4 });
const made = fc.array(fc.record({ created: few, updated: few, due: fc.option(few) }), { maxLength: 12 });

it('tickets can be had in every order, page by page, each of them once', async () => {
  const { desk, store } = await house();
  const { db } = store;
  await fc.assert(fc.asyncProperty(made, few, async (times, limit) => {
    store.run(db.deleteFrom('tickets'));
    const rows = times.map(({ created, updated, due }) => {
      const { id, number } = desk.create({ type: 'question', subject: 'x', channel: 'api' }, boss);
      store.run(db.updateTable('tickets').set({ created_at: created, updated_at: updated, due_at: due }).where('id', '=', id));
      return { id, created_at: created, updated_at: updated, due_at: due ?? Infinity, number };
    });
    for (const sort of TICKET_SORTS) {
      const by = sort.replace('-', '') as 'number';
      // Two that are never due are as good as due at once.
      const expected = inOrder(rows.map(({ id, [by]: at }) => ({ id, at: Math.min(at, 1e9) })), sort.startsWith('-'));
      expect([sort, (await throughPages((cursor) => desk.list({}, boss, { limit, cursor, sort }))).map(({ id }) => id)]).toEqual([sort, expected]);
    }
  }), { numRuns: 25 });
  await store.close();
});

it('no order of tickets is sorted for each page: an index has it', async () => {
  const { store } = await house();
  for (const sort of TICKET_SORTS) {
    const { sql: text, parameters } = ticketQuery(store.db, {}, boss, { limit: 10, cursor: undefined, sort }).compile();
    const plan = store.run<{ detail: string }>({ compile: () => ({ ...sql`x`.compile(store.db), sql: `explain query plan ${text}`, parameters }) });
    expect([sort, plan.map(({ detail }) => detail).filter((detail) => detail.includes('ORDER BY'))]).toEqual([sort, []]);
  }
  await store.close();
});

it('a cursor of one order leads nowhere in another', async () => {
  const { desk, store } = await house();
  for (const subject of ['a', 'b']) desk.create({ type: 'question', subject, channel: 'api' }, boss);
  for (const sort of TICKET_SORTS) {
    const { nextCursor: cursor } = await desk.list({}, boss, { limit: 1, cursor: undefined, sort });
    for (const other of TICKET_SORTS) if (other !== sort) await expect(desk.list({}, boss, { limit: 1, cursor, sort: other })).rejects.toThrow(BadCursor);
  }
  await store.close();
});
