import { afterEach, beforeEach, expect, it } from 'vitest';
import { acdSetup, createAcd, createJournal, type AcdService, type AcdSetup, type AgentId, type QueueId } from '../../acd/index.js';
import { loadConfig } from '../../config/index.js';
import { createTickets, system, type Actor, type TicketDesk, type TicketSetup } from '../../desk/tickets/index.js';
import { createEvents, type Events, type NewFact } from '../../events/index.js';
import { finderHere, openStore, type Store } from '../../store/index.js';
import { createReachability, createTextOffers, type OfferView, type TextOffers } from '../desk-queue/index.js';
import { createTicketQueue, type TicketQueue } from './index.js';

const log = { error: (fields: object) => { throw new Error(JSON.stringify(fields)); }, info: () => undefined };
const lin = 'lin' as AgentId;
const boss: Actor = system('admin');
let store: Store;
let events: Events;
let acd: AcdService;
let offers: TextOffers;
let desk: TicketDesk;
let queue: TicketQueue;
let errors: object[];

function acdSetUp(queues: readonly string[] = ['support']): AcdSetup {
  const config = loadConfig('/nowhere');
  const [first] = config.queues;
  const agents = ['lin', 'omar'].map((id) => ({ id, name: id, extension: id, queues: queues.map((name) => ({ queue: name, rank: 1, ring: 1 })), skills: {}, capacity: { voice: 1, ticket: 2 }, onRegister: 'available' as const }));
  return acdSetup({ queues: queues.map((name) => ({ ...first!, name, maxUnanswered: 0 })), agents, routing: config.routing });
}
function open(): void {
  const tickets: TicketSetup = { ...loadConfig('/nowhere').tickets, assignment: [{ when: { types: ['question'] }, team: undefined, queue: 'support', to: 'team' }] };
  desk = createTickets({
    store, events, log, setup: () => tickets, finder: finderHere(store), now: Date.now, calendars: () => ({ between: (a, b) => b - a, after: (a, ms) => a + ms }),
    customers: { find: () => undefined, canonical: (id) => id, emailOf: () => undefined }, linkable: () => true,
    notifier: { ready: () => false, addressOf: () => undefined, send: () => undefined }, files: { find: () => undefined, attach: () => { throw new Error('none'); }, of: () => [], remove: () => undefined },
  });
  offers = createTextOffers({ acd: () => acd });
  queue = createTicketQueue({ desk, acd: () => acd, events, log: { ...log, error: (fields) => void errors.push(fields) } });
  acd = createAcd({
    setup: acdSetUp(), carriers: { ticket: offers.carrier('ticket', queue.channel) }, log, journal: createJournal({ store, log, keepMs: 1e9 }),
    publish: (facts, alongside) => events.publishAll(facts as unknown as readonly NewFact[], alongside),
  });
  acd.resume();
  queue.start();
  createReachability(() => acd, ['ticket']).desktop(lin, true);
}
async function shut(): Promise<void> {
  queue.close();
  acd.close();
  await desk.close();
}
beforeEach(async () => {
  errors = [];
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log });
  open();
});
afterEach(async () => {
  await shut();
  await store.close();
});
const ask = (subject = 'x') => desk.create({ type: 'question', subject, channel: 'api' }, boss);
const offered = (): OfferView[] => [...offers.list()];
const has = (id: string): unknown => desk.get(id, boss).assignee;

it('a ticket of a queue is offered as a contact of channel ticket, and is his who takes it; done with, his hands are free for the next at once', () => {
  const [a, b, c] = [ask('a'), ask('b'), ask('c')];
  expect(offered().map((o) => [o.channel, o.subject, o.about['subject']])).toEqual([['ticket', `ticket:${a.id}`, 'a'], ['ticket', `ticket:${b.id}`, 'b']]);
  for (const { id } of offered()) offers.accept(id);
  expect([has(a.id), has(b.id), has(c.id)]).toEqual(['lin', 'lin', null]);
  expect(offered()).toEqual([]);
  expect(acd.queue('support' as QueueId).waiting).toBe(1);
  desk.move(a.id, 'waiting', boss, undefined);
  expect(offered().map((o) => o.about['subject'])).toEqual(['c']);
  expect(events.of(`ticket:${a.id}`).map((f) => f.type)).toEqual(['ticket.created', 'ticket.queued', 'ticket.offered', 'ticket.offer_ended', 'ticket.assigned', 'ticket.left_queue', 'ticket.state_changed']);
});

it('whoever takes it without asking the queue takes it out of the line; a merge and an answer too', () => {
  const [a, b, c] = [ask(), ask(), ask()];
  desk.patch(a.id, { assignee: 'omar' }, boss, undefined);
  desk.move(b.id, 'resolved', boss, undefined);
  desk.merge(c.id, a.id, boss, undefined);
  expect([offered(), acd.queue('support' as QueueId).waiting, desk.waits.all()]).toEqual([[], 0, []]);
});

it('given back to a queue it waits again; given to another agent it is no work of his any more', () => {
  const a = ask();
  offers.accept(offered()[0]!.id);
  desk.patch(a.id, { assignee: 'omar' }, boss, undefined);
  expect(acd.agent(lin).load).toEqual({ ticket: { now: 0, capacity: 2 }, voice: { now: 0, capacity: 1 } });
  desk.toQueue(a.id, 'support', boss);
  expect([has(a.id), offered().map((o) => o.subject)]).toEqual([null, [`ticket:${a.id}`]]);
});

it('a line that is not there is no place: the ticket stays with its team, and the log says so', () => {
  const a = ask();
  desk.toQueue(a.id, 'nowhere', boss);
  expect([errors.length, desk.waits.of(a.id)]).toEqual([1, undefined]);
});

it('after a restart each waits where it waited, is held by who held it, and one whose joining was cut short joins', async () => {
  const [a, b] = [ask('a'), ask('b')];
  offers.accept(offered()[0]!.id);
  queue.close();
  const late = ask('c'); // killed between the commit and the queue
  await shut();
  open();
  expect([has(a.id), has(b.id)]).toEqual(['lin', null]);
  expect(acd.contacts().map((c) => [c.subject, c.state]).sort()).toEqual([[`ticket:${a.id}`, 'connected'], [`ticket:${b.id}`, 'offered'], [`ticket:${late.id}`, 'waiting']].sort());
});
