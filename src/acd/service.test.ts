import { beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../store/index.js';
import type { Clock } from './clock.js';
import type { AgentId, ContactId, NewContact, Offer, QueueId } from './engine/index.js';
import { ContactKnown, NoSuchAgent, NoSuchQueue, NotRegistered, StateNotSettable } from './errors.js';
import { agentMemory, type AgentMemory } from './memory.js';
import type { Carrier } from './ports.js';
import { createAcd } from './service.js';
import { acdSetup } from './setup.js';

function testClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  let alarms: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    wall: () => Date.UTC(2026, 0, 1) + now,
    after(ms, run) {
      const alarm = { at: now + ms, run };
      alarms.push(alarm);
      return () => void (alarms = alarms.filter((a) => a !== alarm));
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const due = alarms.filter((a) => a.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        alarms = alarms.filter((a) => a !== due);
        now = due.at;
        due.run();
      }
      now = until;
    },
  };
}

const memoryless = (): AgentMemory => ({ recall: () => new Map(), remember: () => undefined });
const contact = (id: string): NewContact => ({ id: id as ContactId, queue: 'support' as QueueId, subject: `call:${id}` });
const agentId = (id: string): AgentId => id as AgentId;

/** The queue room with a carrier of tin cans: proof that it knows no channel. */
function office(change: { carrier?: Partial<Carrier>; memory?: AgentMemory; publish?: () => void } = {}) {
  const clock = testClock();
  const did: string[] = [];
  const offers: Offer[] = [];
  const errors: string[] = [];
  const carrier: Carrier = {
    offer: (o) => (offers.push(o), void did.push(`offer ${o.agent}←${o.contact}`)),
    withdraw: (o, why) => void did.push(`withdraw ${o.agent}←${o.contact} ${why}`),
    connect: (o) => void did.push(`connect ${o.agent}←${o.contact}`),
    announce: (c, { position }) => void did.push(`announce ${c} ${position}`),
    dismiss: (c) => void did.push(`dismiss ${c}`),
    ...change.carrier,
  };
  const setup = {
    ...acdSetup({
      queues: [{ name: 'support', strategy: 'longest_idle', offerMs: 15_000, wrapUpMs: 0, maxUnanswered: 2, music: undefined, announcePositionMs: 20_000 }],
      agents: ['lin', 'omar'].map((id) => ({ id, name: id, extension: id, queues: ['support'], onRegister: 'available' })),
    }),
  };
  const facts: string[] = [];
  const acd = createAcd({
    setup, carrier, memory: change.memory ?? memoryless(), clock,
    publish: change.publish ?? ((type, subject) => void facts.push(`${type} ${subject}`)), log: { error: (_f, message) => void errors.push(message) },
  });
  return { acd, clock, did, offers, errors, facts, setup };
}

describe('the queue room', () => {
  it('rings, waits 15 s, rings the next one, and tells an answer in time from one too late', () => {
    const { acd, clock, did, offers } = office();
    acd.reachable(agentId('lin'), true);
    acd.reachable(agentId('omar'), true);
    acd.enqueue(contact('c1'));
    clock.advance(15_000);
    expect(acd.accepted(offers[0]!.id)).toBe('too_late');
    expect(acd.accepted(offers[1]!.id)).toBe('connect');
    expect(acd.accepted(offers[1]!.id)).toBe('too_late');
    expect(did).toEqual(['offer lin←c1', 'withdraw lin←c1 timed_out', 'offer omar←c1', 'connect omar←c1']);
  });

  it('tells the place in time and sleeps when nothing is to be done', () => {
    const { acd, clock, did } = office();
    acd.enqueue(contact('c1'));
    clock.advance(60_000);
    expect(did).toEqual(['announce c1 1', 'announce c1 1']);
    acd.leave('c1' as ContactId, 'abandoned');
    expect(acd.timers()).toBe(0);
  });

  it('decides at once even when asked from inside an effect, and keeps the order of effects', () => {
    const verdicts: string[] = [];
    const { acd, did } = office({ carrier: { offer: (o) => (did.push(`offer ${o.agent}`), void verdicts.push(acd.accepted(o.id), acd.accepted(o.id))) } });
    acd.reachable(agentId('lin'), true);
    acd.enqueue(contact('c1'));
    expect(verdicts).toEqual(['connect', 'too_late']);
    expect(did).toEqual(['offer lin', 'connect lin←c1']);
  });

  it('survives a carrier that throws: the offer counts as unreachable and the next agent is tried', () => {
    const { acd, did, errors } = office({ carrier: { offer: (o) => { did.push(`offer ${o.agent}`); if (o.agent === agentId('lin')) throw new Error('no line'); } } });
    acd.reachable(agentId('lin'), true);
    acd.reachable(agentId('omar'), true);
    acd.enqueue(contact('c1'));
    expect(did).toEqual(['offer lin', 'offer omar']);
    expect(errors).toHaveLength(1);
  });

  it('goes on when facts cannot be published', () => {
    const { acd, did, errors } = office({ publish: () => { throw new Error('disk full'); } });
    acd.reachable(agentId('lin'), true);
    acd.enqueue(contact('c1'));
    expect(did).toEqual(['offer lin←c1']);
    expect(errors.length).toBeGreaterThan(0);
  });

  it('dismisses who waits in a queue that was removed', () => {
    const { acd, did, setup } = office();
    acd.enqueue(contact('c1'));
    acd.configure({ ...setup, queues: [] });
    expect(did.at(-1)).toBe('dismiss c1');
    expect(() => acd.enqueue(contact('c2'))).toThrow(NoSuchQueue);
  });

  it('sets no alarm any more once it is closed', () => {
    const { acd, clock, did } = office();
    acd.enqueue(contact('c1'));
    acd.close();
    clock.advance(100_000);
    expect(did).toEqual(['announce c1 1']);
  });
});

