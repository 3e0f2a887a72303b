import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { visit } from '../kit/visitor.js';
import { PNG } from './furnished.js';
import { folder } from './house.js';

type Place = { position: number | null; wait_low_s: number | null; wait_high_s: number | null };
type Talk = {
  id: string; channel: string; state: string; queue: string; agent: string | null; customer: string; form: Record<string, string>; source: string | null; last_seq: number; ended_by: string | null; end_why: string | null; place?: Place | null;
  parties: { party: string; read: number; left_at: string | null }[];
};
type Said = { id: string; seq: number; by: string; by_name: string | null; kind: string; text: string; file: string | null };
type Offer = { id: string; subject: string; channel: string; about: Record<string, unknown> };
type Told = { type: string; subject: string; data: { number?: number; by?: string; kind?: string } };
type Page<T> = { items: T[] };
const SECRET = 'a secret of the shop with more than 32 characters';
const chatYaml = (app: string): string => `chat:
  customer_secret: "\${CHAT_SECRET}"
  trail: { ask: { zh-CN: 可以吗, en: May we? } }
  invitations: [ { name: prices, pages: ["app://prices*"], after_seconds: 5, min_pages: 2, text: { zh-CN: 需要帮助吗？, en: Need help? } } ]
  abandon_seconds: 1
  gone_seconds: 1
  app: ${app}
  limits: { sessions_per_minute: 1000 }
`;
const config = folder({ 'chat.yaml': chatYaml('{}') });
let house: Strowger;
let hook: Server;
const told: Told[] = [];
/** The app's own key: it has the role that applications have. */
let app: ReturnType<typeof asker>;

beforeAll(async () => {
  hook = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      told.push(JSON.parse(Buffer.concat(parts).toString()) as Told);
      response.end();
    });
  });
  await new Promise<void>((resolve) => { hook.listen(0, '127.0.0.1', resolve); });
  const { port } = hook.address() as AddressInfo;
  house = await startStrowger({ agents: 2, config, env: { CHAT_SECRET: SECRET, STROWGER_ALLOW_HOSTS: `127.0.0.1:${String(port)}` } });
  app = asker((await admin<{ token: string }>('POST', '/v1/keys', { name: 'shop app', role: 'app' })).body.token);
  expect((await app('POST', '/v1/webhooks', { url: `http://127.0.0.1:${String(port)}/hook`, types: ['conversation.message', 'conversation.ended'] })).status).toBe(201);
});
afterAll(async () => {
  await house.stop();
  await new Promise<void>((resolve) => { hook.close(() => { resolve(); }); });
});

