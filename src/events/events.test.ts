import { beforeEach, describe, expect, it } from 'vitest';
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

it('what belongs to it is refused: it has not happened, its number is given to the next, and nobody hears of it', () => {
  const heard: number[] = [];
  events.subscribe('*', (f) => void heard.push(f.seq));
  expect(() => events.publishAll([{ type: 'call.answered', subject: 'call:1', data: {} }], () => { throw new Error('refused'); })).toThrow('refused');
  expect([[...heard], events.waiting(), digit(1).seq, events.of('call:1').length]).toEqual([[], 0, 1, 1]);
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

it('lets a subscriber leave, or another come, while it is told something', () => {
  const heard: string[] = [];
  const leave = events.subscribe('*', (f) => {
    heard.push(`first ${f.seq}`);
    leave();
    events.subscribe(['call.digits'], (g) => void heard.push(`late ${g.seq}`));
  });
  digit(1);
  digit(2);
  expect(heard).toEqual(['first 1', 'late 2']);
});

it('tells two who asked, each once, and nobody twice who asked for all', () => {
  const heard: string[] = [];
  events.subscribe(['call.digits', 'call.answered'], () => void heard.push('some'));
  events.subscribe('*', () => void heard.push('all'));
  digit(1);
  expect(heard).toEqual(['some', 'all']);
});

it('keeps what was said, to the letter', () => {
  const fact = events.publish('call.recording_failed', 'call:ü', { recording: 'r', part: 1, error: '磁盘已满 "quoted" \n line' });
  expect(events.of('call:ü')).toEqual([fact]);
});

it('has an identity of its own for each fact, and times as they were', () => {
  const all = Array.from({ length: 100 }, (_, i) => digit(i));
  expect(new Set(all.map((f) => f.id)).size).toBe(100);
  expect(events.since(0, 1000).map((f) => f.at)).toEqual(all.map((f) => f.at));
});

it('is the same after a restart in mid-day: whoever knows a number misses nothing and hears nothing twice', () => {
  [1, 2, 3].forEach(digit);
  const seen = events.since(0, 2).at(-1)?.seq ?? 0;
  const after = make();
  after.publish('call.answered', 'call:1', {});
  expect(after.since(seen, 100).map((f) => f.seq)).toEqual([3, 4]);
});

it('catches up in pieces: a backlog larger than one transaction is written whole', () => {
  let full = true;
  const flaky: Store = { ...store, transaction: (work) => {
    if (full) throw new StoreError('store.full', 'full', {});
    return store.transaction(work);
  } };
  events = createEvents({ store: flaky, log, now: () => (clock += 1), maxWaiting: 1000 });
  for (let i = 0; i < 900; i += 1) digit(i);
  full = false;
  digit(1);
  expect([events.waiting(), store.run(store.db.selectFrom('events').select('seq')).length]).toEqual([0, 901]);
});

describe('several facts at once', () => {
  it('are numbered, written and told in their order', () => {
    const told: string[] = [];
    events.subscribe('*', (fact) => void told.push(`${fact.seq} ${fact.type}`));
    events.publish('edge.back', 'edge', {});
    events.publishAll([
      { type: 'call.digits', subject: 'call:c1', data: { digits: '1' } },
      { type: 'call.language_set', subject: 'call:c1', data: { language: 'en' } },
    ]);
    expect(told).toEqual(['1 edge.back', '2 call.digits', '3 call.language_set']);
    expect(events.since(0, 10).map((f) => [f.seq, f.type])).toEqual([[1, 'edge.back'], [2, 'call.digits'], [3, 'call.language_set']]);
    expect(new Set(events.since(0, 10).map((f) => f.id)).size).toBe(3);
  });

  it('may be none', () => {
    let ran = false;
    expect(events.publishAnyway([], () => (ran = true))).toBe(false);
    expect([events.last(), ran]).toEqual([0, false]);
    expect(events.publishAll([], () => (ran = true))).toBe(true);
    expect([events.last(), ran]).toEqual([0, true]);
  });

  const two = [{ type: 'edge.back', subject: 'edge', data: {} }, { type: 'edge.back', subject: 'edge', data: {} }] as const;
  /** A disk that is full whenever `full` says so, for facts and for everything else. */
  const disk = (full: () => boolean): Store => ({
    ...store,
    transaction(work) {
      if (full()) throw new StoreError('store.full', 'full', {});
      return store.transaction(work);
    },
  });

  it('take what belongs to them along: on disk together, or nothing has happened and nobody is told', () => {
    const noted: (string | undefined)[] = [];
    let full = false;
    events = make(disk(() => full));
    events.subscribe('*', () => void noted.push(store.getMeta('note')));
    expect(events.publishAll(two, () => store.setMeta('note', 'yes'))).toBe(true);
    full = true;
    expect(events.publishAll(two, () => store.setMeta('note', 'no'))).toBe(false);
    expect([store.getMeta('note'), events.waiting(), events.last(), noted]).toEqual(['yes', 0, 2, ['yes', 'yes']]);
    full = false;
    expect([events.publishAll(two, () => store.setMeta('note', 'again')), events.last(), noted.length]).toEqual([true, 4, 4]);
    expect(logged).toEqual(['a change was refused: the database takes no writes', 'the database takes facts again']);
  });

  it('come after those that wait for the disk, and wait with them where they have happened anyway', () => {
    let full = true;
    events = make(disk(() => full));
    events.publish('edge.back', 'edge', {});
    expect([events.publishAll(two, () => store.setMeta('note', 'no')), events.publishAnyway(two, () => store.setMeta('note', 'no')), events.waiting()]).toEqual([false, false, 3]);
    full = false;
    expect(events.publishAll(two, () => store.setMeta('note', 'yes'))).toBe(true);
    expect([store.getMeta('note'), events.waiting(), events.since(0, 10).map((f) => f.seq)]).toEqual(['yes', 0, [1, 2, 3, 4, 5]]);
  });
});
