import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/index.js';
import { agentId, agentSetup, contactId, dovecote, office as officeOf, pigeon, queueId, queueSetup, setupOf, testClock, type Office, type OfficeOptions } from './office.fixture.js';
import { formerChoices } from './memory.js';
import { NoSuchContact } from './errors.js';

let store: Store;
beforeEach(async () => void (store = await openStore({ path: ':memory:' })));
const office = (change: Partial<OfficeOptions> = {}): Office => officeOf({ store, ...change });
const by = 'phone:1001';

describe('after a restart', () => {
  it('agents are in the state they chose, once their phones are back', () => {
    const before = office();
    before.come('lin', 'omar');
    before.acd.setState(agentId('lin'), 'away', { reason: 'lunch', by });
    const { acd, come } = before.restart();
    expect(acd.agents().map((a) => [a.state, a.reason])).toEqual([['offline', 'not_registered'], ['offline', 'not_registered']]);
    come('lin', 'omar');
    expect(acd.agents().map((a) => [a.state, a.reason])).toEqual([['away', 'lunch'], ['available', null]]);
  });

  it('it is not forgotten who was put away for not answering', () => {
    const before = office({ setup: setupOf({ queues: [queueSetup('support', { maxUnanswered: 1 })] }) });
    before.come('lin');
    before.join('c1');
    before.clock.advance(15_000);
    const { acd, come } = before.restart();
    come('lin');
    expect(acd.agent(agentId('lin'))).toMatchObject({ state: 'away', reason: 'no_answer' });
  });

  it('waiting callers who are still there keep place, priority and time', () => {
    const before = office();
    before.join('c1');
    before.clock.advance(10_000);
    before.join('c2', { priority: 9 });
    before.join('c3');
    const seen = before.acd.contacts(queueId('support'));
    before.birds.delete(contactId('c3'));
    before.clock.advance(5_000);
    const { acd, facts } = before.restart();
    expect(acd.contacts(queueId('support'))).toEqual(seen.filter((c) => c.id !== 'c3').map((c) => ({ ...c, waitedMs: c.waitedMs + 5_000 })));
    expect(facts).toContainEqual({ type: 'call.left_queue', subject: 'call:c3', data: { queue: 'support', why: 'failed', waited_ms: 0 } });
  });

  it('an agent stays with the caller whose bridge lives on, and is free when it ends', () => {
    const before = office();
    before.come('lin');
    before.join('c1');
    before.answer('lin');
    const { acd, come } = before.restart();
    expect(acd.agent(agentId('lin'))).toMatchObject({ state: 'talking', contact: 'c1' });
    come('lin');
    acd.released(contactId('c1'));
    expect(acd.agent(agentId('lin')).state).toBe('available');
  });

  it('an agent whose caller is gone is free at once', () => {
    const before = office();
    before.come('lin');
    before.join('c1');
    before.answer('lin');
    before.birds.clear();
    const { acd, come } = before.restart();
    come('lin');
    expect(acd.agent(agentId('lin')).state).toBe('available');
    expect(acd.contacts()).toEqual([]);
  });

  it('what rang is taken back, counts against nobody, and rings anew when the phones are back', () => {
    const before = office({ setup: setupOf({ queues: [queueSetup('support', { maxUnanswered: 1 })] }) });
    before.come('lin', 'omar');
    before.join('c1');
    before.did.length = 0;
    before.clock.advance(5_000);
    const old = before.offerTo('lin');
    before.clock.setWall(before.clock.wall() + 3_600_000); // an hour in which nothing ran
    const { acd, did, come, answer } = before.restart();
    expect(did).toEqual(['withdraw lin←c1 agent_unreachable']);
    expect(acd.accepted(old.id)).toBe('too_late');
    come('omar', 'lin');
    expect(did).toEqual(['withdraw lin←c1 agent_unreachable', 'offer omar←c1']);
    answer('omar');
    expect(acd.agent(agentId('lin')).state).toBe('available');
  });

  it('a bridge in the making that never stands puts the caller back when its time is up', () => {
    const before = office();
    before.come('lin');
    before.join('c1');
    before.acd.accepted(before.offerTo('lin').id);
    const { acd, clock, did } = before.restart();
    expect(acd.contact(contactId('c1')).state).toBe('connecting');
    clock.advance(10_000);
    expect(did.at(-1)).toBe('drop lin←c1');
    expect(acd.contact(contactId('c1')).state).toBe('waiting');
  });

  it('people to be called back are not asked for: nobody holds their line', () => {
    const before = office();
    before.join('c1');
    before.acd.callBack(contactId('c1'));
    before.acd.enqueue(pigeon('c2', { callback: true, notBefore: before.clock.wall() + 60_000 }));
    before.birds.clear();
    const { acd, clock, come, did, answer } = before.restart();
    expect(acd.contacts().map((c) => c.state)).toEqual(['waiting', 'scheduled']);
    come('lin', 'omar');
    answer('lin');
    clock.advance(60_000);
    expect(did.filter((d) => d.startsWith('offer'))).toEqual(['offer lin←c1', 'offer omar←c2']);
  });

  it('settings changed meanwhile hold, and who leaves the settings and comes back has the old state', () => {
    const before = office();
    before.come('lin');
    before.acd.setState(agentId('lin'), 'training', { by });
    const without = before.restart({ setup: setupOf({ agents: [agentSetup('omar')] }) });
    expect(without.acd.agents().map((a) => a.id)).toEqual(['omar']);
    const { acd, come } = without.restart({ setup: setupOf() });
    come('lin');
    expect(acd.agent(agentId('lin')).state).toBe('training');
  });

  it('time goes on where the log ended when the clock of the machine was put back', () => {
    const before = office();
    before.clock.advance(60_000);
    before.join('c1');
    before.clock.setWall(Date.UTC(2020, 0, 1));
    const { acd, clock, join } = before.restart();
    clock.advance(1_000);
    join('c2');
    expect(acd.contacts().map((c) => [c.id, c.waitedMs])).toEqual([['c1', 1_000], ['c2', 0]]);
  });

  it('states are taken over once from the table where they used to be kept', () => {
    const row = { reason: 'lunch', state_since: 0, idle_since: 0, unanswered: 0, call_id: null };
    store.change(store.db.insertInto('agents').values([{ id: 'lin', state: 'away', ...row }, { id: 'omar', state: 'talking', ...row }]));
    const options = { former: () => formerChoices(store) };
    const before = office({ options });
    before.come('lin', 'omar');
    expect(before.acd.agents().map((a) => a.state)).toEqual(['away', 'available']);
    before.acd.setState(agentId('lin'), 'available', { by });
    const { acd, come } = before.restart({ options });
    come('lin');
    expect(acd.agent(agentId('lin')).state).toBe('available');
  });

  it('an engine saved at the end is there without its log', () => {
    const before = office();
    before.join('c1');
    before.acd.close();
    store.change(store.db.deleteFrom('acd_log'));
    expect(before.restart().acd.contacts().map((c) => c.id)).toEqual(['c1']);
  });

  it('a state saved little by little is that of the moment when it was begun', () => {
    const clock = testClock();
    let reads = 0;
    const slow = { ...clock, now: () => clock.now() + (reads += 1) * 3 }; // every look at the clock takes 3 ms
    const before = office({ clock: slow, journal: { saveEvery: 4 } });
    for (let i = 0; i < 900; i += 1) before.join(`c${i}`);
    for (let i = 0; i < 50; i += 1) {
      clock.advance(1);
      before.acd.leave(contactId(`c${i}`), 'abandoned');
    }
    clock.advance(5_000);
    store.change(store.db.deleteFrom('acd_log').where('seq', '<=', store.run(store.db.selectFrom('acd_snapshots').select((e) => e.fn.max('seq').as('seq')))[0]?.seq ?? 0));
    expect(before.restart().acd.contacts()).toHaveLength(850);
  });

  it('a saved state that cannot be read costs time only', () => {
    const before = office({ journal: { saveEvery: 3 } });
    before.join('c1');
    before.clock.advance(1);
    before.join('c2');
    before.clock.advance(1);
    store.change(store.db.updateTable('acd_snapshots').set({ state: '{"engine":' }));
    const { acd, errors } = before.restart();
    expect(acd.contacts().map((c) => c.id)).toEqual(['c1', 'c2']);
    expect(errors[0]).toContain('an older one is taken');
  });

  it('a log with a hole serves those who come, and says so', () => {
    const before = office();
    before.join('c1');
    before.join('c2');
    store.change(store.db.deleteFrom('acd_log').where('seq', '=', 2));
    const { acd, errors, join } = before.restart();
    join('c3');
    expect(acd.contacts().map((c) => c.id)).toEqual(['c3']);
    expect(errors).toHaveLength(1);
  });
});

