import { beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/index.js';
import { agentId, agentSetup, contactId, office as officeOf, queueId, queueSetup, setupOf, type Office } from './office.fixture.js';

let store: Store;
beforeEach(async () => void (store = await openStore({ path: ':memory:' })));
const by = 'api:test';
const memberOf = (...queues: string[]) => queues.map((q) => ({ queue: queueId(q), rank: 1, ring: 1 }));
const office = (): Office =>
  officeOf({
    store,
    setup: setupOf({
      queues: [queueSetup('support', { wrapUp: { ms: 5_000, maxMs: 5_000 } }), queueSetup('sales')],
      agents: [agentSetup('lin', { name: 'Lin', queues: memberOf('support', 'sales'), skills: { french: 3 } }), agentSetup('omar', { queues: memberOf('sales'), initial: 'away' })],
    }),
  });
const inSales = { queues: [queueId('sales')] as const };
const lin = agentId('lin');

describe('an agent on the wallboard', () => {
  it('is offline because the phone is not registered', () => {
    expect(office().acd.agent(lin)).toEqual({
      id: 'lin', name: 'Lin', state: 'offline', reason: 'not_registered', next: null, since: '2026-01-01T00:00:00.000Z', reachable: false, queues: ['support', 'sales'],
      skills: { french: 3 }, load: { pigeon: { now: 0, capacity: 1 } }, contact: null, contacts: [], wrapUpUntil: null,
    });
  });

  it('is offline by choice, for the reason given', () => {
    const { acd, come } = office();
    come('lin');
    expect(acd.setState(lin, 'offline', { reason: 'end of shift', by })).toMatchObject({ state: 'offline', reason: 'end of shift', reachable: true });
  });

  it('rings for a contact that is named, talks with it, and shows what comes next', () => {
    const { acd, come, join, answer } = office();
    come('lin');
    join('c1');
    expect(acd.agent(lin)).toMatchObject({ state: 'ringing', contact: 'c1', next: null });
    answer('lin');
    acd.setState(lin, 'training', { by });
    expect(acd.agent(lin)).toMatchObject({ state: 'talking', contact: 'c1', next: 'training', reason: null, load: { pigeon: { now: 1, capacity: 1 } } });
  });

  it('wraps up without a contact, until a time that is told', () => {
    const { acd, come, join, answer } = office();
    come('lin');
    join('c1');
    answer('lin');
    acd.released(contactId('c1'));
    expect(acd.agent(lin)).toMatchObject({ state: 'wrap_up', contact: null, next: null, wrapUpUntil: '2026-01-01T00:00:05.000Z' });
  });

  it('shows what it is after calls of its own, and they nest', () => {
    const { acd, come } = office();
    come('lin');
    acd.setState(lin, 'away', { reason: 'lunch', by });
    acd.engaged(lin, true);
    acd.engaged(lin, true);
    acd.engaged(lin, false);
    expect(acd.agent(lin)).toMatchObject({ state: 'talking', next: 'away', contact: null });
    acd.engaged(lin, false);
    expect(acd.agent(lin)).toMatchObject({ state: 'away', next: null });
  });
});

describe('a queue on the wallboard', () => {
  it('counts each agent in every queue served', () => {
    const { acd, come } = office();
    come('lin', 'omar');
    expect(acd.queues().map((q) => [q.id, q.agents.available, q.agents.away])).toEqual([['support', 1, 0], ['sales', 1, 1]]);
  });

  it('counts who is being offered among those who wait, and nobody whom an agent has', () => {
    const { acd, clock, come, join, answer } = office();
    come('lin');
    join('c1');
    clock.advance(500);
    join('c2');
    clock.advance(500);
    expect(acd.queue(queueId('support'))).toMatchObject({ waiting: 2, longestWaitMs: 1_000 });
    answer('lin');
    clock.advance(500);
    expect(acd.queue(queueId('support'))).toMatchObject({ waiting: 1, longestWaitMs: 1_000 });
  });

  it('finds the longest wait behind a caller of higher priority', () => {
    const { acd, clock, join } = office();
    join('c1', inSales);
    clock.advance(5_000);
    join('vip', { ...inSales, priority: 10 });
    clock.advance(4_000);
    expect(acd.queue(queueId('sales'))).toMatchObject({ waiting: 2, longestWaitMs: 9_000 });
    expect(acd.contacts(queueId('sales')).map((c) => [c.id, c.position, c.priority, c.waitedMs])).toEqual([['vip', 1, 10, 4_000], ['c1', 2, 5, 9_000]]);
    expect(acd.contacts().map((c) => c.id)).toEqual(['c1', 'vip']);
  });

  it('counts people to be called back among those who wait', () => {
    const { acd, join } = office();
    join('c1');
    acd.callBack(contactId('c1'));
    expect(acd.queue(queueId('support'))).toMatchObject({ waiting: 1, callbacks: 1 });
  });

  it('has no wait when nobody waits', () => expect(office().acd.queues()[0]).toMatchObject({ waiting: 0, longestWaitMs: 0 }));
});

describe('a contact', () => {
  it('shows where it stands, who has it, and since when it waits', () => {
    const { acd, clock, come, join, answer } = office();
    clock.advance(1_000);
    join('c1', { attributes: { tier: 'gold' }, queues: [queueId('support'), queueId('sales')] });
    expect(acd.contact(contactId('c1'))).toEqual({
      id: 'c1', subject: 'call:c1', channel: 'pigeon', queues: ['support', 'sales'], state: 'waiting', callback: false, position: 1, priority: 5, attributes: { tier: 'gold' },
      joinedAt: '2026-01-01T00:00:01.000Z', waitedMs: 0, agent: null,
    });
    come('lin');
    expect(acd.contact(contactId('c1'))).toMatchObject({ state: 'offered', agent: 'lin' });
    answer('lin');
    expect(acd.contact(contactId('c1'))).toMatchObject({ state: 'connected', agent: 'lin', position: null });
  });
});
