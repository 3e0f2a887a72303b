import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { freePorts } from '../kit/ports.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { visit, type Visitor } from '../kit/visitor.js';
import { folder } from './house.js';

type Offer = { id: string; subject: string; about: Record<string, unknown> };
type Heard = { subject: string; at: string };
type Talk = { id: string; state: string; agent: string | null; customer: string; end_why: string | null };
const SECRET = 'a secret of the shop with more than 32 characters';
let house: Strowger;
let smtp: SMTPServer;
const mails: string[] = [];

beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  smtp = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => { mails.push(Buffer.concat(parts).toString()); done(); });
    },
  });
  await new Promise<void>((resolve) => { smtp.listen(port, '127.0.0.1', resolve); });
  const config = folder({
    'chat.yaml': `chat:
  origins: ["https://shop.example"]
  customer_secret: "\${CHAT_SECRET}"
  form: [ { name: name, label: { zh-CN: 姓名, en: Name } }, { name: email, label: { zh-CN: 邮箱, en: E-mail }, kind: email } ]
  trail: { ask: { zh-CN: 可以吗, en: May we? } }
  invitations: [ { name: prices, pages: ["*/prices*"], after_seconds: 0, text: { zh-CN: 需要帮助吗？, en: Need help? } } ]
  limits: { frame_bytes: 4096, sessions_per_minute: 1000, frames_per_10s: 200 }
`,
    'mail.yaml': `smtp: { host: 127.0.0.1, port: ${String(port)}, tls: never, from: "shop@shop.example" }\n`,
  });
  house = await startStrowger({ agents: 2, config, env: { CHAT_SECRET: SECRET } });
  await here('1001');
});
afterAll(async () => {
  await house.stop();
  await new Promise<void>((resolve) => { smtp.close(() => { resolve(); }); });
});