const asker = (token: string) => async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: T; headers: Headers }> => {
  const response = await fetch(`${house.base}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T, headers: response.headers };
};
const admin = <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = { 'if-match': '*' }) => asker(house.token)<T>(method, path, body, headers);
const here = async (agent: string): Promise<void> => {
  await admin('PUT', `/v1/agents/${agent}/presence`, { ttl_seconds: 600 });
  await admin('PUT', `/v1/agents/${agent}/state`, { state: 'available' });
};
const gone = (agent: string) => admin('DELETE', `/v1/agents/${agent}/presence`);
const begin = (value: string, more: object = {}) => app<Talk>('POST', '/v1/conversations', { customer: { kind: 'member_id', value }, ...more });
const talkOf = async (id: string): Promise<Talk> => (await app<Talk>('GET', `/v1/conversations/${id}`)).body;
const offerOf = async (id: string): Promise<Offer> => (await house.when<Page<Offer>>('/v1/offers', 10_000, ({ items }) => items.some((o) => o.subject === `conversation:${id}`))).items.find((o) => o.subject === `conversation:${id}`)!;
const take = async (id: string): Promise<Offer> => {
  const offer = await offerOf(id);
  expect((await admin('POST', `/v1/offers/${offer.id}/accept`)).status).toBe(200);
  await house.when<Talk>(`/v1/conversations/${id}`, 5_000, (c) => c.state === 'talking');
  return offer;
};
/** The admin's token speaks for an agent: he joins first. */
const answer = async (id: string, text: string): Promise<Said> => {
  await admin('POST', `/v1/conversations/${id}/join`);
  return (await admin<Said>('POST', `/v1/conversations/${id}/messages`, { text })).body;
};
const say = (id: string, text: string, clientId?: string, headers: Record<string, string> = {}) => app<Said>('POST', `/v1/conversations/${id}/messages`, { as: 'customer', text, ...(clientId === undefined ? {} : { client_id: clientId }) }, headers);
const end = (id: string) => app<Talk>('POST', `/v1/conversations/${id}/end`, { as: 'customer' });
const hears = async (fits: (fact: Told) => boolean): Promise<Told> => {
  await expect.poll(() => told.some(fits), { timeout: 15_000 }).toBe(true);
  return told.find(fits)!;
};
function memberToken(sub: string): string {
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const text = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64({ aud: 'strowger-chat', iat: now, exp: now + 300, sub })}`;
  return `${text}.${createHmac('sha256', SECRET).update(text).digest().toString('base64url')}`;
}

it('an app opens a conversation and hears its place; an agent is offered it and answers; the webhook brings the answer; it counts as a contact', async () => {
  const order = { name: '张伟', language: 'zh-CN', subject: '订单 A1', attributes: { order: 'A1' }, page: 'app://orders/A1', message: { text: '我的订单在哪里', client_id: 'm1' } };
  const first = await app<Talk>('POST', '/v1/conversations', { customer: { kind: 'member_id', value: 'M-1' }, ...order }, { 'idempotency-key': 'open-1' });
  const { id } = first.body;
  expect([first.status, first.headers.get('location'), first.body]).toMatchObject([201, `/v1/conversations/${id}`, { channel: 'app', state: 'queued', queue: 'support', form: { order: 'A1', subject: '订单 A1' }, source: 'app://orders/A1', place: { position: 1 } }]);
  // Asked again, by the same request and by another one: it goes on, and nothing is said twice.
  const again = await app<Talk>('POST', '/v1/conversations', { customer: { kind: 'member_id', value: 'M-1' }, ...order }, { 'idempotency-key': 'open-1' });
  expect([again.status, again.headers.get('idempotency-replayed'), again.body.id]).toEqual([201, 'true', id]);
  const next = await begin('M-1', order);
  expect([next.status, next.body.id, next.body.last_seq]).toEqual([200, id, first.body.last_seq]);
  expect((await talkOf(id)).place).toMatchObject({ position: 1 });
  const second = await begin('M-2', { message: { text: 'me too' } });
  expect(second.body.place).toMatchObject({ position: 2 });
  expect((await end(second.body.id)).body).toMatchObject({ state: 'ended', end_why: 'visitor' });

  await here('1001');
  expect(await take(id)).toMatchObject({ channel: 'chat', about: { channel: 'app', conversation: id, name: '张伟', preview: '我的订单在哪里', form: { order: 'A1' } } });
  expect((await admin<{ load: Record<string, { now: number }> }>('GET', '/v1/agents/1001')).body.load['chat']?.now).toBe(1);
  const answered = await answer(id, '马上查');
  const heard = await hears((fact) => fact.type === 'conversation.message' && fact.subject === `conversation:${id}` && fact.data.by === answered.by && fact.data.kind === 'text');
  expect(heard.data.number).toBe(answered.seq);
  expect((await app<Page<Said>>('GET', `/v1/conversations/${id}/messages?after=${String(answered.seq - 1)}`)).body.items).toMatchObject([{ text: '马上查', seq: answered.seq }]);
  expect(JSON.stringify(told)).not.toContain('马上查');

  const { body: { ticket } } = await admin<{ ticket: string }>('POST', '/v1/ws-tickets');
  const desktop = new WebSocket(`${house.base.replace('http', 'ws')}/v1/conversations/ws?ticket=${ticket}`);
  const frames: { type: string; party?: string; on?: boolean }[] = [];
  desktop.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as (typeof frames)[number]));
  await new Promise<void>((resolve) => { desktop.once('open', resolve); });
  expect((await app('POST', `/v1/conversations/${id}/typing`, { as: 'customer', on: true })).status).toBe(204);
  await expect.poll(() => frames).toContainEqual(expect.objectContaining({ type: 'typing', party: `visitor:app_${first.body.customer}`, on: true }));
  const said = [await say(id, '谢谢', 'm2'), await say(id, '谢谢', 'm2'), await say(id, '再见', undefined, { 'idempotency-key': 'say-3' }), await say(id, '再见', undefined, { 'idempotency-key': 'say-3' })];
  expect(said.map(({ status }) => status)).toEqual([201, 200, 201, 201]);
  expect([said[0]?.body.id === said[1]?.body.id, said[2]?.body.id === said[3]?.body.id, said[0]?.body.by_name]).toEqual([true, true, '张伟']);
  expect((await app<Talk>('PUT', `/v1/conversations/${id}/read`, { as: 'customer', seq: answered.seq })).body.parties).toContainEqual(expect.objectContaining({ party: `visitor:app_${first.body.customer}`, read: answered.seq }));
  await expect.poll(() => frames).toContainEqual({ type: 'read', conversation: id, party: `visitor:app_${first.body.customer}`, seq: answered.seq });
  desktop.close();

  const file = await (await fetch(`${house.base}/v1/files?name=dot.png`, { method: 'POST', headers: { authorization: `Bearer ${(await admin<{ token: string }>('POST', '/v1/keys', { name: 'other', role: 'app' })).body.token}`, 'content-type': 'application/octet-stream' }, body: new Uint8Array(PNG) })).json() as { id: string };
  expect((await app<{ code: string }>('POST', `/v1/conversations/${id}/messages`, { as: 'customer', file: file.id })).body.code).toBe('files.no_such_file');

  for (let i = 0; i < 2; i += 1) expect((await end(id)).body).toMatchObject({ state: 'ended', ended_by: `visitor:app_${first.body.customer}`, end_why: 'visitor' });
  await hears((fact) => fact.type === 'conversation.ended' && fact.subject === `conversation:${id}`);
  expect((await admin<{ load: Record<string, { now: number }> }>('GET', '/v1/agents/1001')).body.load['chat']?.now).toBe(0);
  expect((await say(id, 'too late')).body).toMatchObject({ code: 'conversations.over' });
  expect((await say(id, '谢谢', 'm2')).status).toBe(200);
  const texts = (await app<Page<Said>>('GET', `/v1/conversations/${id}/messages`)).body.items.filter((m) => m.kind !== 'event').map((m) => m.text);
  expect(texts).toEqual(['我的订单在哪里', '马上查', '谢谢', '再见']);
  const report = await house.when<{ rows: Record<string, unknown>[] }>('/v1/reports/channels', 20_000, ({ rows }) => rows.some((row) => row['channel'] === 'app' && row['contacts'] === 2));
  expect(report.rows.find((row) => row['channel'] === 'app')).toMatchObject({ contacts: 2, offered: 2, answered: 1, abandoned: 1, handled: 1, responses: 1 });
  await gone('1001');
});

