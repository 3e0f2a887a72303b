import { beforeEach, describe, expect, it } from 'vitest';
import { openStore, StoreError, type Store } from '../store/index.js';
import { createJournal, type Journal, type JournalOptions, type Trace } from './journal.js';
import { contactId, testClock, type TestClock } from './office.fixture.js';

let store: Store;
let clock: TestClock;
let refuses: boolean;
const logged: string[] = [];
const log = { error: (_fields: object, message: string) => void logged.push(message) };
const HOUR = 3_600_000;

beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  clock = testClock();
  refuses = false;
  logged.length = 0;
});
const full = (): never => {
  throw new StoreError('store.full', 'the disk is full', {});
};
const open = (options: Partial<JournalOptions> = {}): Journal => {
  const guarded: Store = { ...store, change: (q) => (refuses ? full() : store.change(q)), transaction: (work) => (refuses ? full() : store.transaction(work)) };
  return createJournal({ store: guarded, log, clock, saveEvery: 3, retryMs: 1_000, ...options });
};
const text = '{"type":"time.passed"}';
const write = (journal: Journal, ...at: number[]): void => at.forEach((ms) => journal.append(ms, text, []));
const onDisk = (table: 'acd_log' | 'acd_snapshots'): number[] => store.run(store.db.selectFrom(table).select('seq').orderBy('seq')).map((r) => r.seq);
const trace = (contact: string, last: number): Trace => ({ contact: contactId(contact), subject: `call:${contact}`, agent: null, first: 1, decided: 1, last });

describe('the log', () => {
  it('has an event on disk when it says so, and goes on where it stopped', () => {
    const journal = open();
    write(journal, 10, 20.5);
    expect(onDisk('acd_log')).toEqual([1, 2]);
    const again = open();
    expect([again.next(), again.lastAt()]).toEqual([3, 20.5]);
    expect([...again.events(0, 2)]).toEqual([{ seq: 1, at: 10, event: { type: 'time.passed' } }, { seq: 2, at: 20.5, event: { type: 'time.passed' } }]);
  });

  it('knows nothing when it is new', () => {
    const journal = open();
    expect([journal.next(), journal.lastAt(), [...journal.events(0, 9)], [...journal.saved(9)]]).toEqual([1, undefined, [], []]);
  });

  it('reads page by page what is longer than a page', () => {
    const journal = open();
    write(journal, ...Array.from({ length: 1_203 }, (_, i) => i));
    expect([...journal.events(100, 1_202)].map((e) => e.seq)).toEqual(Array.from({ length: 1_102 }, (_, i) => i + 101));
  });

  it('finds those who are gone by their own name and by their call', () => {
    const journal = open();
    journal.append(1, text, [trace('c1', 1)]);
    journal.append(2, text, [trace('c2', 2)]);
    expect(journal.trace(contactId('c1'))).toEqual(trace('c1', 1));
    expect(journal.tracesOf('call:c2')).toEqual([trace('c2', 2)]);
    expect(journal.trace(contactId('c3'))).toBeUndefined();
  });
});