const post = <T>(path: string, body?: unknown, method = 'POST') => house.api<T>(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const here = async (agent: string): Promise<void> => {
  await post(`/v1/agents/${agent}/presence`, { ttl_seconds: 600 }, 'PUT');
  await post(`/v1/agents/${agent}/state`, { state: 'available' }, 'PUT');
};
const offerOf = async (conversation: string): Promise<Offer> => {
  const { items } = await house.when<{ items: Offer[] }>('/v1/offers', 10_000, (body) => body.items.some((o) => o.subject === `conversation:${conversation}`));
  return items.find((o) => o.subject === `conversation:${conversation}`)!;
};
const take = async (conversation: string): Promise<string> => {
  const { id } = await offerOf(conversation);
  expect((await post(`/v1/offers/${id}/accept`)).status).toBe(200);
  return (await house.when<Talk>(`/v1/conversations/${conversation}`, 5_000, (c) => c.state === 'talking')).agent!;
};
/** The admin's token speaks for an agent: he joins first. */
const answer = async (conversation: string, text: string): Promise<void> => {
  await post(`/v1/conversations/${conversation}/join`);
  expect((await post(`/v1/conversations/${conversation}/messages`, { text })).status).toBe(201);
};
const end = async (visitor: Visitor): Promise<void> => {
  visitor.send({ type: 'end' });
  await visitor.next('state', (f) => f['state'] === 'ended');
  await visitor.close();
};
const base64 = (value: object | Buffer): string => (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString('base64url');
function customerToken(claims: object, secret = SECRET): string {
  const now = Math.floor(Date.now() / 1_000);
  const text = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64({ aud: 'strowger-chat', iat: now, exp: now + 300, ...claims })}`;
  return `${text}.${base64(createHmac('sha256', secret).update(text).digest())}`;
}
/** One red pixel, written by hand (PNG, ISO/IEC 15948 §5). */
function png(): Buffer {
  const crcOf = (bytes: Buffer): number => {
    let crc = 0xffffffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    return (crc ^ 0xffffffff) >>> 0;
  };
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    crc.writeUInt32BE(crcOf(body));
    return Buffer.concat([length, body, crc]);
  };
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])), chunk('IDAT', deflateSync(Buffer.from([0, 255, 0, 0]))), chunk('IEND', Buffer.alloc(0))]);
}

describe('a visitor', () => {
  it('waits with his place, talks, comes back after a loss of network, and hears nothing twice', async () => {
    const visitor = await visit(house.base);
    const id = await visitor.start({ name: '张伟' });
    expect(await visitor.next('place')).toMatchObject({ position: 1 });
    await visitor.say('我的订单在哪里');
    expect((await offerOf(id)).about).toMatchObject({ conversation: id, name: '张伟', preview: '我的订单在哪里' });
    const agent = await take(id);
    await visitor.next('state', (f) => f['state'] === 'talking');
    await answer(id, '马上查');
    await post(`/v1/conversations/${id}/messages`, { text: 'VIP, be nice', visibility: 'internal' });
    await post(`/v1/conversations/${id}/typing`, { on: true });
    expect(await visitor.next('typing', (f) => f['by'] === 'agent')).toMatchObject({ on: true });
    const said = await visitor.next('message', (f) => f['text'] === '马上查');
    visitor.send({ type: 'read', seq: said['seq'] });
    await house.when<{ parties: { party: string; read: number }[] }>(`/v1/conversations/${id}`, 5_000, (c) => c.parties.some((p) => p.party === `visitor:${visitor.id}` && p.read === said['seq']));
    visitor.drop();
    await post(`/v1/conversations/${id}/messages`, { text: '明天送到' });
    const again = await visit(house.base, { token: visitor.token, after: Number(said['seq']) });
    expect((again.frames[0]?.['messages'] as { text: string }[]).map((m) => m.text)).toEqual(['明天送到']);
    // The answer to this was lost: he sends it again.
    for (let i = 0; i < 2; i += 1) again.send({ type: 'say', client_id: 'same', text: '谢谢' });
    await expect.poll(() => again.frames.filter((f) => f.type === 'ack' && f['client_id'] === 'same').length).toBe(2);
    const { items } = (await house.api<{ items: { text: string; kind: string }[] }>(`/v1/conversations/${id}/messages`)).body;
    expect(items.filter((m) => m.kind === 'text').map((m) => m.text)).toEqual(['我的订单在哪里', '马上查', 'VIP, be nice', '明天送到', '谢谢']);
    expect(JSON.stringify([visitor.frames, again.frames])).not.toContain('VIP');
    await end(again);
    const shown = await house.api<{ items: { type: string }[] }>(`/v1/customers/${(await house.api<Talk>(`/v1/conversations/${id}`)).body.customer}/timeline`);
    expect([agent, shown.status]).toEqual(['1001', 200]);
  });

  it('says how it was, and has it mailed once; nobody else can', async () => {
    const visitor = await visit(house.base);
    const id = await visitor.start({ email: 'wei@customers.example' });
    await take(id);
    await answer(id, 'Hello <b>');
    visitor.send({ type: 'end' });
    await visitor.next('state', (f) => f['state'] === 'ended');
    visitor.send({ type: 'rate', rating: 5, comment: 'quick' });
    visitor.send({ type: 'transcript', email: 'wei@customers.example' });
    await visitor.next('done');
    visitor.send({ type: 'transcript', email: 'other@customers.example' });
    expect(await visitor.next('error')).toMatchObject({ code: 'chat.refused' });
    await house.when<{ rating: number | null }>(`/v1/conversations/${id}`, 5_000, (c) => c.rating === 5);
    await house.when<{ queues: { today: { survey_answers: number; satisfaction: number | null } }[] }>('/v1/live', 10_000, ({ queues }) => queues.some(({ today }) => today.survey_answers === 1 && today.satisfaction === 5));
    await expect.poll(() => mails.filter((m) => m.includes('Hello <b>')).length, { timeout: 10_000 }).toBe(1);
    await visitor.close();
  });

  it('goes on at another device with the word of his shop, and only with it', async () => {
    const [desktop, phone, stranger] = [await visit(house.base, { customerToken: customerToken({ sub: 'M-7', name: 'Li Na' }) }), await visit(house.base, { customerToken: customerToken({ sub: 'M-7' }) }), await visit(house.base)];
    const id = await desktop.start();
    await desktop.say('from my desktop');
    const back = await visit(house.base, { token: phone.token });
    expect(back.frames[0]).toMatchObject({ conversation: { id } });
    await back.say('from my phone');
    await desktop.next('message', (f) => f['text'] === 'from my phone');
    stranger.send({ type: 'say', client_id: 'x', text: 'mine?' });
    expect(await stranger.next('error')).toMatchObject({ code: 'chat.no_conversation' });
    for (const token of [customerToken({ sub: 'M-7' }, 'another secret, also more than 32 characters long'), customerToken({ sub: 'M-7', exp: 1 }), 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJNLTcifQ.'])
      await expect(visit(house.base, { customerToken: token })).rejects.toThrow('401');
    // Somebody else who logs in at the same browser is another visitor.
    const next = await visit(house.base, { token: desktop.token, customerToken: customerToken({ sub: 'M-8' }) });
    expect([next.id === desktop.id, next.frames[0]?.['conversation']]).toEqual([false, null]);
    await Promise.all([phone.close(), stranger.close(), back.close(), next.close()]);
    await end(desktop);
  });

  it('sends pictures that are drawn anew, and nothing that is a web page', async () => {
    const visitor = await visit(house.base);
    const id = await visitor.start();
    const upload = (name: string, body: Buffer, token = visitor.token) => fetch(`${house.base}/v1/chat/files?name=${name}`, { method: 'POST', headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${token}` }, body: new Uint8Array(body) });
    const made = await upload('../../etc/cat.png', png());
    const file = (await made.json()) as { id: string; name: string; url: string };
    expect([made.status, file.name]).toEqual([201, 'cat.png']);
    await visitor.say('', { file: file.id });
    const message = await visitor.next('message', (f) => f['kind'] === 'file');
    const opened = await fetch(`${house.base}${(message['file'] as { url: string }).url}`);
    expect([opened.status, opened.headers.get('content-type'), opened.headers.get('x-content-type-options')]).toEqual([200, 'image/png', 'nosniff']);
    expect((await house.raw(`/v1/files/${file.id}`)).status).toBe(200);
    expect([(await upload('a.html', Buffer.from('<html><script>1</script>'))).status, (await upload('a.png', png(), 'vt_nobody')).status]).toEqual([415, 401]);
    const other = await visit(house.base);
    await other.start();
    await expect(other.say('', { file: file.id })).rejects.toThrow('files.no_such_file');
    await Promise.all([end(other), end(visitor)]);
    expect((await house.api<Talk>(`/v1/conversations/${id}`)).body.end_why).toBe('visitor');
  });

  it('is followed over pages with his consent, is invited, and what he looked at is told', async () => {
    const visitor = await visit(house.base);
    visitor.send({ type: 'page', url: 'https://shop.example/prices' });
    expect(await visitor.next('error')).toMatchObject({ code: 'chat.not_allowed' });
    visitor.send({ type: 'consent', browsing: true });
    visitor.send({ type: 'page', url: 'https://shop.example/prices?x=1', title: 'Prices' });
    expect(await visitor.next('invitation')).toMatchObject({ name: 'prices', text: 'Need help?' });
    visitor.send({ type: 'start', client_id: 's', form: {}, invitation: 'prices' });
    const { conversation } = (await visitor.next('started')) as unknown as { conversation: { id: string } };
    const { body } = await house.api<{ source: string; customer: string }>(`/v1/conversations/${conversation.id}`);
    expect(body.source).toBe('invitation:prices');
    const timeline = await house.when<{ items: { type: string; data: { pages?: { url: string }[] } }[] }>(`/v1/customers/${body.customer}/timeline`, 5_000, (t) => t.items.some((i) => i.type === 'conversation.browsed'));
    expect(timeline.items.find((i) => i.type === 'conversation.browsed')?.data.pages).toMatchObject([{ url: 'https://shop.example/prices?x=1' }]);
    await end(visitor);
  });
});

