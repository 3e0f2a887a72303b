import { beforeEach, expect, it } from 'vitest';
import { openStore, StoreError, type Store } from '../store/index.js';
import { createEvents, createFeed, type Events, type Feed } from './index.js';

let store: Store;
let events: Events;
let feed: Feed;
let full = false;
const log = { error: () => undefined };
const later: (() => void)[] = [];
const soon = (run: () => void): void => void later.push(run);
const settle = (): void => later.splice(0).forEach((run) => run());
const digit = (n: number): number => events.publish('call.digits', 'call:1', { digits: String(n) }).seq;
const seqs = (after: number, limit = 100): number[] => feed.after(after, limit).map((fact) => fact.seq);

beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  full = false;
  later.length = 0;
  const flaky: Store = { ...store, transaction: (work) => {
    if (full) throw new StoreError('store.full', 'full', {});
    return store.transaction(work);
  } };
  events = createEvents({ store: flaky, log });
  feed = createFeed({ events, keep: 3, soon });
});

it('reads on from any number, whether it is in memory or only on disk', () => {
  for (let n = 1; n <= 20; n += 1) digit(n);
  for (let after = 0; after <= 20; after += 1) expect(seqs(after, 5)).toEqual([1, 2, 3, 4, 5].map((n) => after + n).filter((n) => n <= 20));
});

it('says once that there is more, however much came', () => {
  let woken = 0;
  const leave = feed.onMore(() => (woken += 1));
  [1, 2, 3].forEach(digit);
  settle();
  digit(4);
  settle();
  leave();
  digit(5);
  settle();
  expect(woken).toBe(2);
});

it('does not show what a crash could take back, until it is on disk', () => {
  digit(1);
  full = true;
  digit(2);
  expect([seqs(0), feed.last()]).toEqual([[1], 1]);
  full = false;
  digit(3);
  expect([seqs(0), seqs(1), feed.last()]).toEqual([[1, 2, 3], [2, 3], 3]);
});

it('knows what an earlier run wrote', () => {
  [1, 2].forEach(digit);
  feed = createFeed({ events: createEvents({ store, log }), soon });
  expect([seqs(0), seqs(1), feed.last()]).toEqual([[1, 2], [2], 2]);
});