it('an app sends its customer\'s files', async () => {
  const { token } = (await admin<{ token: string }>('POST', '/v1/keys', { name: 'camera app', role: 'app' })).body;
  const camera = asker(token);
  const { body: { id } } = await camera<Talk>('POST', '/v1/conversations', { customer: { kind: 'member_id', value: 'M-camera' } });
  const file = (await (await fetch(`${house.base}/v1/files?name=dot.png`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }, body: new Uint8Array(PNG) })).json()) as { id: string };
  const sent = await camera<Said>('POST', `/v1/conversations/${id}/messages`, { as: 'customer', file: file.id });
  expect([sent.status, sent.body]).toMatchObject([201, { kind: 'file', file: file.id }]);
  expect((await admin<{ about: string }>('GET', `/v1/files/${file.id}`)).body.about).toBe(`conversation:${id}`);
  await camera('POST', `/v1/conversations/${id}/end`, { as: 'customer' });
});

it('nobody speaks for customers without conversations.carry for everything, nor where no app has opened or continued it', async () => {
  const key = async (permissions: object) => asker((await admin<{ token: string }>('POST', '/v1/keys', { name: 'other', permissions })).body.token);
  const writes = { 'conversations.read': 'all', 'conversations.write': 'all' };
  const { body: { id } } = await begin('M-3');
  for (const other of [await key(writes), await key({ ...writes, 'conversations.carry': 'team' })]) {
    const answers = [
      await other('POST', '/v1/conversations', { customer: { kind: 'member_id', value: 'M-3' } }), await other('POST', '/v1/conversations/trail', { customer: { kind: 'member_id', value: 'M-3' }, pages: [{ url: 'app://x' }] }),
      await other('POST', `/v1/conversations/${id}/messages`, { as: 'customer', text: 'I give it back' }), await other('POST', `/v1/conversations/${id}/end`, { as: 'customer' }), await other('PUT', `/v1/conversations/${id}/read`, { as: 'customer', seq: 1 }),
      await other('POST', `/v1/conversations/${id}/typing`, { as: 'customer' }),
    ];
    expect(answers.map(({ status, body }) => [status, (body as { code: string }).code])).toEqual(answers.map(() => [403, 'forbidden']));
  }
  expect((await app('POST', `/v1/conversations/${id}/messages`, { as: 'customer', text: 'x', visibility: 'internal' })).status).toBe(422);
  const visitor = await visit(house.base);
  const chat = await visitor.start();
  for (const ask of [() => say(chat, 'not mine'), () => end(chat), () => app('PUT', `/v1/conversations/${chat}/read`, { as: 'customer', seq: 1 }), () => app('POST', `/v1/conversations/${chat}/typing`, { as: 'customer' })])
    expect(await ask()).toMatchObject({ status: 409, body: { code: 'conversations.not_joined' } });
  await visitor.close();
  await end(id);
});

