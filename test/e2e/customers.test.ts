import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { visit, type Visitor } from '../kit/visitor.js';
import { folder } from './house.js';

type Talk = { id: string; state: string; customer: string | null };
type Page<T> = { items: T[]; next_cursor: string | null };
const SECRET = 'a secret of the shop with more than 32 characters';
let house: Strowger;

beforeAll(async () => {
  const config = folder({ 'chat.yaml': 'chat: { customer_secret: "${CHAT_SECRET}", limits: { sessions_per_minute: 1000, frames_per_10s: 500 } }\n' });
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