it('an agent hears at once what is said and being written, notes too, and shows that he writes', async () => {
  const visitor = await visit(house.base);
  const id = await visitor.start();
  await take(id);
  await post(`/v1/conversations/${id}/join`);
  const { body } = await post<{ ticket: string }>('/v1/ws-tickets');
  const open = (ticket: string) => new WebSocket(`${house.base.replace('http', 'ws')}/v1/conversations/ws?ticket=${ticket}`);
  const socket = open(body.ticket);
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => heard.push(data.toString()));
  await new Promise((resolve) => { socket.once('open', resolve); });
  visitor.send({ type: 'typing', on: true });
  await visitor.say('你好');
  await post(`/v1/conversations/${id}/messages`, { text: 'a note', visibility: 'internal' });
  await expect.poll(() => heard.filter((one) => one.includes('你好') || one.includes('a note') || (one.includes('"typing"') && one.includes(visitor.id))).length).toBe(3);
  socket.send(JSON.stringify({ type: 'typing', conversation: id, on: true }));
  expect(await visitor.next('typing')).toMatchObject({ by: 'agent', on: true });
  socket.close();
  // A ticket opens one socket.
  const again = open(body.ticket);
  expect(await new Promise((resolve) => { again.on('unexpected-response', (_request, response) => { resolve(response.statusCode); again.terminate(); }); again.on('error', () => undefined); })).toBe(401);
  await end(visitor);
});

