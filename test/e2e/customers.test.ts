import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { visit, type Visitor } from '../kit/visitor.js';
import { folder } from './house.js';

type Talk = { id: string; state: string; customer: string | null };
type Page<T> = { items: T[]; next_cursor: string | null };
const SECRET = 'a secret of the shop with more than 32 characters';
let house: Strowger;

beforeAll(async () => {
  const config = folder({ 'tickets.yaml': readFileSync(new URL('../../config/tickets.yaml', import.meta.url), 'utf8'), 'recordings.yaml': 'conversations: { keep_days: 30 }\n', 'chat.yaml': `chat:
  customer_secret: "\${CHAT_SECRET}"
  limits: { sessions_per_minute: 1000, frames_per_10s: 500 }
  form: [ { name: phone, label: { zh-CN: 电话, en: Phone }, kind: phone }, { name: email, label: { zh-CN: 邮箱, en: E-mail }, kind: email }, { name: reach, label: { zh-CN: 联系方式, en: How to reach you } } ]
` });
  house = await startStrowger({ agents: 2, config, env: { CHAT_SECRET: SECRET } });
});
afterAll(() => house.stop());

const send = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => house.api<T>(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const get = async <T>(path: string): Promise<T> => (await house.api<T>(path)).body;
const ids = async (path: string): Promise<string[]> => (await get<Page<{ id: string }>>(path)).items.map((one) => one.id);
const base64 = (value: object | Buffer): string => (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString('base64url');
function memberToken(sub: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const text = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64({ aud: 'strowger-chat', iat: now, exp: now + 300, sub })}`;
  return `${text}.${base64(createHmac('sha256', SECRET).update(text).digest())}`;
}
const ended = async (visitor: Visitor): Promise<void> => {
  visitor.send({ type: 'end' });
  await visitor.next('state', (f) => f['state'] === 'ended');
};
const customerOf = async (conversation: string): Promise<string | null> => (await get<Talk>(`/v1/conversations/${conversation}`)).customer;

describe('two customers who are one', () => {
  it('have their conversations and tickets in common, go on as one in the chat, and get back each his own', async () => {
    const visitor = await visit(house.base, { customerToken: memberToken('M-1') });
    const talk = await visitor.start();
    await visitor.say('where is my order?');
    const old = (await customerOf(talk))!;
    const { body: other } = await send<{ id: string }>('POST', '/v1/customers', { name: '张伟' });
    const { body: ticket } = await send<{ id: string; version: number }>('POST', '/v1/tickets', { type: 'question', subject: 'refund', customer: old });
    expect((await send('POST', `/v1/customers/${other.id}/merge`, { customer: old })).status).toBe(200);

    for (const id of [other.id, old]) expect([await ids(`/v1/conversations?customer=${id}`), await ids(`/v1/tickets?customer=${id}`)]).toEqual([[talk], [ticket.id]]);
    expect([await customerOf(talk), (await get<Talk>(`/v1/tickets/${ticket.id}`)).customer, (await get<Page<Talk>>(`/v1/tickets?customer=${old}`)).items[0]?.customer]).toEqual([other.id, other.id, other.id]);
    // Said again for whom it is, and changed meanwhile: still the old one's.
    expect((await send('PUT', `/v1/conversations/${talk}/customer`, { customer: other.id })).status).toBe(200);
    expect((await send('PATCH', `/v1/tickets/${ticket.id}`, { customer: other.id, subject: 'refund of A-1' }, { 'if-match': '*' })).status).toBe(200);
    // The shop vouches for him at another device: the same conversation goes on.
    const phone = await visit(house.base, { customerToken: memberToken('M-1') });
    expect(phone.frames[0]).toMatchObject({ conversation: { id: talk } });
    await ended(visitor);
    const next = await visitor.start();
    expect(await customerOf(next)).toBe(other.id);
    await ended(visitor);

    expect((await send('POST', `/v1/customers/${old}/unmerge`)).status).toBe(200);
    expect([await ids(`/v1/conversations?customer=${old}`), await ids(`/v1/tickets?customer=${old}`)]).toEqual([[talk], [ticket.id]]);
    expect([await ids(`/v1/conversations?customer=${other.id}`), await ids(`/v1/tickets?customer=${other.id}`)]).toEqual([[next], []]);
    expect([await customerOf(talk), (await get<Talk>(`/v1/tickets/${ticket.id}`)).customer]).toEqual([old, old]);
    const again = await visitor.start();
    expect(await customerOf(again)).toBe(old);
    await ended(visitor);
    await Promise.all([visitor.close(), phone.close()]);
  });
});

describe('a customer who is removed', () => {
  const facts = async (path: string, last: string): Promise<string> => {
    await house.when<{ erased: unknown }>(`/v1/${path}`, 20_000, (one) => one.erased !== null);
    const subject = path.replace('s/', ':');
    const abort = new AbortController();
    const response = await house.raw(`/v1/events?subject=${subject}`, { headers: { 'last-event-id': '0', accept: 'text/event-stream' }, signal: abort.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes(last)) text += (await reader.read()).value ?? '';
    abort.abort();
    return text;
  };
  const upload = async (path: string, token: string): Promise<string> => {
    const sent = await fetch(`${house.base}${path}?name=passport.txt`, { method: 'POST', headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${token}` }, body: 'my passport' });
    return ((await sent.json()) as { id: string }).id;
  };

  it('leaves figures in conversations and tickets, and nothing of what was said; what is on legal hold stays until that ends', async () => {
    const visitor = await visit(house.base, { customerToken: memberToken('M-9') });
    const talk = await visitor.start();
    const sent = await upload('/v1/chat/files', visitor.token);
    await visitor.say('I am Wei Zhang, 13800138000', { file: sent });
    const customer = (await customerOf(talk))!;
    const { body: ticket } = await send<{ id: string }>('POST', '/v1/tickets', {
      type: 'complaint', subject: 'Wei Zhang is angry', text: 'lives in Elm Street', customer, fields: { order: 'A-77' }, requester: { name: 'Wei Zhang', email: 'wei@zhang.example' }, tags: ['vip'], files: [await upload('/v1/files', house.token)],
    });
    await send('PATCH', `/v1/tickets/${ticket.id}`, { subject: 'Wei Zhang is very angry' }, { 'if-match': '*' });
    await send('POST', `/v1/tickets/${ticket.id}/comments`, { text: 'Wei called again', visibility: 'internal' });
    await send('PUT', `/v1/tickets/${ticket.id}/watchers/${encodeURIComponent('wife@zhang.example')}`);
    const held = await visit(house.base);
    const kept = await held.start();
    await held.say('evidence');
    await ended(held);
    await send('PUT', `/v1/conversations/${kept}/customer`, { customer });
    expect((await send<{ hold: { reason: string } }>('PUT', `/v1/conversations/${kept}/hold`, { reason: 'case 12' })).body.hold.reason).toBe('case 12');

    expect((await send('DELETE', `/v1/customers/${customer}`, undefined, { 'if-match': '*' })).status).toBe(204);
    const [told, toldOfTicket] = [await facts(`conversations/${talk}`, 'conversation.erased'), await facts(`tickets/${ticket.id}`, 'ticket.erased')];
    // He was in the chat just then: it ended.
    await visitor.next('state', (f) => f['state'] === 'ended');
    const conversation = await get<Record<string, unknown>>(`/v1/conversations/${talk}`);
    expect(conversation).toMatchObject({ state: 'ended', end_why: 'customer_deleted', customer: null, name: null, erased: { why: 'customer_deleted' } });
    const after = await get<Record<string, unknown>>(`/v1/tickets/${ticket.id}`);
    expect(after).toMatchObject({ customer: null, type: 'complaint', tags: ['vip'], fields: {}, requester: { name: null, email: null, phone: null }, erased: { why: 'customer_deleted' } });
    const everything = JSON.stringify([
      told, toldOfTicket, conversation, after, await get(`/v1/conversations/${talk}/messages`), await get(`/v1/tickets/${ticket.id}/comments`), await get(`/v1/tickets/${ticket.id}/history`), await get(`/v1/tickets/${ticket.id}/ties`),
    ]);
    for (const personal of ['Wei', 'zhang.example', '13800138000', 'Elm', 'A-77', 'passport']) expect(everything, personal).not.toContain(personal);
    expect((await get<Page<{ by: string }>>(`/v1/tickets/${ticket.id}/comments`)).items).toHaveLength(1);
    expect([(await house.api(`/v1/files/${sent}`)).status, await ids('/v1/tickets?q=Zhang'), await ids('/v1/tickets?q=A-77')]).toEqual([404, [], []]);
    const audited = JSON.stringify(await get('/v1/audit?limit=50'));
    for (const line of [`conversation.erase","object":"/v1/conversations/${talk}`, `ticket.erase","object":"/v1/tickets/${ticket.id}`]) expect(audited).toContain(line);

    expect((await get<Page<{ text: string }>>(`/v1/conversations/${kept}/messages`)).items.map((m) => m.text)).toContain('evidence');
    expect((await send('DELETE', `/v1/conversations/${kept}/hold`)).status).toBe(204);
    await facts(`conversations/${kept}`, 'conversation.erased');
    expect((await get<Page<unknown>>(`/v1/conversations/${kept}/messages`)).items).toEqual([]);
    await Promise.all([visitor.close(), held.close()]);
  });

  it('as a conversation is that was kept for as many days as the house says', async () => {
    const visitor = await visit(house.base);
    const other = await visit(house.base);
    const [old, young] = [await visitor.start(), await other.start()];
    await visitor.say('long ago');
    await Promise.all([ended(visitor), ended(other)]);
    const database = new BetterSqlite3(join(house.data, 'strowger.db'), { timeout: 5_000 });
    const long = Date.now() - 31 * 86_400_000;
    database.prepare('update conversations set started_at = ?, ended_at = ? where id <> ?').run(long, long, young);
    database.close();
    // The end of any hold has it looked at what can go.
    await send('PUT', `/v1/conversations/${young}/hold`, { reason: 'x' });
    expect(await facts(`conversations/${old}`, 'conversation.erased')).toContain('"why":"retention"');
    expect([(await get<Page<unknown>>(`/v1/conversations/${old}/messages`)).items, (await get<{ erased: unknown }>(`/v1/conversations/${young}`)).erased]).toEqual([[], null]);
    await Promise.all([visitor.close(), other.close()]);
  });
});

