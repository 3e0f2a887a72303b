import { beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/index.js';
import { ContactKnown, EngineFault, NoCarrier, NoSuchAgent, NoSuchContact, NoSuchQueue, NotRegistered, NotWrappingUp, StateNotSettable } from './errors.js';
import { agentId, agentSetup, contactId, dovecote, office as officeOf, pigeon, queueId, queueSetup, setupOf, type Office, type OfficeOptions } from './office.fixture.js';
import type { Carrier } from './ports.js';

let store: Store;
beforeEach(async () => void (store = await openStore({ path: ':memory:' })));
const office = (change: Partial<OfficeOptions> = {}): Office => officeOf({ store, ...change });
const withCarrier = (carrier: Partial<Carrier>): Office => office({ cote: dovecote(carrier) });
const by = 'api:test';

describe('the queue room', () => {
  it('rings, waits 15 s, rings the next one, and tells an answer in time from one too late', () => {
    const { acd, clock, did, offers, come, join } = office();
    come('lin', 'omar');
    join('c1');
    clock.advance(15_000);
    expect(acd.accepted(offers[0]!.id)).toBe('too_late');
    expect(acd.accepted(offers[1]!.id)).toBe('connect');
    expect(acd.accepted(offers[1]!.id)).toBe('too_late');
    expect(did).toEqual(['offer lin←c1', 'withdraw lin←c1 timed_out', 'offer omar←c1', 'connect omar←c1']);
  });

  it('tells the place in time and sleeps when nothing is to be done', () => {
    const announce = { firstMs: 20_000, everyMs: 20_000, repeatMs: 40_000, position: true, expectedWait: false };
    const { acd, clock, did, join } = office({ setup: setupOf({ queues: [queueSetup('support', { announce })] }) });
    join('c1');
    clock.advance(60_000);
    expect(did).toEqual(['announce c1 1', 'announce c1 1']);
    acd.leave(contactId('c1'), 'abandoned');
    expect(acd.timers()).toBe(0);
  });

  it('decides at once even when asked from inside an effect, and keeps the order of effects', () => {
    const verdicts: string[] = [];
    const did: string[] = [];
    const cote = dovecote({ offer: (o) => (did.push(`offer ${o.agent}`), void verdicts.push(room.acd.accepted(o.id), room.acd.accepted(o.id))) }, did);
    const room = office({ cote });
    room.come('lin');
    room.join('c1');
    expect(verdicts).toEqual(['connect', 'too_late']);
    expect(did).toEqual(['offer lin', 'connect lin←c1']);
  });

  it('states what it decides, in order, before it acts', () => {
    const order: string[] = [];
    const cote = dovecote({}, order);
    const { come, join } = office({ cote, options: { publish: (news) => (order.push(...news.map((f) => f.type)), false) } });
    come('lin');
    join('c1');
    expect(order).toEqual(['agent.state_changed', 'call.queued', 'agent.state_changed', 'call.offered', 'offer lin←c1']);
  });

  it('names facts about a contact after what it is, whatever that be', () => {
    const { facts, join } = office();
    join('c1', { subject: 'message:42' });
    expect(facts.at(-1)).toMatchObject({ type: 'message.queued', subject: 'message:42' });
  });

  it('dismisses who waits in a queue that was removed', () => {
    const { acd, did, join } = office();
    join('c1');
    acd.configure(setupOf({ queues: [] }));
    expect(did.at(-1)).toBe('dismiss c1');
    expect(() => acd.enqueue(pigeon('c2'))).toThrow(NoSuchQueue);
  });

  it('takes a waiting contact elsewhere by key, and says so', () => {
    const { acd, did, join } = office({ setup: setupOf({ queues: [queueSetup('support', { exits: { '0': { to: 'extension', extension: '1001' } } })] }) });
    join('c1');
    expect([acd.pressed(contactId('c1'), '5'), acd.pressed(contactId('c1'), '0'), acd.pressed(contactId('c1'), '0')]).toEqual([false, true, false]);
    expect(did).toEqual(['divert c1 extension exit']);
  });

  it('keeps the place of who hangs up to be called back, and books for a time', () => {
    const { acd, clock, did, facts, come, join } = office();
    join('c1');
    join('c2');
    join('c3');
    acd.callBack(contactId('c1'));
    acd.callBack(contactId('c2'), clock.wall() + 600_000);
    expect(acd.contacts(queueId('support')).map((c) => [c.id, c.state, c.callback, c.position])).toEqual([['c1', 'waiting', true, 1], ['c3', 'waiting', false, 2]]);
    expect(acd.contact(contactId('c2'))).toMatchObject({ state: 'scheduled', position: null, joinedAt: '2026-01-01T00:10:00.000Z' });
    come('lin');
    expect(did).toEqual(['offer lin←c1']);
    expect(facts.filter((f) => f.type === 'call.callback_scheduled')).toHaveLength(2);
    expect(() => acd.callBack(contactId('c9'))).toThrow(NoSuchContact);
  });

  it('gives up a callback whose customer is never reached, and frees the agent each time', () => {
    const { acd, clock, did, come, join, offerTo } = office();
    join('c1');
    acd.callBack(contactId('c1'));
    come('lin');
    for (let tries = 0; tries < 3; tries += 1) {
      expect(acd.accepted(offerTo('lin').id)).toBe('connect');
      acd.unreached(contactId('c1'));
      expect(acd.agent(agentId('lin')).contact).toBeNull();
      clock.advance(60_000);
    }
    expect(did.at(-1)).toBe('dismiss c1');
    expect(acd.contacts()).toEqual([]);
  });

  it('sets no alarm any more once it is closed', () => {
    const announce = { firstMs: 20_000, everyMs: 20_000, repeatMs: 20_000, position: true, expectedWait: false };
    const { acd, clock, did, join } = office({ setup: setupOf({ queues: [queueSetup('support', { announce })] }) });
    join('c1');
    acd.close();
    clock.advance(100_000);
    expect(did).toEqual([]);
  });

  it('tells what other settings would do without doing it', () => {
    const { acd, join } = office({ setup: setupOf({ queues: [queueSetup('support', { required: [{ skill: 'french', level: 5 }] })] }) });
    join('c1');
    expect(acd.preview(setupOf())).toMatchObject({ waiting: 1 });
    expect(acd.setup().queues[0]?.required).toEqual([{ skill: 'french', level: 5 }]);
  });
});

describe('whatever breaks', () => {
  it('an offer that cannot be made counts as unreachable, and the next agent is tried', () => {
    const did: string[] = [];
    const { errors, come, join } = withCarrier({ offer: (o) => { did.push(`offer ${o.agent}`); if (o.agent === agentId('lin')) throw new Error('no line'); } });
    come('lin', 'omar');
    join('c1');
    expect(did).toEqual(['offer lin', 'offer omar']);
    expect(errors).toHaveLength(1);
  });

  it('a bridge that cannot be begun puts the contact back', () => {
    const { acd, come, join, offerTo } = withCarrier({ connect: () => { throw new Error('no line'); } });
    come('lin');
    join('c1');
    expect(acd.accepted(offerTo('lin').id)).toBe('connect');
    expect(acd.contact(contactId('c1')).state).toBe('waiting');
    expect(acd.agent(agentId('lin')).contact).toBeNull();
  });

  it('a contact that cannot be sent on is dismissed', () => {
    const { acd, did, errors, join } = withCarrier({ divert: () => { throw new Error('no way'); } });
    join('c1');
    acd.configure(setupOf({ queues: [queueSetup('support', { mode: 'emergency' })] }));
    expect(did).toEqual(['dismiss c1']);
    expect(errors).toHaveLength(1);
  });

  it('facts that cannot be published stop nobody', () => {
    const { did, errors, come, join } = office({ options: { publish: () => { throw new Error('disk full'); } } });
    come('lin');
    join('c1');
    expect(did).toEqual(['offer lin←c1']);
    expect(errors.length).toBeGreaterThan(0);
  });

  it('an engine that fails over one event goes on as if it had never come (P1)', () => {
    const { acd, clock, errors, come, join, offerTo } = office();
    come('lin');
    join('c1');
    let reads = 0;
    const poison = { get tier(): string { throw new Error('poison'); } };
    const slowPoison = { get tier(): string { if ((reads += 1) > 1) throw new Error('poison'); return 'gold'; } };
    expect(() => acd.enqueue(pigeon('c2', { attributes: poison }))).toThrow(EngineFault);
    acd.change(contactId('c1'), { attributes: slowPoison, priority: 9 });
    expect(acd.contact(contactId('c1'))).toMatchObject({ priority: 5, attributes: {} });
    expect(errors).toEqual(['the queue engine failed; it goes on without this event', 'the queue engine failed; it goes on without this event']);
    expect(acd.contacts().map((c) => c.id)).toEqual(['c1']);
    clock.advance(1_000);
    expect(acd.accepted(offerTo('lin').id)).toBe('connect');
  });
});

describe('commands that come twice or too late say how things stand (P49)', () => {
  it.each<[string, (room: Office) => void]>([
    ['leave', ({ acd }) => acd.leave(contactId('c1'), 'abandoned')],
    ['release', ({ acd }) => acd.released(contactId('c1'))],
    ['return', ({ acd }) => acd.returned(contactId('c1'))],
    ['bridge', ({ acd }) => acd.bridged(contactId('c1'))],
    ['unreached', ({ acd }) => acd.unreached(contactId('c1'))],
    ['change', ({ acd }) => acd.change(contactId('c1'), { priority: 9 })],
    ['decline', ({ acd, offers }) => acd.declined(offers[0]!.id, 'busy')],
  ])('%s of one that is gone changes nothing, and is not even logged', (_name, act) => {
    const room = office();
    room.come('lin');
    room.join('c1');
    room.acd.leave(contactId('c1'), 'abandoned');
    const before = [room.acd.agents(), store.run(store.db.selectFrom('acd_log').select('seq')).length];
    act(room);
    expect([room.acd.agents(), store.run(store.db.selectFrom('acd_log').select('seq')).length]).toEqual(before);
  });

  it('names the state in the error', () => {
    const { acd, come, join } = office();
    come('lin');
    join('c1');
    expect(() => acd.enqueue(pigeon('c1'))).toThrow(expect.objectContaining({ code: 'acd.contact_known', state: 'offered' }) as ContactKnown);
    expect(() => acd.extendWrapUp(agentId('lin'), 5_000)).toThrow(expect.objectContaining({ code: 'acd.not_wrapping_up', state: 'ringing' }) as NotWrappingUp);
    expect(() => acd.enqueue(pigeon('c2', { channel: 'smoke' }))).toThrow(NoCarrier);
    expect(() => acd.contact(contactId('c7'))).toThrow(NoSuchContact);
  });
});

describe('states', () => {
  it('are refused by name when they cannot be had', () => {
    const { acd, come } = office();
    expect(() => acd.setState(agentId('lin'), 'available', { by })).toThrow(NotRegistered);
    expect(() => acd.setState(agentId('nobody'), 'away', { by })).toThrow(NoSuchAgent);
    come('lin');
    expect(() => acd.setState(agentId('lin'), 'talking', { by })).toThrow(StateNotSettable);
    expect(acd.setState(agentId('lin'), 'away', { reason: 'lunch', by })).toMatchObject({ state: 'away', reason: 'lunch', next: null });
  });

  it('say who asked for them', () => {
    const { acd, facts, come } = office();
    come('lin');
    acd.setState(agentId('lin'), 'training', { reason: 'fire drill', by: 'agent:boss' });
    expect(facts.at(-1)).toEqual({ type: 'agent.state_changed', subject: 'agent:lin', data: { agent: 'lin', from: 'available', to: 'training', reason: 'fire drill', by: 'agent:boss' } });
  });

  it('may be given up without a phone', () => {
    expect(office().acd.setState(agentId('lin'), 'offline', { by }).state).toBe('offline');
  });

  it('say what comes next while the agent is busy, with whom, and since when', () => {
    const { acd, clock, come, join, answer } = office();
    come('lin');
    join('c1');
    clock.advance(5_000);
    answer('lin');
    expect(acd.setState(agentId('lin'), 'away', { reason: 'lunch', by })).toEqual({
      id: 'lin', name: 'lin', state: 'talking', reason: null, next: 'away', since: '2026-01-01T00:00:05.000Z', reachable: true, queues: ['support'], skills: {},
      load: { pigeon: { now: 1, capacity: 1 } }, contact: 'c1', contacts: ['c1'], wrapUpUntil: null,
    });
    acd.released(contactId('c1'));
    expect(acd.agent(agentId('lin'))).toMatchObject({ state: 'away', reason: 'lunch', contact: null });
  });

  it('name the reason for being offline', () => {
    expect(office().acd.agents().map((a) => [a.state, a.reason])).toEqual([['offline', 'not_registered'], ['offline', 'not_registered']]);
  });

  it('wrap-up belongs to the agent, in whatever queue the next contact waits (P10), and can be made longer', () => {
    const both = ['support', 'sales'].map((q) => ({ queue: queueId(q), rank: 1, ring: 1 }));
    const queues = [queueSetup('support', { wrapUp: { ms: 20_000, maxMs: 40_000 } }), queueSetup('sales')];
    const { acd, clock, did, come, join, answer } = office({ setup: setupOf({ queues, agents: [agentSetup('lin', { queues: both })] }) });
    come('lin');
    join('c1');
    answer('lin');
    acd.released(contactId('c1'));
    join('c2', { queues: [queueId('sales')] });
    expect(acd.extendWrapUp(agentId('lin'), 60_000)).toMatchObject({ state: 'wrap_up', wrapUpUntil: '2026-01-01T00:00:40.000Z' });
    clock.advance(39_999);
    expect(did).not.toContain('offer lin←c2');
    clock.advance(1);
    expect(did).toContain('offer lin←c2');
  });
});

describe('a queue seen from outside', () => {
  it('counts who waits, agents by state, and the longest wait', () => {
    const { acd, clock, come, join } = office();
    come('lin');
    acd.setState(agentId('lin'), 'training', { by });
    join('c1');
    clock.advance(3_000);
    join('c2');
    expect(acd.queue(queueId('support'))).toEqual({
      id: 'support', name: 'support', mode: 'open', waiting: 2, callbacks: 0, longestWaitMs: 3_000, expectedWait: null,
      agents: { offline: 1, available: 0, ringing: 0, talking: 0, wrap_up: 0, away: 0, training: 1 },
    });
    expect(acd.queues()).toHaveLength(1);
    expect(() => acd.queue(queueId('sales'))).toThrow(NoSuchQueue);
    expect(acd.waiting()).toEqual([{ queue: 'support', contacts: 2 }]);
  });

  it('counts whom somebody has, until they part', () => {
    const { acd, come, join, answer } = office();
    come('lin');
    join('c1');
    join('c2');
    expect(acd.handled()).toEqual(new Map());
    answer('lin');
    expect(acd.handled()).toEqual(new Map([['support', { pigeon: 1 }]]));
    acd.leave(contactId('c1'), 'abandoned');
    expect(acd.handled()).toEqual(new Map());
  });
});

describe('a callback that is booked', () => {
  it('comes at its time by the clock on the wall, also after that was put right', () => {
    const { acd, clock, did, come } = office();
    clock.setWall(clock.wall() + 500_000);
    const at = clock.wall() + 60_000;
    acd.enqueue(pigeon('c1', { callback: true, notBefore: at }));
    expect(acd.contact(contactId('c1'))).toMatchObject({ state: 'scheduled', joinedAt: new Date(at).toISOString() });
    come('lin');
    clock.advance(59_999);
    expect(did).toEqual([]);
    clock.advance(1);
    expect(did).toEqual(['offer lin←c1']);
  });
});