describe('why, of those who are gone', () => {
  it('is what it was when it was decided', () => {
    const skilled = agentSetup('lin', { skills: { french: 9 } });
    const before = office({ setup: setupOf({ agents: [skilled, agentSetup('omar')] }) });
    before.come('omar');
    before.join('c1', { needs: [{ skill: 'french', level: 5 }] });
    before.clock.advance(7_000);
    before.come('lin');
    before.clock.advance(2_000);
    before.answer('lin');
    before.clock.advance(60_000);
    const whileTalking = before.acd.why(contactId('c1'));
    expect(whileTalking).toMatchObject({ state: 'connected', agent: 'lin', waitedMs: 7_000, waitsFor: 'nothing' });
    before.acd.released(contactId('c1'));
    for (const room of [before, before.restart()]) {
      const then = room.acd.why(contactId('c1'));
      expect(then).toMatchObject({ state: 'gone', agent: 'lin', waitedMs: 7_000 });
      expect(then.queues[0]?.candidates.map((c) => [c.agent, c.why])).toEqual([['lin', 'chosen'], ['omar', 'skill_missing']]);
    }
  });

  it('tells of one who gave up what it was waiting for', () => {
    const room = office();
    room.join('c1');
    room.clock.advance(30_000);
    expect(room.acd.why(contactId('c1'))).toMatchObject({ state: 'waiting', waitedMs: 30_000 });
    room.acd.leave(contactId('c1'), 'abandoned');
    expect(room.acd.why(contactId('c1'))).toMatchObject({ state: 'gone', agent: null, waitedMs: 30_000, queues: [{ position: 1 }] });
  });

  it('is found by the call, in the order of its waits', () => {
    const room = office();
    room.join('c1', { subject: 'call:7' });
    room.acd.leave(contactId('c1'), 'exit');
    room.join('c2', { subject: 'call:7' });
    expect(room.acd.contactsOf('call:7')).toEqual(['c1', 'c2']);
    expect(room.acd.contactsOf('call:8')).toEqual([]);
  });

  it('says when nothing is known: never there, sent on at once, or too long ago', () => {
    const room = office({ setup: setupOf({ queues: [queueSetup('support', { maxWaiting: 1 })] }), journal: { keepMs: 0, saveEvery: 1_000_000 } });
    room.join('c1');
    room.join('c2');
    room.acd.leave(contactId('c1'), 'abandoned');
    expect(() => room.acd.why(contactId('c9'))).toThrow(NoSuchContact);
    expect(() => room.acd.why(contactId('c2'))).toThrow(/sent elsewhere the moment it came/);
    room.acd.close();
    store.change(store.db.deleteFrom('acd_log'));
    expect(() => room.restart().acd.why(contactId('c1'))).toThrow(NoSuchContact);
  });
});

