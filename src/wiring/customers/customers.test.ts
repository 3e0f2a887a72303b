import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewFact } from '../../events/index.js';
import { createEvents, type Events } from '../../events/index.js';
import { openStore, type Store } from '../../store/index.js';
import { createCustomers, customersFile, type Customers } from '../../desk/customers/index.js';
import { attributesOfCaller, attributesOfTalk, createCallers, headerOfCaller } from './callers.js';
import { toldOf } from './facts.js';
import { followFacts } from './follow.js';

const DAY = 86_400_000;
let store: Store;
let events: Events;
let customers: Customers;
const logged: object[] = [];
const log = { error: (fields: object) => void logged.push(fields) };
const waiting: (() => void)[] = [];
const later = (run: () => void): void => void waiting.push(run);
const settle = (): void => {
  for (let run = waiting.shift(); run; run = waiting.shift()) run();
};
let following: { close(): void };
const follow = (): void => void (following = followFacts({ customers, events, log, later }));

beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log });
  logged.length = 0;
  customers = createCustomers({
    store, events, settings: customersFile.parse({ attributes: [{ name: 'tier', queue: true }, { name: 'secret' }] }), country: () => 'CN',
    days: { dayOf: (ms) => Math.floor(ms / DAY), startOf: (day) => day * DAY }, expressions: { compile: () => ({ ok: false, message: 'none', column: 1 }) },
    past: (subject) => events.of(subject as 'system').map(toldOf).filter((told) => told !== undefined), later: () => () => undefined,
  });
});
afterEach(() => store.close());

const say = (...facts: NewFact[]): void => void events.publishAll(facts);
const call = (id: string, over: object = {}) => ({ id, direction: 'inbound' as const, from: '+8613800138000', to: '4000', over: new AbortController().signal, log: log as never, ...over });
const started = (id: string): NewFact => ({ type: 'call.started', subject: `call:${id}`, data: { direction: 'inbound', from: '+8613800138000', to: '4000' } });
const types = (id: string): string[] => customers.timeline(id, 50).items.map((row) => row.type).reverse();

describe('a call', () => {
  it('is that of the customer with its number at once, and says so after it has gone on', () => {
    const { customer } = customers.resolve('phone', '13800138000', { name: '张伟' });
    customers.patch(customer, { attributes: { tier: 'gold', secret: 'x' }, adviser: '1001' }, { by: 'lin' });
    const callers = createCallers({ customers, later });
    callers.arrived(call('call_1'));
    expect(callers.of({ id: 'call_1' })?.id).toBe(customer);
    expect(events.of('call:call_1')).toEqual([]);
    settle();
    expect(events.of('call:call_1').map((f) => f.data)).toEqual([{ customer, how: 'number' }]);
    expect(attributesOfCaller(callers.of({ id: 'call_1' }))).toEqual({ customer, tier: 'gold', adviser: '1001' });
    expect(headerOfCaller(callers.of({ id: 'call_1' }))).toEqual({ 'X-Strowger-Customer': `${customer};name=%E5%BC%A0%E4%BC%9F` });
  });

  it('goes on with the conversation that its customer has open, whose people are told once', () => {
    const { customer } = customers.resolve('phone', '13800138000', {});
    const told: string[][] = [];
    let open: { id: string; agent: string | null } | undefined = { id: 'conv_1', agent: '1002' };
    const callers = createCallers({ customers, later, talks: () => ({ open: (of) => (of === customer ? open : undefined), called: (...what) => void told.push(what) }) });
    const [mine, stranger] = [call('call_1'), call('call_2', { from: '+8613900139000' })];
    for (const one of [mine, stranger]) callers.arrived(one);
    settle();
    expect([callers.talkOf(mine), callers.talkOf(mine), callers.talkOf(stranger)].map(attributesOfTalk)).toEqual([{ conversation: 'conv_1', last_agent: '1002' }, { conversation: 'conv_1', last_agent: '1002' }, {}]);
    settle();
    expect(told).toEqual([['conv_1', 'call_1']]);
    open = undefined;
    expect(attributesOfTalk(callers.talkOf(mine))).toEqual({});
  });

  it('of a stranger from outside makes a customer; of an extension, a withheld number or against the setting none', () => {
    const callers = createCallers({ customers, later });
    for (const over of [{ direction: 'internal', from: '1201' }, { from: 'anonymous' }, { from: '' }]) callers.arrived(call('call_0', over));
    settle();
    expect(customers.ofSubject('call:call_0')).toBeUndefined();
    callers.arrived(call('call_1'));
    callers.arrived(call('call_2'));
    settle();
    expect(customers.ofSubject('call:call_1')).toBe(customers.byNumber('13800138000'));
    expect(customers.ofSubject('call:call_2')).toBe(customers.ofSubject('call:call_1'));
    customers.lay(customersFile.parse({ create_from_calls: false }));
    callers.arrived(call('call_3', { from: '+8613900139000' }));
    settle();
    expect(customers.byNumber('+8613900139000')).toBeUndefined();
    expect(logged).toEqual([]);
  });

  it('goes on whatever happens to the customers', () => {
    const broken = { ...customers, byNumber: () => { throw new Error('disk'); } };
    createCallers({ customers: broken, later }).arrived(call('call_1'));
    expect(logged).toHaveLength(1);
  });
});