describe('states', () => {
  it('are refused by name when they cannot be had', () => {
    const { acd } = office();
    expect(() => acd.setState(agentId('lin'), 'available')).toThrow(NotRegistered);
    expect(() => acd.setState(agentId('nobody'), 'away')).toThrow(NoSuchAgent);
    acd.reachable(agentId('lin'), true);
    expect(() => acd.setState(agentId('lin'), 'talking')).toThrow(StateNotSettable);
    expect(acd.setState(agentId('lin'), 'away', 'lunch')).toMatchObject({ state: 'away', reason: 'lunch', next: null });
  });

  it('may be given up without a phone', () => {
    expect(office().acd.setState(agentId('lin'), 'offline').state).toBe('offline');
  });

  it('say what comes next while the agent is busy, with whom, and since when', () => {
    const { acd, clock, offers } = office();
    acd.reachable(agentId('lin'), true);
    acd.enqueue(contact('c1'));
    clock.advance(5_000);
    acd.accepted(offers[0]!.id);
    expect(acd.setState(agentId('lin'), 'away', 'lunch')).toEqual({
      id: 'lin', name: 'lin', state: 'talking', reason: null, next: 'away', since: '2026-01-01T00:00:05.000Z', reachable: true, queues: ['support'], contact: 'c1',
    });
    acd.released('c1' as ContactId);
    expect(acd.agent(agentId('lin'))).toMatchObject({ state: 'away', reason: 'lunch', contact: null });
  });

  it('name the reason for being offline', () => {
    expect(office().acd.agents().map((a) => [a.state, a.reason])).toEqual([['offline', 'not_registered'], ['offline', 'not_registered']]);
  });
});

describe('a queue seen from outside', () => {
  it('counts who waits, agents by state, and the longest wait', () => {
    const { acd, clock } = office();
    acd.reachable(agentId('lin'), true);
    acd.setState(agentId('lin'), 'training');
    acd.enqueue(contact('c1'));
    clock.advance(3_000);
    acd.enqueue(contact('c2'));
    expect(acd.queue('support' as QueueId)).toEqual({
      id: 'support', name: 'support', waiting: 2, longestWaitMs: 3_000,
      agents: { offline: 1, available: 0, ringing: 0, talking: 0, wrap_up: 0, away: 0, training: 1 },
    });
    expect(acd.queues()).toHaveLength(1);
    expect(() => acd.queue('sales' as QueueId)).toThrow(NoSuchQueue);
    expect(() => acd.enqueue(contact('c1'))).toThrow(ContactKnown);
  });
});

describe('a restart', () => {
  let store: Awaited<ReturnType<typeof openStore>>;
  beforeEach(async () => void (store = await openStore({ path: ':memory:' })));

  it('leaves agents in the state they chose, once their phones are back', () => {
    const before = office({ memory: agentMemory(store) }).acd;
    before.reachable(agentId('lin'), true);
    before.setState(agentId('lin'), 'away', 'lunch');
    const after = office({ memory: agentMemory(store) }).acd;
    expect(after.agent(agentId('lin')).state).toBe('offline');
    after.reachable(agentId('lin'), true);
    expect(after.agent(agentId('lin'))).toMatchObject({ state: 'away', reason: 'lunch' });
  });

  it('does not forget who was put away for not answering', () => {
    const { acd, clock } = office({ memory: agentMemory(store) });
    acd.reachable(agentId('lin'), true);
    acd.enqueue(contact('c1'));
    clock.advance(30_000);
    expect(agentMemory(store).recall().get(agentId('lin'))).toEqual({ state: 'away', reason: 'no_answer' });
  });

  it('ignores what is no choice: work that was going on is over', () => {
    store.change(store.db.insertInto('agents').values({ id: 'lin', state: 'talking', reason: null, state_since: 0, idle_since: 0, unanswered: 0, call_id: null }));
    expect(agentMemory(store).recall().size).toBe(0);
  });
});