describe('the queue', () => {
  it('offers freed capacity within 200 ms (P33), and gives a chat whose agent\'s desktop is gone to the next', async () => {
    const crowd = await Promise.all(Array.from({ length: 4 }, () => visit(house.base)));
    const ids: string[] = [];
    for (const visitor of crowd) ids.push(await visitor.start());
    for (const id of ids.slice(0, 3)) await take(id);
    const heard = await eventsOf('conversation.offered', 'conversation.ended');
    crowd[0]!.send({ type: 'end' });
    const offered = await heard.next((f) => f.subject === `conversation:${ids[3]!}`);
    const ended = await heard.next((f) => f.subject === `conversation:${ids[0]!}`);
    heard.close();
    expect(Date.parse(offered.at) - Date.parse(ended.at)).toBeLessThan(200);
    await here('1002');
    await post('/v1/agents/1001/presence', undefined, 'DELETE');
    expect(await take(ids[1]!)).toBe('1002');
    await crowd[1]!.next('state', (f) => f['state'] === 'queued');
    await here('1001');
    await Promise.all(crowd.slice(1).map(end));
    await post('/v1/agents/1002/presence', undefined, 'DELETE');
  });

  it('that is closed takes messages, which become tickets', async () => {
    const settings = await house.raw('/v1/queues/support/settings');
    const patch = (mode: string | null, etag: string) => house.raw('/v1/queues/support/settings', { method: 'PATCH', body: JSON.stringify({ mode }), headers: { 'if-match': etag, 'content-type': 'application/merge-patch+json' } });
    const closed = await patch('closed', settings.headers.get('etag')!);
    expect(closed.status).toBe(200);
    const visitor = await visit(house.base);
    await expect(visitor.start()).rejects.toThrow('chat.closed');
    const left = await fetch(`${house.base}/v1/chat/offline`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${visitor.token}` }, body: JSON.stringify({ form: { name: 'Wei', email: 'wei@customers.example' }, text: 'Where is my order?' }) });
    const { ticket } = (await left.json()) as { ticket: string };
    expect((await house.api<{ items: object[] }>(`/v1/tickets?number=${ticket}`)).body.items).toMatchObject([{ channel: 'chat', text: 'Where is my order?', requester: { name: 'Wei', email: 'wei@customers.example' } }]);
    await visitor.close();
    expect((await patch(null, closed.headers.get('etag')!)).status).toBe(200);
  });
});

it.each(['chat.md', 'chat.zh-CN.md'])('the example of docs/%s is answered', async (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const [, path = ''] = /curl -s localhost:8080(\S+)/.exec(text) ?? [];
  expect([path, (await house.raw(path)).status]).toEqual(['/v1/conversations?state=live', 200]);
});

it('strangers: foreign pages, tokens in URLs, no hello, frames too large or too many', async () => {
  const tried = (path: string, headers: Record<string, string> = {}) => new Promise<number>((resolve) => {
    const socket = new WebSocket(`${house.base.replace('http', 'ws')}${path}`, { headers });
    socket.on('unexpected-response', (_request, response) => { resolve(response.statusCode ?? 0); socket.terminate(); });
    socket.on('open', () => { resolve(101); socket.close(); });
    socket.on('error', () => undefined);
  });
  expect(await tried('/v1/chat/ws', { origin: 'https://evil.example' })).toBe(403);
  expect(await tried('/v1/chat/ws', { origin: 'https://shop.example' })).toBe(101);
  expect(await tried('/v1/chat/ws?token=vt_1')).toBe(400);
  const closing = async (send: (visitor: Visitor) => void): Promise<number> => {
    const visitor = await visit(house.base);
    send(visitor);
    return visitor.closed;
  };
  expect(await closing((v) => { v.send({ type: 'say', client_id: 'x', text: 'x'.repeat(5_000) }); })).toBe(1009);
  expect(await closing((v) => { v.send({ type: 'nonsense' }); })).toBe(1008);
  expect(await closing((v) => { for (let i = 0; i < 400; i += 1) v.send({ type: 'ping' }); })).toBe(1008);
  const mute = new WebSocket(`${house.base.replace('http', 'ws')}/v1/chat/ws`);
  mute.on('open', () => { mute.send('{"type":"ping"}'); });
  expect(await new Promise((resolve) => { mute.once('close', resolve); })).toBe(1008);
});

it('kill -9: what was confirmed is there, in its order, and the visitor goes on', async () => {
  await here('1001');
  const visitor = await visit(house.base);
  const id = await visitor.start();
  await take(id);
  const confirmed: string[] = [];
  let sent = 0;
  const lane = async (): Promise<void> => {
    for (let text = `m${String(sent++)}`; sent < 80; text = `m${String(sent++)}`) {
      await visitor.say(text);
      confirmed.push(text);
    }
  };
  for (let i = 0; i < 4; i += 1) lane().catch(() => undefined); // cut off by the kill
  await expect.poll(() => confirmed.length, { timeout: 10_000, interval: 1 }).toBeGreaterThan(20);
  house.kill('app');
  await visitor.closed;
  await house.when<Talk>(`/v1/conversations/${id}`, 30_000, (c) => c.state === 'talking');
  const { items } = (await house.api<{ items: { text: string; kind: string; seq: number }[] }>(`/v1/conversations/${id}/messages`)).body;
  const kept = items.filter((m) => m.kind === 'text').map((m) => m.text);
  expect(confirmed.filter((text) => !kept.includes(text))).toEqual([]);
  expect(kept).toEqual([...kept].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
  expect(items.map((m) => m.seq)).toEqual(items.map((_, i) => i + 1));
  const back = await visit(house.base, { token: visitor.token });
  await back.say('still here');
  await end(back);
});

/** What happens from now on, as agents hear it. */
async function eventsOf(...types: string[]) {
  const { body } = await post<{ ticket: string }>('/v1/ws-tickets');
  const socket = new WebSocket(`${house.base.replace('http', 'ws')}/v1/events/ws?ticket=${body.ticket}${types.map((type) => `&type=${type}`).join('')}`);
  const facts: Heard[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    facts.push(JSON.parse(data.toString()) as Heard);
    waiting.forEach((look) => { look(); });
  });
  await new Promise<void>((resolve) => { socket.once('open', resolve); });
  return {
    next: (fits: (fact: Heard) => boolean) => new Promise<Heard>((resolve) => {
      const look = (): void => {
        const found = facts.find(fits);
        if (found) resolve(found);
      };
      waiting.add(look);
      look();
    }),
    close: () => { socket.close(); },
  };
}