describe('the timeline', () => {
  it('has calls, chats and tickets of one customer in the order of happening, with what came before it was known whose they are', () => {
    follow();
    settle();
    const { customer } = customers.resolve('phone', '13800138000');
    say(started('call_1'), { type: 'call.digits', subject: 'call:call_1', data: { digits: '1' } });
    customers.identify('call_1', customer, 'number');
    say({ type: 'call.queued', subject: 'call:call_1', data: { queue: 'support', position: 1 } }, { type: 'call.bridged', subject: 'call:call_1', data: { agent: '1001' } });
    say({ type: 'conversation.started', subject: 'conversation:c1', data: { conversation: 'c1', channel: 'chat', customer, language: 'en' } } as never); // of a channel that is still to come
    say({ type: 'ticket.created', subject: 'ticket:t1', data: { ticket: 't1', number: 'T1', type: 'fault', customer, by: 'lin' } as never }, started('call_2'));
    settle();
    expect(types(customer)).toEqual(['customer.created', 'call.started', 'call.customer_identified', 'call.queued', 'call.bridged', 'conversation.started', 'ticket.created']);
    expect(customers.view(customer)).toMatchObject({ lastAgent: '1001', activity: { contacts: { total: 2, d1: 2 } } });
    expect(customers.within(customer, { teams: [], house: false, agent: '1001' })).toBe(true);
    expect(customers.within(customer, { teams: [], house: false, agent: '1002' })).toBe(false);
    expect(customers.timeline(customer, 3).items.map((row) => row.channel)).toEqual(['ticket', 'conversation', 'call']);
    const { nextCursor } = customers.timeline(customer, 3);
    expect(customers.timeline(customer, 3, nextCursor).items.map((row) => row.type)).toEqual(['call.queued', 'call.customer_identified', 'call.started']);
  });

  it('goes along when a call turns out to be somebody else\'s, and with a merge and back', () => {
    follow();
    settle();
    const [a, b] = [customers.resolve('phone', '13800138000').customer, customers.resolve('phone', '13900139000').customer];
    say(started('call_1'));
    customers.identify('call_1', a, 'number');
    settle();
    customers.identify('call_1', b, 'hand', { by: 'lin' });
    settle();
    expect([types(a), types(b)]).toEqual([['customer.created'], ['customer.created', 'call.started', 'call.customer_identified', 'call.customer_identified']]);
    expect([customers.view(a).activity['contacts']?.total, customers.view(b).activity['contacts']?.total]).toEqual([0, 1]);
    customers.merge(a, b, { by: 'lin' });
    settle();
    expect(types(b)).toHaveLength(6);
    expect(customers.ofSubject('call:call_1')).toBe(a);
    customers.unmerge(b, { by: 'lin' });
    settle();
    expect(customers.ofSubject('call:call_1')).toBe(b);
    expect(types(a)).toEqual(['customer.created', 'customer.merged']);
  });

  it('misses nothing and doubles nothing when it is cut off at any point', () => {
    const { customer } = customers.resolve('phone', '13800138000');
    for (let i = 0; i < 30; i += 1) {
      if (i % 7 === 0) follow();
      say(started(`call_${i}`), { type: 'call.customer_identified', subject: `call:call_${i}`, data: { customer, how: 'number' } }, { type: 'call.ended', subject: `call:call_${i}`, data: { cause: 'completed', duration_ms: 1 } });
      if (i % 3 === 0) settle();
      if (i % 7 === 5) {
        waiting.length = 0; // killed: what was to be written is not
        following.close = () => undefined;
      }
    }
    waiting.length = 0;
    follow();
    settle();
    expect(customers.timeline(customer, 1_000).items).toHaveLength(1 + 30 * 3);
    expect(customers.view(customer).activity['contacts']?.total).toBe(30);
  });
});