it('what cannot be opened says why: no such customer, queue or identity; a queue that is closed ends it at once, with what was said', async () => {
  const wrong = [
    await app<{ code: string }>('POST', '/v1/conversations', { customer: 'cus_none' }), await begin('M-4', { queue: 'none' }), await app('POST', '/v1/conversations', { customer: { kind: 'phone', value: 'call me' } }), await begin('M-4', { attributes: { 'Two Words': 'x' } }),
    await begin('M-4', { message: { text: ' ' } }), await begin('M-4', { channel: 'chat' }),
  ];
  expect(wrong.map(({ status, body }) => [status, (body as { code: string }).code])).toEqual([[404, 'customers.no_such_customer'], [404, 'acd.no_such_queue'], [422, 'customers.bad_identity'], [422, 'invalid'], [422, 'invalid'], [422, 'invalid']]);
  const settings = await house.raw('/v1/queues/support/settings');
  const mode = (to: string | null, etag: string) => house.raw('/v1/queues/support/settings', { method: 'PATCH', body: JSON.stringify({ mode: to }), headers: { 'if-match': etag, 'content-type': 'application/merge-patch+json' } });
  const closed = await mode('closed', settings.headers.get('etag')!);
  const { status, body } = await begin('M-4', { message: { text: 'anybody there?' } });
  expect([status, body]).toMatchObject([201, { state: 'ended', end_why: 'closed', place: null }]);
  expect((await app<Page<Said>>('GET', `/v1/conversations/${body.id}/messages`)).body.items.map((m) => m.text)).toEqual(['anybody there?', 'ended']);
  expect((await mode(null, closed.headers.get('etag')!)).status).toBe(200);
});

describe('one customer, one conversation', () => {
  it('a web chat goes on in the app, and does not end when the browser is gone', async () => {
    const browser = await visit(house.base, { customerToken: memberToken('M-5') });
    const id = await browser.start();
    const { status, body } = await begin('M-5', { message: { text: 'now from my phone' } });
    expect([status, body.id, body.channel]).toEqual([200, id, 'chat']);
    expect(await browser.next('message', (f) => f['text'] === 'now from my phone')).toMatchObject({ from: 'visitor' });
    const other = await visit(house.base);
    const left = await other.start();
    browser.drop();
    other.drop();
    await house.when<Talk>(`/v1/conversations/${left}`, 10_000, (c) => c.end_why === 'abandoned');
    expect((await talkOf(id)).state).toBe('queued');
    expect((await end(id)).body.state).toBe('ended');
  });

  it('what an app began goes on in the browser of a customer who is vouched for, and in nobody else\'s', async () => {
    const { body: { id, customer } } = await begin('M-6', { message: { text: 'from the app' } });
    const [browser, stranger] = [await visit(house.base, { customerToken: memberToken('M-6') }), await visit(house.base)];
    expect([browser.frames[0]?.['conversation'], stranger.frames[0]?.['conversation']]).toMatchObject([{ id }, null]);
    expect((browser.frames[0]?.['messages'] as { text: string }[]).map((m) => m.text)).toEqual(['from the app']);
    await browser.say('and from my desk');
    expect((await app<Page<Said>>('GET', `/v1/conversations/${id}/messages`)).body.items.map((m) => m.text)).toEqual(['from the app', 'and from my desk']);
    await stranger.start();
    const left = stranger.frames.find((f) => f.type === 'started')?.['conversation'] as { id: string };
    browser.drop();
    stranger.drop();
    await house.when<Talk>(`/v1/conversations/${left.id}`, 10_000, (c) => c.end_why === 'abandoned');
    expect(await talkOf(id)).toMatchObject({ state: 'queued', channel: 'app', customer });
    await end(id);
  });
});

