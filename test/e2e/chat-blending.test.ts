import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Call, Phone } from '../kit/phone.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { visit, type Visitor } from '../kit/visitor.js';
import { folder, straightTo } from './house.js';

type Agent = { state: string; load: Record<string, { now: number; capacity: number }> };
type Offer = { id: string; subject: string; agent: string };
let house: Strowger;
let agent: Phone;
let other: Phone;
let caller: Phone;

// One engine, real calls and real chats: each agent takes one call or three chats.
beforeAll(async () => {
  house = await startStrowger({
    agents: 2, phones: 2, dialplans: folder({ 'main.yaml': straightTo({ '4100': 'support' }) }),
    config: folder({
      'chat.yaml': 'chat:\n  callback: { numbers: ["12xx"], per_day: 2 }\n', 'queues.yaml': 'queues:\n  - { name: support, announce_position_seconds: 0 }\n',
      'recordings.yaml': 'recording: { calls: { queue: false, inbound: false } }\n',
    }),
  });
  [agent, other, caller] = [await house.phone('1001'), await house.phone('1002'), await house.phone('1201')];
  await post('/v1/agents/1002/state', { state: 'away' }, 'PUT');
  await post('/v1/agents/1001/presence', { ttl_seconds: 600 }, 'PUT');
});
afterAll(() => house.stop());

const post = <T>(path: string, body?: unknown, method = 'POST') => house.api<T>(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const offers = async (): Promise<readonly Offer[]> => (await house.api<{ items: Offer[] }>('/v1/offers')).body.items;
const bothHear = async (a: Call, b: Call): Promise<void> => {
  a.media.tone(440);
  b.media.tone(660);
  await Promise.all([a.media.heard(660, 10_000), b.media.heard(440, 10_000)]);
};
const waiting = (n: number) => house.when<{ waiting: number }>('/v1/queues/support', 10_000, (q) => q.waiting === n);
const load = (voice: number, chat: number) => house.when<Agent>('/v1/agents/1001', 10_000, ({ load: l }) => l['voice']?.now === voice && l['chat']?.now === chat);
const take = async (visitor: Visitor): Promise<string> => {
  const id = await visitor.start();
  const { items } = await house.when<{ items: Offer[] }>('/v1/offers', 10_000, (o) => o.items.some((one) => one.subject === `conversation:${id}`));
  await post(`/v1/offers/${items.find((one) => one.subject === `conversation:${id}`)!.id}/accept`);
  return id;
};
const end = async (visitor: Visitor): Promise<void> => {
  visitor.send({ type: 'end' });
  await visitor.next('state', (f) => f['state'] === 'ended');
};

it('three chats fill an agent: neither a fourth nor a call is put to him; then whoever came first', async () => {
  const visitors = await Promise.all(Array.from({ length: 4 }, () => visit(house.base)));
  for (const visitor of visitors.slice(0, 3)) await take(visitor);
  await load(0, 3);
  const fourth = await visitors[3]!.start();
  await waiting(1);
  const call = await caller.call('4100');
  await call.answered(10_000);
  await waiting(2);
  expect([await offers(), agent.calls.length]).toEqual([[], 0]);

  await end(visitors[0]!);
  // Room for one more chat, and none for a call: the fourth has it, though both wait.
  await house.when<{ items: Offer[] }>('/v1/offers', 10_000, (o) => o.items.some((one) => one.subject === `conversation:${fourth}`));
  await post(`/v1/offers/${(await offers())[0]!.id}/accept`);
  await load(0, 3);
  for (const visitor of visitors.slice(1)) await end(visitor);
  const rung = await agent.nextCall(10_000);
  rung.answer();
  await bothHear(call, rung);
  await load(1, 0);

  // While he is in a call no chat is put to him; after it at once.
  const late = await visit(house.base);
  const lateId = await late.start();
  expect(await late.next('place')).toMatchObject({ position: 1 });
  await waiting(1);
  expect(await offers()).toEqual([]);
  await call.bye();
  await rung.ended(5_000);
  await house.when<{ items: Offer[] }>('/v1/offers', 10_000, (o) => o.items.some((one) => one.subject === `conversation:${lateId}`));
  await end(late);
  await waiting(0);
  await load(0, 0);
});

it('from chat to call: the queue calls the visitor, the agent\'s phone learns of the conversation, the call is the customer\'s', async () => {
  const visitor = await visit(house.base);
  const id = await take(visitor);
  visitor.send({ type: 'call_me', client_id: 'a', number: '4000' });
  expect(await visitor.next('error')).toMatchObject({ code: 'chat.not_allowed' });
  visitor.send({ type: 'call_me', client_id: 'b', number: '1201' });
  await visitor.next('done', (f) => f['what'] === 'call_me');
  // The agent who chats has no room for a call: it goes to the other one.
  await post('/v1/agents/1002/state', { state: 'available' }, 'PUT');
  const offered = await other.nextCall(10_000);
  expect([offered.header('X-Strowger-Conversation'), agent.calls.length]).toEqual([id, 1]);
  const { body: conversation } = await house.api<{ customer: string }>(`/v1/conversations/${id}`);
  expect(offered.header('X-Strowger-Customer')).toMatch(conversation.customer);
  offered.answer();
  const rung = await caller.nextCall(10_000);
  rung.answer();
  await bothHear(rung, offered);
  const cdr = await house.api<{ customer: string; to: string; agent: string }>(`/v1/calls/${offered.header('X-Strowger-Call')!}`);
  expect(cdr.body).toMatchObject({ customer: conversation.customer, to: '1201', agent: '1002' });
  await rung.bye();
  await offered.ended(5_000);
  const { items } = (await house.api<{ items: { text: string; data: Record<string, string> | null }[] }>(`/v1/conversations/${id}/messages`)).body;
  expect(items.filter((m) => m.text === 'callback')).toHaveLength(1);
  const timeline = await house.when<{ items: { type: string; subject: string }[] }>(`/v1/customers/${conversation.customer}/timeline`, 5_000, (t) => t.items.some((i) => i.type === 'call.ended'));
  expect(new Set(timeline.items.map((i) => i.subject.split(':')[0]))).toEqual(new Set(['call', 'conversation', 'customer']));
  await end(visitor);
});

it('a customer who chats and then calls goes on with the same conversation: the phone that rings learns of it, and the chat of the call', async () => {
  const visitor = await visit(house.base);
  const id = await take(visitor);
  const { body: { customer } } = await house.api<{ customer: string }>(`/v1/conversations/${id}`);
  expect((await post(`/v1/customers/${customer}/identities`, { kind: 'extension', value: '1202' })).status).toBe(200);
  const phone = await house.phone('1202');
  const call = await phone.call('4100');
  const offered = await other.nextCall(10_000); // the agent who chats has no room for a call
  expect([offered.header('X-Strowger-Conversation'), offered.header('X-Strowger-Customer')?.split(';')[0]]).toEqual([id, customer]);
  offered.answer();
  await bothHear(call, offered);
  expect(await visitor.next('message', (f) => f['text'] === 'called')).toMatchObject({ kind: 'event', from: 'house' });
  const { items } = (await house.api<{ items: { text: string; data: object | null }[] }>(`/v1/conversations/${id}/messages`)).body;
  expect(items).toContainEqual(expect.objectContaining({ text: 'called', data: { call: offered.header('X-Strowger-Call') } }));
  await call.bye();
  await offered.ended(5_000);
  await end(visitor);
});
