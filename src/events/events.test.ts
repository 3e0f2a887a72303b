import { beforeEach, expect, it } from 'vitest';
import { openStore, StoreError, type Store } from '../store/index.js';
import { createEvents, type Events, type Fact } from './index.js';

let store: Store;
let events: Events;
let clock = 0;
const logged: string[] = [];
const log = { error: (_fields: object, message: string) => void logged.push(message) };
const make = (over: Store = store): Events => createEvents({ store: over, log, now: () => (clock += 1), maxWaiting: 3 });

beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  logged.length = 0;
  clock = 0;
  events = make();
});
const digit = (n: number): Fact => events.publish('call.digits', `call:${n % 2}`, { digits: String(n) });

it('numbers facts from 1 and goes on where it stopped', () => {
  digit(1);
  digit(2);
  expect(events.last()).toBe(2);
  expect(make().publish('call.answered', 'call:9', {}).seq).toBe(3);
});

it('has written a fact before anybody hears of it', () => {
  const found: number[] = [];
  events.subscribe('*', (f) => void found.push(store.run(store.db.selectFrom('events').where('seq', '=', f.seq).select('seq')).length));
  digit(1);
  expect(found).toEqual([1]);
});

it('tells those who asked for the type, until they leave', () => {
  const heard: string[] = [];
  const leave = events.subscribe(['call.digits'], (f) => void heard.push(f.data.digits));
  digit(1);
  events.publish('call.answered', 'call:1', {});
  leave();
  digit(2);
  expect(heard).toEqual(['1']);
});

it('keeps the order for all, even when a subscriber publishes', () => {
  const heard: number[] = [];
  events.subscribe(['call.answered'], () => void digit(7));
  events.subscribe('*', (f) => void heard.push(f.seq));
  events.publish('call.answered', 'call:1', {});
  expect(heard).toEqual([1, 2]);
});

it('is not broken by a subscriber that throws', () => {
  const heard: number[] = [];
  events.subscribe('*', () => {
    throw new Error('broken');
  });
  events.subscribe('*', (f) => void heard.push(f.seq));
  digit(1);
  digit(2);
  expect(heard).toEqual([1, 2]);
  expect(logged).toEqual(['a subscriber failed', 'a subscriber failed']);
});

it('reads the timeline of one call, and what came after a number', () => {
  [1, 2, 3, 4].forEach(digit);
  expect(events.of('call:1').map((f) => f.data)).toEqual([{ digits: '1' }, { digits: '3' }]);
  expect(events.since(1, 2).map((f) => f.seq)).toEqual([2, 3]);
  expect(events.since(0, 1)[0]).toMatchObject({ type: 'call.digits', subject: 'call:1', at: 1, id: expect.stringMatching(/^evt_/) });
});

it('goes on without the disk and catches up, in order', () => {
  let full = false;
  const flaky: Store = {
    ...store,
    transaction: (work) => {
      if (full) throw new StoreError('store.full', 'the disk is full', {});
      return store.transaction(work);
    },
  };
  events = make(flaky);
  const heard: number[] = [];
  events.subscribe('*', (f) => void heard.push(f.seq));
  digit(1);
  full = true;
  digit(2);
  digit(3);
  expect(events.waiting()).toBe(2);
  expect(events.since(0, 10).map((f) => f.seq)).toEqual([1, 2, 3]);
  full = false;
  digit(4);
  expect(heard).toEqual([1, 2, 3, 4]);
  expect(events.waiting()).toBe(0);
  expect(make().since(0, 10).map((f) => f.seq)).toEqual([1, 2, 3, 4]);
  expect(logged).toEqual(['facts cannot be written and wait in memory', 'the database takes facts again']);
});

it('bounds what it holds for a disk that stays full', () => {
  events = make({ ...store, transaction: () => { throw new StoreError('store.full', 'full', {}); } });
  for (let i = 0; i < 10; i += 1) digit(i);
  expect(events.waiting()).toBe(3);
});
