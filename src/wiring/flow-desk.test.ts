import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/index.js';
import type { DeskEnd, DeskOrder } from '../ivr/index.js';
import { createConversations, type Conversations } from '../desk/conversations/index.js';
import { createCustomers, customersFile, type Customers } from '../desk/customers/index.js';
import { createTickets, system, type TicketDesk, type TicketSetup } from '../desk/tickets/index.js';
import { createEvents, type Events } from '../events/index.js';
import { finderHere, openStore, type Store } from '../store/index.js';
import { createFlowDesk, type FlowDesk } from './flow-desk.js';

const log = { error: (fields: object) => { throw new Error(JSON.stringify(fields)); }, info: () => undefined };
const caller = { id: 'call_1', from: '+8613800138000' };
const boss = system('admin');
let store: Store;
let events: Events;
let customers: Customers;
let tickets: TicketDesk;
let conversations: Conversations;
let desk: FlowDesk;
let mails: { to: string; subject: string; text: string }[];
let hasMail: boolean;
const none = (): never => { throw new Error('none'); };

beforeEach(async () => {
  [mails, hasMail] = [[], true];
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log });
  customers = createCustomers({
    store, events, settings: customersFile.parse({}), country: () => 'CN', days: { dayOf: () => 0, startOf: () => 0 }, expressions: { compile: () => ({ ok: false, message: 'none', column: 1 }) }, past: () => [], later: () => () => undefined,
  });
  conversations = createConversations({ store, events, files: { get: none, attach: none, of: () => [], remove: none }, log });
  const setup: TicketSetup = loadConfig('config').tickets;
  tickets = createTickets({
    store, events, log, setup: () => setup, finder: finderHere(store), now: Date.now, calendars: () => ({ between: (a, b) => b - a, after: (a, ms) => a + ms }), linkable: () => true,
    customers: { find: () => undefined, canonical: (id) => customers.canonical(id), emailOf: () => undefined }, notifier: { ready: () => false, addressOf: () => undefined, send: none }, files: { find: () => undefined, attach: none, of: () => [], remove: none },
  });
  desk = createFlowDesk({
    tickets, setup: () => setup, customers, conversations, events, log, mailer: { ready: () => hasMail, send: (mail) => (mails.push(mail), 'mail_1') },
    ledger: { recordings: (call) => (call === 'call_1' ? [{ id: 'rec_1', state: 'recording' }] : []) as never },
  });
});
afterEach(async () => {
  desk.close();
  await tickets.close();
  await customers.close();
  await store.close();
});
const create = (over: object = {}): DeskOrder => ({ do: 'create_ticket', type: 'complaint', subject: 'x', text: '', priority: undefined, tags: [], fields: { order: 'A-1' }, language: 'en', ...over });
const find = (over: object = {}): DeskOrder => ({ do: 'find_ticket', which: 'latest', number: undefined, type: undefined, ...over });
const send = (over: object = {}): DeskOrder => ({ do: 'send_message', by: 'any', to: undefined, subject: 'S', text: 'hello', language: 'en', ...over });
const order = (what: DeskOrder, call = caller) => desk.order(call, what);

const idOf = (end: DeskEnd): string => (end.how === 'done' ? JSON.stringify(end.ticket?.['id']).slice(1, -1) : end.how);

describe('a flow', () => {
  it('opens a ticket for the customer who calls, tied to the call and to its recording, also to one that begins later', async () => {
    const { customer } = customers.resolve('phone', caller.from, { name: '张伟' });
    const end = await order(create());
    const id = idOf(end);
    const ticket = tickets.get(id, boss);
    expect(end).toMatchObject({ how: 'done', ticket: { number: '1001', state: 'new', state_zh: '新建', state_en: 'New' } });
    expect(ticket).toMatchObject({ customer, channel: 'phone', createdBy: 'flow:call_1', requester: { name: '张伟', phone: caller.from }, language: 'en', fields: { order: 'A-1' } });
    expect(tickets.links(ticket).map((l) => `${l.kind} ${l.target}`).sort()).toEqual(['call call_1', 'recording rec_1']);
    const early = await order(create(), { id: 'call_2', from: caller.from });
    events.publish('call.recording_started', 'call:call_1', { recording: 'rec_1', part: 1 });
    expect(tickets.links(ticket)).toHaveLength(2);
    expect(tickets.linkedTo('call', 'call_2')).toEqual([idOf(early)]);
  });

  it('is told why a ticket cannot be made', async () => {
    expect(await order(create({ type: 'nothing' }))).toMatchObject({ how: 'failed', why: expect.stringContaining('no type "nothing"') as string });
    expect(await order(create({ fields: { order: '; drop' } }))).toMatchObject({ how: 'failed', why: expect.stringContaining('/fields/order') as string });
  });

  it('hears how the newest stands, the newest open one, or one by its number: of this caller only', async () => {
    customers.resolve('phone', caller.from);
    expect(await order(find())).toEqual({ how: 'none' });
    const [first, second] = [await order(create({ fields: {} })), await order(create({ type: 'question', fields: {} }))] as unknown as { ticket: { id: string; number: string } }[];
    tickets.move(second!.ticket.id, 'resolved', boss, undefined);
    expect(await order(find())).toMatchObject({ ticket: { number: second!.ticket.number, state_zh: '已解决', kind: 'resolved' } });
    expect(await order(find({ which: 'open' }))).toMatchObject({ ticket: { number: first!.ticket.number } });
    expect(await order(find({ type: 'question' }))).toMatchObject({ ticket: { number: second!.ticket.number } });
    expect(await order(find({ which: 'number', number: first!.ticket.number }))).toMatchObject({ ticket: { number: first!.ticket.number } });
    const stranger = { id: 'call_9', from: '+8613900139000' };
    expect([await order(find(), stranger), await order(find({ which: 'number', number: first!.ticket.number }), stranger)]).toEqual([{ how: 'none' }, { how: 'none' }]);
  });

  it('writes into the chat that he has open, else by mail to the address that is known, to one address only', async () => {
    expect(await order(send())).toEqual({ how: 'none' });
    const { customer } = customers.resolve('phone', caller.from, { identities: [{ kind: 'email', value: 'z@example.net' }] });
    expect(await order(send())).toEqual({ how: 'done' });
    expect(mails).toEqual([{ to: 'z@example.net', subject: 'S', text: 'hello' }]);
    for (const to of ['a@x.example, b@y.example', 'a@x', 'nobody', 'a@x.example\r\nBcc: b@y.example']) expect(await order(send({ by: 'mail', to }))).toEqual({ how: 'none' });
    const { id } = conversations.open({ channel: 'chat', customer, visitor: 'v1' });
    expect(await order(send({ by: 'chat' }))).toEqual({ how: 'done' });
    expect(conversations.messages(id, 0, 10, true).filter((m) => m.kind === 'text').map((m) => [m.text, m.byName])).toEqual([['hello', 'Voice service']]);
    conversations.end(id, 'visitor:v1', 'visitor');
    expect([await order(send({ by: 'chat' })), mails.length]).toEqual([{ how: 'none' }, 1]);
    hasMail = false;
    expect(await order(send())).toMatchObject({ how: 'failed' });
  });
});
