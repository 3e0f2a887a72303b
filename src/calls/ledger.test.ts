import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inOrder, throughPages } from '../../test/kit/paging.js';
import { BadCursor, openStore } from '../store/index.js';
import { createLedger } from './ledger.js';

it('calls can be had newest and oldest first, page by page, each of them once; a cursor of one order leads nowhere in the other', async () => {
  const store = await openStore({ path: ':memory:' });
  const ledger = createLedger(store, { error: () => undefined });
  const add = (id: string, started_at: number): void => ledger.open({ id, direction: 'inbound', from_number: '1', to_number: '2', trunk: null, did: null, started_at });
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 10 }), fc.integer({ min: 1, max: 4 }), fc.boolean(), async (times, limit, oldestFirst) => {
    store.run(store.db.deleteFrom('calls'));
    const rows = times.map((at, i) => ({ id: `call_${String(i)}`, at }));
    for (const { id, at } of rows) add(id, at);
    expect((await throughPages((cursor) => ledger.list({ limit, cursor, oldestFirst }))).map(({ id }) => id)).toEqual(inOrder(rows, !oldestFirst));
  }), { numRuns: 40 });
  for (const id of ['a', 'b']) add(id, 9);
  for (const oldestFirst of [true, false]) {
    const { nextCursor: cursor } = ledger.list({ limit: 1, oldestFirst });
    expect(() => ledger.list({ limit: 1, cursor, oldestFirst: !oldestFirst })).toThrow(BadCursor);
  }
  ledger.shut();
  await store.close();
});
