import { beforeEach, describe, expect, it } from 'vitest';
import { createEvents, type Events, type NewFact } from '../events/index.js';
import { openStore, StoreError, type Store } from '../store/index.js';
import { agentId, contactId, office as officeOf, testClock, type Office } from './office.fixture.js';

let store: Store;
let guarded: Store;
let events: Events;
let full = false;
const refuse = <T>(): T => {
  throw new StoreError('store.full', 'the disk is full', {});
};
beforeEach(async () => {
  full = false;
  store = await openStore({ path: ':memory:' });
  guarded = { ...store, change: (q) => (full ? refuse() : store.change(q)), transaction: (work) => (full ? refuse() : store.transaction(work)) };
  events = createEvents({ store: guarded, log: { error: () => undefined } });
});
const rows = (table: 'acd_log' | 'events'): number => store.run(store.db.selectFrom(table).select('seq')).length;
const office = (over = guarded): Office => officeOf({ store: over, clock: testClock(), options: { publish: (facts, alongside) => events.publishAnyway(facts as unknown as NewFact[], alongside) } });

describe('log and facts of one decision', () => {
  it('are on disk together, before anybody acts or hears of it', () => {
    const seen: number[][] = [];
    const room = office();
    events.subscribe(['call.queued'], () => void seen.push([rows('acd_log'), rows('events')]));
    const before = [rows('acd_log'), rows('events')];
    room.join('c1');
    expect(seen).toEqual([[before[0]! + 1, before[1]! + 1]]);
  });

  it('what hears of a fact may tell the queue something at once, and effects keep their order', () => {
    const room = office();
    events.subscribe(['call.queued'], (fact) => {
      if (fact.subject === 'call:c1') room.come('lin');
    });
    room.join('c1');
    expect(room.did).toEqual(['offer lin←c1']);
    expect(events.since(0, 10).map((f) => f.type)).toEqual(['call.queued', 'agent.state_changed', 'agent.state_changed', 'call.offered']);
    expect(room.restart().acd.contacts().map((c) => c.id)).toEqual(['c1']);
  });
});

describe('while the disk takes nothing', () => {
  it('callers are served, and all of it is written later, in order', () => {
    const room = office();
    room.come('lin');
    const before = rows('acd_log');
    full = true;
    room.join('c1');
    room.answer('lin');
    room.acd.released(contactId('c1'));
    expect(room.did).toEqual(['offer lin←c1', 'connect lin←c1']);
    expect([room.acd.waitingWrites(), rows('acd_log')]).toEqual([4, before]);
    expect(room.acd.why(contactId('c1'))).toMatchObject({ state: 'gone', agent: 'lin' });
    full = false;
    room.clock.advance(1_000);
    expect([room.acd.waitingWrites(), rows('acd_log')]).toEqual([0, before + 4]);
    expect(room.restart().acd.agent(agentId('lin')).contact).toBeNull();
  });

  it('a program that dies then has what was written before, and nothing of it twice', () => {
    const room = office();
    room.join('c1');
    full = true;
    room.join('c2');
    full = false;
    const after = room.restart();
    expect(after.acd.contacts().map((c) => c.id)).toEqual(['c1']);
    after.join('c3');
    expect(after.restart().acd.contacts().map((c) => c.id)).toEqual(['c1', 'c3']);
  });

  it('a log that cannot be written alone does not keep the facts from being told', () => {
    const told: string[] = [];
    const room = officeOf({ store: guarded, clock: testClock(), options: { publish: (facts) => (told.push(...facts.map((f) => f.type)), false) } });
    full = true;
    room.join('c1');
    expect([told, room.acd.waitingWrites()]).toEqual([['call.queued'], 1]);
  });
});