describe('what somebody may find and see', () => {
  const key = async (permissions: object, fields: readonly string[] = []): Promise<(path: string) => Promise<Response>> => {
    const { token } = (await send<{ token: string }>('POST', '/v1/keys', { name: 'site', permissions, fields })).body;
    return (path) => fetch(`${house.base}${path}`, { headers: { authorization: `Bearer ${token}` } });
  };
  const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
  const found = async (ask: (path: string) => Promise<Response>, q: string): Promise<string[]> => (await json<Page<{ id: string }>>(ask(`/v1/conversations?q=${encodeURIComponent(q)}`))).items.map((one) => one.id);

  it('no customers by what is no question, nor by a cursor of something else: the thread that looks for them says so', async () => {
    const refused = async (query: string): Promise<unknown[]> => {
      const { status, body } = await house.api<{ code: string; hint: string | null }>(`/v1/customers?${query}`);
      return [status, body.code, body.hint !== null];
    };
    expect([await refused('q=!!'), await refused(`q=${'x'.repeat(199)}%EF%AC%83`), await refused('sort=created_at&q=Zhang'), await refused('cursor=abc')]).toEqual([
      [400, 'customers.bad_search', true], [400, 'customers.bad_search', true], [400, 'customers.bad_search', true], [400, 'store.bad_cursor', true],
    ]);
    expect((await house.api('/v1/customers?q=Zhang')).status).toBe(200);
  });

  it('conversations by words that were said, notes only where they may be seen', async () => {
    const visitor = await visit(house.base);
    const talk = await visitor.start();
    await visitor.say('我的订单B22要退款 please');
    await send('POST', `/v1/conversations/${talk}/messages`, { text: 'a swindler', visibility: 'internal' });
    const [all, plain, own] = [await key({ 'conversations.read': 'all', 'conversations.notes': 'all' }), await key({ 'conversations.read': 'all' }), await key({ 'conversations.read': 'own' })];
    for (const q of ['退款', '订单 b22', 'pleas']) expect([await found(all, q), await found(plain, q), await found(own, q)], q).toEqual([[talk], [talk], []]);
    expect([await found(all, 'swindler'), await found(plain, 'swindler')]).toEqual([[talk], []]);
    expect(JSON.stringify(await json(plain(`/v1/conversations/${talk}/messages`)))).not.toContain('swindler');
    expect(JSON.stringify(await json(all(`/v1/conversations/${talk}/messages`)))).toContain('swindler');
    await ended(visitor);
    await visitor.close();
  });

  it('tickets without who asked and how they are reached, nor found by it', async () => {
    const { body: ticket } = await send<{ id: string }>('POST', '/v1/tickets', { type: 'question', subject: 'a lamp', requester: { name: 'Quentin', email: 'quentin@lamps.example', phone: '+8613700137000' } });
    await send('PATCH', `/v1/tickets/${ticket.id}`, { requester: { phone: '+8613700137001' } }, { 'if-match': '*' });
    await send('PUT', `/v1/tickets/${ticket.id}/watchers/${encodeURIComponent('wife@lamps.example')}`);
    const [veiled, open] = [await key({ 'tickets.read': 'all' }), await key({ 'tickets.read': 'all' }, ['customers.phone', 'customers.email', 'customers.personal'])];
    const seen = async (ask: typeof open): Promise<string> => JSON.stringify(await Promise.all([`/v1/tickets/${ticket.id}`, '/v1/tickets?q=lamp', `/v1/tickets/${ticket.id}/history`, `/v1/tickets/${ticket.id}/ties`].map((path) => json(ask(path)))));
    const personal = ['Quentin', 'quentin@', '13700137000', '13700137001', 'wife@'];
    const [all, some] = [await seen(open), await seen(veiled)];
    for (const one of personal) expect([all.includes(one), some.includes(one)], one).toEqual([true, false]);
    const by = async (ask: typeof open, q: string): Promise<string[]> => (await json<Page<{ id: string }>>(ask(`/v1/tickets?q=${q}`))).items.map((t) => t.id);
    for (const q of ['7001', 'quentin', 'lamps.example']) expect([await by(open, q), await by(veiled, q)], q).toEqual([[ticket.id], []]);
    expect(await by(veiled, 'lamp')).toEqual([ticket.id]);
    expect([(await veiled('/v1/tickets?phone=%2B8613700137001')).status, (await veiled('/v1/tickets?email=quentin@lamps.example')).status, (await open('/v1/tickets?phone=%2B8613700137001')).status]).toEqual([403, 403, 200]);
  });

  it('conversations without the numbers and addresses that their customer filled in, wherever they are told, nor found by them', async () => {
    const READS = { 'conversations.read': 'all', 'contacts.read': 'all', 'agents.state': 'all', 'events.read': 'all' };
    const made = async (fields: readonly string[]) => (await send<{ token: string }>('POST', '/v1/keys', { name: 'site', permissions: READS, fields })).body.token;
    const tokens = [await made(['calls.numbers', 'customers.phone', 'customers.email']), await made([])];
    await send('PUT', '/v1/agents/1001/presence', { ttl_seconds: 600 });
    await send('PUT', '/v1/agents/1001/state', { state: 'available' });
    const visitor = await visit(house.base);
    const talk = await visitor.start({ phone: '+86 139 0000 1234', email: 'rosa@lamps.example', reach: '微信 rosa_x，或 13900005678' });
    const { items } = await house.when<Page<{ subject: string; contact: string }>>('/v1/offers', 10_000, (page) => page.items.some((o) => o.subject === `conversation:${talk}`));
    const contact = items.find((o) => o.subject === `conversation:${talk}`)!.contact;

    const heard = await Promise.all(tokens.map((token) => follow(token, `conversation:${talk}`)));
    expect((await send('POST', `/v1/conversations/${talk}/join`)).status).toBe(200);
    expect((await send('POST', `/v1/conversations/${talk}/callback`, { number: '+8613900007777', queue: 'support' })).status).toBe(200);
    const told = await Promise.all(tokens.map(async (token, i) => {
      const answers = await Promise.all([`/v1/conversations/${talk}`, '/v1/conversations?limit=5', '/v1/offers', '/v1/contacts', `/v1/contacts/${contact}/why`].map(async (path) => {
        const answer = await fetch(`${house.base}${path}`, { headers: { authorization: `Bearer ${token}` } });
        expect([path, answer.status]).toEqual([path, 200]);
        return [path, await answer.text()] as const;
      }));
      return [...answers, ['the desktop socket', await heard[i]!.socket()] as const];
    }));
    const FILLED = ['139 0000 1234', 'rosa@lamps', '13900005678'];
    for (const [i, answers] of told.entries()) for (const [where, text] of answers) expect([where, FILLED.map((one) => text.includes(one))]).toEqual([where, FILLED.map(() => i === 0)]);
    // Facts hold nothing that was filled in; the number that is to be called is masked in them.
    const facts = await Promise.all(heard.map((one) => one.facts('conversation.callback_asked')));
    expect(facts.map((text) => [FILLED.some((one) => text.includes(one)), text.includes('+8613900007777')])).toEqual([[false, true], [false, false]]);
    expect(JSON.stringify(await get('/v1/audit?limit=20'))).not.toContain('rosa@lamps');
    const keyed = tokens.map((token) => (path: string) => fetch(`${house.base}${path}`, { headers: { authorization: `Bearer ${token}` } }));
    for (const q of ['13900005678', '5678', 'rosa']) expect(await Promise.all(keyed.map((ask) => found(ask, q)))).toEqual([[], []]);
    heard.forEach((one) => { one.close(); });
    await ended(visitor);
    await visitor.close();
  });

  /** Both ways in which somebody hears of a conversation. */
  async function follow(token: string, subject: string) {
    const headers = { authorization: `Bearer ${token}` };
    const { ticket } = (await (await fetch(`${house.base}/v1/ws-tickets`, { method: 'POST', headers })).json()) as { ticket: string };
    const socket = new WebSocket(`${house.base.replace('http', 'ws')}/v1/conversations/ws?ticket=${ticket}`);
    const frames: string[] = [];
    socket.on('message', (data: Buffer) => frames.push(data.toString()));
    await new Promise<void>((resolve) => { socket.once('open', resolve); });
    const abort = new AbortController();
    const stream = await fetch(`${house.base}/v1/events?subject=${subject}`, { headers: { ...headers, 'last-event-id': '0' }, signal: abort.signal });
    return {
      socket: async () => {
        await expect.poll(() => frames.filter((frame) => frame.includes('"type":"conversation"')).length, { timeout: 10_000 }).toBeGreaterThan(0);
        return frames.join('\n');
      },
      async facts(last: string) {
        const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        while (!text.includes(last)) text += (await reader.read()).value ?? '';
        return text;
      },
      close() {
        abort.abort();
        socket.close();
      },
    };
  }

  it('an agent of the demo is offered a ticket of his queue, and is there for a chat all the same', async () => {
    await send('PUT', '/v1/agents/1001/presence', { ttl_seconds: 600 });
    await send('PUT', '/v1/agents/1001/state', { state: 'available' });
    const { body: ticket } = await send<{ id: string }>('POST', '/v1/tickets', { type: 'question', subject: 'for a queue' });
    expect((await send('POST', `/v1/tickets/${ticket.id}/queue`, { queue: 'support' })).status).toBe(202);
    const offered = async (subject: string): Promise<string> => (await house.when<Page<{ id: string; subject: string }>>('/v1/offers', 10_000, (page) => page.items.some((o) => o.subject === subject))).items.find((o) => o.subject === subject)!.id;
    expect((await send('POST', `/v1/offers/${await offered(`ticket:${ticket.id}`)}/accept`)).status).toBe(200);
    await house.when<{ assignee: string | null }>(`/v1/tickets/${ticket.id}`, 5_000, (t) => t.assignee === '1001');
    const visitor = await visit(house.base);
    expect((await send('POST', `/v1/offers/${await offered(`conversation:${await visitor.start()}`)}/accept`)).status).toBe(200);
    await ended(visitor);
    await visitor.close();
  });
});