describe('saved states', () => {
  it('are due after so many events, and not before as much was logged as the last one holds', () => {
    const journal = open();
    write(journal, 1, 2);
    expect(journal.due()).toBe('no');
    write(journal, 3);
    expect(journal.due()).toBe('soon');
    journal.save(3, 3, 'x'.repeat(5 * text.length));
    write(journal, 4, 5, 6);
    expect(journal.due()).toBe('no');
    write(journal, 7, 8);
    expect(journal.due()).toBe('soon');
  });

  it('are found newest first, up to an event', () => {
    const journal = open();
    for (const at of [1, 2, 3]) {
      write(journal, at);
      journal.save(at, at, `state ${at}`);
    }
    expect([...journal.saved(2)].map((s) => s.text)).toEqual(['state 2', 'state 1']);
  });

  it('let what is older than is kept go, in small steps, but for the last one before', () => {
    const journal = open({ keepMs: 48 * HOUR });
    for (let hour = 0; hour <= 100; hour += 1) {
      write(journal, ...Array.from({ length: 30 }, (_, i) => hour * HOUR + i));
      if (hour % 10 === 0) journal.save(journal.next() - 1, hour * HOUR, 'state');
    }
    expect(onDisk('acd_log').length).toBeGreaterThan(3_000);
    clock.advance(10_000);
    // Of hour 100, 48 hours back is hour 52: the state of hour 50 is needed for it.
    expect(onDisk('acd_snapshots')[0]).toBe(51 * 30);
    expect(onDisk('acd_log')[0]).toBe(51 * 30 + 1);
  });

  it('take the traces of those with them who cannot be explained any more', () => {
    const journal = open({ keepMs: 0 });
    journal.append(1, text, [trace('c1', 1)]);
    journal.append(2, text, []);
    journal.save(2, 2, 'state');
    journal.append(3, text, [trace('c2', 3)]);
    clock.advance(10_000);
    expect([journal.trace(contactId('c1')), journal.trace(contactId('c2'))?.last]).toEqual([undefined, 3]);
  });
});

describe('a disk that refuses', () => {
  it('stops nobody: what waits is known all the same, and is written in order when it can be', () => {
    const journal = open();
    write(journal, 1);
    refuses = true;
    journal.append(2, text, [trace('c1', 2)]);
    write(journal, 3);
    expect([journal.waiting(), onDisk('acd_log')]).toEqual([2, [1]]);
    expect([...journal.events(0, 3)].map((e) => e.seq)).toEqual([1, 2, 3]);
    expect([journal.trace(contactId('c1'))?.last, journal.tracesOf('call:c1').length]).toEqual([2, 1]);
    clock.advance(5_000);
    refuses = false;
    clock.advance(1_000);
    expect([journal.waiting(), onDisk('acd_log')]).toEqual([0, [1, 2, 3]]);
    expect(journal.trace(contactId('c1'))?.last).toBe(2);
    expect(logged).toEqual(['what the queues decide cannot be written and waits in memory', 'the database takes what the queues decide again']);
  });

  it('is not asked at every event: one that is slow to refuse would hold up everybody', () => {
    const journal = open();
    refuses = true;
    write(journal, 1, 2, 3, 4);
    refuses = false;
    write(journal, 5);
    expect([journal.waiting(), onDisk('acd_log')]).toEqual([5, []]);
  });

  it('is tried once more at the end', () => {
    const journal = open();
    refuses = true;
    write(journal, 1, 2);
    refuses = false;
    journal.close();
    expect(onDisk('acd_log')).toEqual([1, 2]);
  });

  it('for too long: what waits is given up, and nothing is written after the gap before a state closes it', () => {
    const journal = open({ maxWaiting: 3 });
    write(journal, 1);
    refuses = true;
    write(journal, 2, 3, 4, 5, 6);
    expect(journal.waiting()).toBeGreaterThan(0);
    expect(journal.due()).toBe('no');
    clock.advance(1_000);
    expect(journal.due()).toBe('at once');
    journal.save(6, 6, 'too early');
    expect(journal.due()).toBe('no');
    refuses = false;
    write(journal, 7);
    expect(onDisk('acd_log')).toEqual([1]);
    clock.advance(1_000);
    journal.save(6, 6, 'too old');
    expect(journal.due()).toBe('at once');
    journal.save(7, 7, 'state 7');
    write(journal, 8);
    expect([onDisk('acd_log'), onDisk('acd_snapshots'), journal.waiting()]).toEqual([[1, 8], [7], 0]);
    expect(open().next()).toBe(9);
  });

  it('does not swallow faults that are ours', () => {
    const journal = createJournal({ store: { ...store, change: () => { throw new TypeError('ours'); } }, log, clock });
    expect(() => write(journal, 1)).toThrow(TypeError);
  });
});