type Act = (room: Office) => void;
const contacts = ['c1', 'c2', 'c3', 'c4'];
const agents = ['lin', 'omar', 'ada'];
const act = fc.oneof(
  fc.tuple(fc.constantFrom(...contacts), fc.integer({ min: 1, max: 10 })).map(([id, priority]): Act => (r) => {
    if (!r.birds.has(contactId(id))) r.join(id, { priority });
  }),
  fc.constantFrom(...contacts).map((id): Act => (r) => {
    r.acd.leave(contactId(id), 'abandoned');
    r.birds.delete(contactId(id));
  }),
  fc.constantFrom(...agents).map((id): Act => (r) => r.come(id)),
  fc.constantFrom(...agents).map((id): Act => (r) => r.acd.reachable(agentId(id), false)),
  fc.tuple(fc.constantFrom(...agents), fc.constantFrom('away' as const, 'available' as const)).map(([id, state]): Act => (r) => {
    if (r.acd.agent(agentId(id)).reachable) r.acd.setState(agentId(id), state, { by });
  }),
  fc.nat({ max: 20 }).map((n): Act => (r) => {
    const offer = r.offers.at(-1 - n);
    if (offer && r.acd.accepted(offer.id) === 'connect' && n % 3 > 0) r.acd.bridged(offer.contact);
  }),
  fc.nat({ max: 20 }).map((n): Act => (r) => r.offers.length > n && r.acd.declined(r.offers[n]!.id, 'busy')),
  fc.constantFrom(...contacts).map((id): Act => (r) => {
    if (r.acd.contacts().some((c) => c.id === id && c.state === 'connected')) r.birds.delete(contactId(id));
    r.acd.released(contactId(id));
  }),
  fc.constantFrom(1, 500, 15_000, 40_000).map((ms): Act => (r) => r.clock.advance(ms)),
);