describe('what an app\'s customer has looked at', () => {
  it('is told with his consent only, calls for invitations, and stands in his timeline', async () => {
    const customer = { kind: 'member_id', value: 'M-7' };
    const trail = (...urls: string[]) => app<{ invitation: unknown; code?: string }>('POST', '/v1/conversations/trail', { customer, language: 'en', pages: urls.map((url) => ({ url, title: 'A page' })) });
    expect(await trail('app://home')).toMatchObject({ status: 404, body: { code: 'customers.no_such_customer' } });
    const { body: { id: his } } = await app<{ id: string }>('POST', '/v1/customers', { identities: [customer] });
    const consents = (granted: boolean) => app('POST', `/v1/customers/${his}/consents`, { channel: 'app', purpose: 'browsing', granted, how: 'settings of the app' });
    expect(await trail('app://home')).toMatchObject({ status: 403, body: { code: 'chat.not_allowed' } });
    expect((await consents(true)).status).toBe(200);
    expect((await trail('javascript:alert(1)')).status).toBe(422);
    expect((await trail('app://prices')).body).toEqual({ invitation: null });
    expect((await trail('app://home', 'app://prices/big')).body).toEqual({ invitation: { name: 'prices', text: 'Need help?', after_s: 5 } });
    const { body: talk } = await app<Talk>('POST', '/v1/conversations', { customer: his, invitation: 'prices' });
    expect(talk.source).toBe('invitation:prices');
    expect((await trail('app://orders/A1')).body).toEqual({ invitation: null });
    const browsed = (items: readonly { type: string; data: { pages?: { url: string }[] } }[]) => items.filter((i) => i.type === 'conversation.browsed').map((i) => i.data.pages?.map((p) => p.url));
    const { items } = await house.when<Page<{ type: string; data: { pages?: { url: string }[] } }>>(`/v1/customers/${his}/timeline`, 10_000, (t) => browsed(t.items).length === 2);
    expect(browsed(items)).toEqual([['app://orders/A1'], ['app://prices', 'app://home', 'app://prices/big']]);
    expect((await admin<{ activity: Record<string, { total: number }> }>('GET', `/v1/customers/${his}`)).body.activity['browsing']?.total).toBe(4);
    await consents(false);
    expect((await trail('app://home')).status).toBe(403);
    await end(talk.id);
  });
});

describe('with settings of its own', () => {
  const lay = async (settings: string): Promise<void> => {
    writeFileSync(join(config, 'chat.yaml'), chatYaml(settings));
    expect((await admin('POST', '/v1/config/reload')).status).toBeLessThan(300);
  };

  it('a conversation whose customer is silent after an answer ends; who waits for an answer does not', async () => {
    await lay('{ idle_seconds: 1 }');
    await here('1001');
    const [silent, patient] = [(await begin('M-8', { message: { text: 'hello?' } })).body.id, (await begin('M-9', { message: { text: 'hello?' } })).body.id];
    await take(silent);
    await take(patient);
    await answer(silent, 'yes, hello');
    expect(await house.when<Talk>(`/v1/conversations/${silent}`, 10_000, (c) => c.state === 'ended')).toMatchObject({ end_why: 'idle', ended_by: 'system' });
    expect((await talkOf(patient)).state).toBe('talking');
    await end(patient);
  });

  it('an agent has so many besides his chats, where that is how agents are set up', async () => {
    await lay('{ capacity: app }');
    const { body: { id } } = await begin('M-10');
    const chat = await visit(house.base);
    await take(await chat.start());
    expect((await admin<Page<Offer>>('GET', '/v1/offers')).body.items).toEqual([]); // nobody takes what apps bring
    expect((await admin('PATCH', '/v1/agents/1001', { capacity: { voice: 1, chat: 1, app: 1 } }, { 'if-match': '*', 'content-type': 'application/merge-patch+json' })).status).toBe(200);
    expect((await take(id)).channel).toBe('app');
    expect((await admin<{ load: Record<string, { now: number }> }>('GET', '/v1/agents/1001')).body.load).toMatchObject({ chat: { now: 1 }, app: { now: 1 } });
    await end(id);
    await chat.close();
  });
});
