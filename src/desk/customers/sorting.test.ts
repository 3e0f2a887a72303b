import fc from 'fast-check';
import { expect, it } from 'vitest';
import { throughPages } from '../../../test/kit/paging.js';
import { house, LIN } from './house.fixture.js';

it('customers can be had oldest first, page by page, each of them once: all, or those with a tag', async () => {
  const { customers, store } = await house();
  const all = Array.from({ length: 9 }, (_, i) => customers.create({ name: `Nr ${String(i)}` }, LIN).id);
  const tagged = all.filter((_, i) => i % 2 === 0);
  for (const id of tagged) customers.tag(id, 'vip', LIN);
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 10 }), fc.boolean(), fc.boolean(), async (limit, oldestFirst, some) => {
    const seen = await throughPages((cursor) => customers.search({ limit, cursor, oldestFirst, ...(some ? { tag: 'vip' } : {}) }));
    const expected = some ? tagged : all;
    expect(seen.map(({ id }) => id)).toEqual(oldestFirst ? expected : [...expected].reverse());
  }));
  const { nextCursor: cursor } = await customers.search({ limit: 1 });
  await expect(async () => customers.search({ limit: 1, cursor, oldestFirst: true })).rejects.toThrow('cursor');
  await expect(async () => customers.search({ limit: 1, q: 'Nr', oldestFirst: true })).rejects.toThrow('an order of its own');
  await store.close();
});
