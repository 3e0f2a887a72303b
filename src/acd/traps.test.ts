import { beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/index.js';
import { agentId, agentSetup, contactId, dovecote, office as officeOf, queueId, queueSetup, setupOf, type Office, type OfficeOptions } from './office.fixture.js';

// Why people leave other queue engines: PEERS.md, P1 to P13. P1, P9, P10 and P12 stand beside what they are about.
let store: Store;
beforeEach(async () => void (store = await openStore({ path: ':memory:' })));
const office = (change: Partial<OfficeOptions> = {}): Office => officeOf({ store, ...change });
const all = [{ afterMs: 0, agents: 'all' as const }];
const ringAll = () => setupOf({ queues: [queueSetup('support', { atOnce: all })], agents: ['lin', 'omar', 'ada'].map((id) => agentSetup(id)) });
const by = 'api:test';

describe('ring-all', () => {
  it('of two who answer in the same moment one wins, and the other is told at once (P7)', () => {
    const { acd, did, come, join, offerTo } = office({ setup: ringAll() });
    come('lin', 'omar', 'ada');
    join('c1');
    const [lin, omar] = [offerTo('lin'), offerTo('omar')];
    expect([acd.accepted(omar.id), acd.accepted(lin.id)]).toEqual(['connect', 'too_late']);
    expect(did.filter((d) => d.startsWith('connect'))).toEqual(['connect omar←c1']);
    expect(acd.agents().map((a) => [a.id, a.state])).toEqual([['lin', 'available'], ['omar', 'talking'], ['ada', 'ringing']]);
  });

  it('the losers ring until the bridge stands; when the first hangs up before, another still can answer (P8)', () => {
    const { acd, did, come, join, offerTo } = office({ setup: ringAll() });
    come('lin', 'omar', 'ada');
    join('c1');
    expect(acd.accepted(offerTo('lin').id)).toBe('connect');
    expect(did.filter((d) => d.startsWith('withdraw'))).toEqual([]);
    acd.returned(contactId('c1'));
    expect(acd.accepted(offerTo('omar').id)).toBe('connect');
    acd.bridged(contactId('c1'));
    expect(did.filter((d) => d.startsWith('withdraw'))).toEqual(['withdraw ada←c1 answered_elsewhere']);
    expect(acd.agent(agentId('omar'))).toMatchObject({ state: 'talking', contact: 'c1' });
  });

  it('nobody rings for a caller who has left (P4)', () => {
    const { acd, come, join } = office({ setup: ringAll() });
    come('lin', 'omar', 'ada');
    join('c1');
    acd.leave(contactId('c1'), 'abandoned');
    expect([acd.agents().map((a) => a.state), acd.offers(), acd.timers()]).toEqual([['available', 'available', 'available'], 0, 0]);
  });
});

it('an offer that nobody ever answers, in any way, comes to its end by itself (P2)', () => {
  const { acd, clock, come, join } = office({ cote: dovecote({ offer: () => undefined, withdraw: () => undefined }) });
  come('lin', 'omar');
  join('c1');
  clock.advance(15_000);
  expect(acd.agents().map((a) => a.state)).toEqual(['available', 'ringing']);
});

it('an accepted offer whose bridge is never heard of again does not keep agent or caller (P2)', () => {
  const { acd, clock, did, come, join, offerTo } = office();
  come('lin');
  join('c1');
  acd.accepted(offerTo('lin').id);
  clock.advance(10_000);
  expect(did.at(-1)).toBe('drop lin←c1');
  clock.advance(10_000); // left alone for a while
  expect(did.at(-1)).toBe('offer lin←c1');
  expect(acd.contact(contactId('c1')).waitedMs).toBe(20_000);
});

describe('a reload', () => {
  it('touches no live state: who talks, talks; what rings, rings; who is away, is away; who waits, waits in his place (P5)', () => {
    const three = ['lin', 'omar', 'ada'].map((id) => agentSetup(id));
    const room = office({ setup: setupOf({ agents: three }) });
    room.come('lin', 'omar', 'ada');
    room.acd.setState(agentId('ada'), 'away', { reason: 'lunch', by });
    room.join('c1');
    room.answer('lin');
    room.join('c2');
    room.clock.advance(3_000);
    room.join('c3');
    const before = [room.acd.agents(), room.acd.contacts(), [...room.did]];
    for (const queues of [[queueSetup('support', { offerMs: 20_000 })], [queueSetup('support'), queueSetup('sales')], [queueSetup('support')]]) room.acd.configure(setupOf({ agents: three, queues }));
    expect([room.acd.agents(), room.acd.contacts(), room.did]).toEqual(before);
    expect(room.acd.accepted(room.offerTo('omar').id)).toBe('connect');
  });

  it('that changes nothing is not even logged, whatever the order of keys', () => {
    const room = office();
    const count = (): number => store.run(store.db.selectFrom('acd_log').select('seq')).length;
    const before = count();
    room.acd.configure(JSON.parse(JSON.stringify(setupOf())) as ReturnType<typeof setupOf>);
    room.acd.configure({ ...setupOf(), queues: setupOf().queues.map((q) => Object.fromEntries(Object.entries(q).reverse()) as unknown as typeof q) });
    expect(count()).toBe(before);
  });

  it('of one queue or agent among many logs that one alone', () => {
    const room = office();
    room.acd.configure(setupOf({ queues: [queueSetup('support', { name: 'Support' })], agents: [agentSetup('lin', { skills: { french: 3 } }), agentSetup('omar')] }));
    const events = store.run(store.db.selectFrom('acd_log').select('event').orderBy('seq')).map((r) => (JSON.parse(r.event) as { type: string }).type);
    expect(events.slice(-2)).toEqual(['queue.changed', 'agent.changed']);
    expect([room.acd.queue(queueId('support')).name, room.acd.agent(agentId('lin')).skills]).toEqual(['Support', { french: 3 }]);
    expect(room.restart({ setup: room.acd.setup() }).acd.setup()).toEqual(room.acd.setup());
  });

  it('works at once for those who wait', () => {
    const { acd, did, come, join } = office({ setup: setupOf({ queues: [queueSetup('support', { required: [{ skill: 'french', level: 1 }] })] }) });
    come('lin');
    join('c1');
    expect(did).toEqual([]);
    acd.configure(setupOf());
    expect(did).toEqual(['offer lin←c1']);
  });
});

it('a burst of a thousand callers never picks one agent twice (P11)', () => {
  const agents = Array.from({ length: 300 }, (_, i) => agentSetup(`a${i}`));
  const { acd, offers, come, join } = office({ setup: setupOf({ agents }) });
  come(...agents.map((a) => a.id));
  for (let i = 0; i < 1_000; i += 1) join(`c${i}`);
  expect(new Set(offers.map((o) => o.agent)).size).toBe(300);
  expect(offers).toHaveLength(300);
  expect(acd.queue(queueId('support')).waiting).toBe(1_000);
});

it('a phone that registers anew while it rings goes on ringing (P11)', () => {
  const { acd, did, come, join } = office();
  come('lin');
  join('c1');
  come('lin');
  expect([did, acd.agent(agentId('lin')).state]).toEqual([['offer lin←c1'], 'ringing']);
});

it('nobody is lost for good: away for not answering, and back by a key (P12)', () => {
  const { acd, clock, did, come, join } = office({ setup: setupOf({ queues: [queueSetup('support', { maxUnanswered: 1 })], agents: [agentSetup('lin')] }) });
  come('lin');
  join('c1');
  clock.advance(15_000);
  expect(acd.agent(agentId('lin'))).toMatchObject({ state: 'away', reason: 'no_answer' });
  acd.setState(agentId('lin'), 'available', { by: 'phone:1001' });
  expect(did.at(-1)).toBe('offer lin←c1');
});

it('who asks to be called back keeps the place, through a restart too (P13)', () => {
  const room = office();
  ['c1', 'c2', 'c3'].forEach((id) => room.join(id));
  room.acd.callBack(contactId('c2'));
  room.birds.delete(contactId('c2'));
  const after = room.restart();
  expect(after.acd.contacts(queueId('support')).map((c) => [c.id, c.callback])).toEqual([['c1', false], ['c2', true], ['c3', false]]);
});