describe('killed at any point', () => {
  const setup = setupOf({
    queues: [queueSetup('support', { wrapUp: { ms: 5_000, maxMs: 5_000 }, atOnce: [{ afterMs: 0, agents: 2 }] })],
    agents: agents.map((id) => agentSetup(id)),
  });

  it('a new program on the same database has those who wait in their places, agents in their states, and each offer settled once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), fc.array(act, { maxLength: 10 }), fc.constantFrom(2, 7, 1_000), fc.nat({ max: 100_000 }), async (past, future, saveEvery, downMs) => {
        const own = await openStore({ path: ':memory:' });
        const ends = new Map<string, number>();
        const end = (id: string): void => void ends.set(id, (ends.get(id) ?? 0) + 1);
        const cote = dovecote({ withdraw: (o) => end(o.id), connect: (o) => end(o.id) });
        const before = officeOf({ store: own, setup, cote, clock: testClock(), journal: { saveEvery } });
        for (const one of past) one(before);
        const alive = before.acd.contacts();
        const chosen = before.acd.agents();
        const clock = testClock(before.clock.wall() + downMs);
        const after = officeOf({ store: own, setup, cote, clock, journal: { saveEvery }, asleep: true });
        // As the log has it, to the letter: the time apart, which nobody has told it yet.
        const timeless = (views: typeof alive) => views.map(({ waitedMs: _, ...rest }) => rest);
        expect(timeless(after.acd.contacts())).toEqual(timeless(alive));
        expect(after.acd.agents().map(({ id, state, reason }) => [id, state, reason])).toEqual(chosen.map(({ id, state, reason }) => [id, state, reason]));
        after.acd.resume();
        const still = after.acd.contacts();
        expect(still.map((c) => [c.id, c.priority, c.joinedAt])).toEqual(alive.map((c) => [c.id, c.priority, c.joinedAt]));
        expect(still.filter((c) => c.state === 'offered')).toEqual([]);
        for (const one of future) one(after);
        after.acd.agents().forEach((a) => after.acd.reachable(a.id, false));
        after.clock.advance(120_000);
        expect(after.acd.offers()).toBe(0);
        for (const [id, times] of ends) expect([id, times]).toEqual([id, 1]);
        await own.close();
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('also where the last words of the log are lost: nobody is served twice by what came after', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 25 }), fc.integer({ min: 1, max: 6 }), fc.array(act, { maxLength: 10 }), async (past, lost, future) => {
        const own = await openStore({ path: ':memory:' });
        const before = officeOf({ store: own, setup, journal: { saveEvery: 5 } });
        for (const one of past) one(before);
        const last = own.run(own.db.selectFrom('acd_log').select((e) => e.fn.max('seq').as('seq')))[0]?.seq ?? 0;
        own.change(own.db.deleteFrom('acd_log').where('seq', '>', last - lost));
        own.change(own.db.deleteFrom('acd_snapshots').where('seq', '>', last - lost));
        const known = [...before.offers];
        const after = before.restart();
        for (const offer of known) expect([offer.id, after.acd.accepted(offer.id)]).toEqual([offer.id, 'too_late']);
        for (const one of future) one(after);
        after.acd.agents().forEach((a) => after.acd.reachable(a.id, false));
        after.acd.contacts().forEach((c) => (after.acd.leave(c.id, 'abandoned')));
        after.clock.advance(120_000);
        expect([after.acd.offers(), after.acd.contacts(), after.acd.timers(), after.errors]).toEqual([0, [], 0, []]);
        await own.close();
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
