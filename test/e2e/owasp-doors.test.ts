import { connect, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { WebSocket } from 'ws';
import { send as raw } from '../kit/openapi/send.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { visit } from '../kit/visitor.js';
import { until, within } from '../kit/wait.js';
import { asking, logIn, PASSWORD } from './furnished.js';
import { folder } from './house.js';

/** What strangers do at the sockets themselves; the rest of docs/security.md is in owasp.test.ts and beside the code. */
let house: Strowger;
beforeAll(async () => {
  house = await startStrowger({
    agents: 1, phones: 1,
    config: folder({ 'access.yaml': 'access: { lockout: { tries: 5, per_source: 2000 } }\n', 'chat.yaml': 'chat: { limits: { frame_bytes: 4096, sessions_per_minute: 1000, frames_per_10s: 5000 } }\n' }),
  });
  for (const login of ['lin', 'mei']) await house.api('/v1/users', { method: 'POST', body: JSON.stringify({ login, name: login, password: PASSWORD, roles: ['admin'] }) });
});
afterAll(() => house.stop());
beforeEach(() => onTestFailed(() => { console.error(house.output().slice(-4_000)); }));

const health = async (): Promise<number> => (await fetch(`${house.base}/healthz`)).status;
const attempt = (login: string, password: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${house.base}/v1/login`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ login, password }) });

/** A connection that has said this much and nothing more. */
function unfinished(text: string): { readonly socket: Socket; readonly closed: Promise<void>; readonly said: () => string } {
  const socket = connect(house.ports.http, '127.0.0.1');
  let said = '';
  socket.on('data', (data) => { said += data.toString('latin1'); });
  socket.on('error', () => undefined); // the other side may cut it off: 'close' follows
  socket.write(text);
  return { socket, closed: new Promise((resolve) => socket.once('close', () => { resolve(); })), said: () => said };
}

describe('connections', () => {
  it('hundreds that never finish their headers or bodies hinder nobody, and are cut off', async () => {
    const slow = [
      ...Array.from({ length: 300 }, () => unfinished('GET /v1/calls HTTP/1.1\r\nHost: x\r\nX-Slow: ')),
      ...Array.from({ length: 200 }, () => unfinished('POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"login":"')),
    ];
    for (let i = 0; i < 20; i += 1) expect([await health(), (await house.api('/v1/queues')).status]).toEqual([200, 200]);
    expect(slow.filter(({ socket }) => socket.destroyed).length).toBe(0);
    await within(60_000, 'all of them to be cut off', Promise.all(slow.map(({ closed }) => closed)));
    expect(await health()).toBe(200);
  });

  it.each([
    ['two lengths', 'POST /v1/teams HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}'],
    ['a length and chunks', 'POST /v1/teams HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/calls HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a header of several lines', 'GET /v1/calls HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n'], ['bare line feeds', 'GET /healthz HTTP/1.1\nHost: x\nX: \x00\n\n'], ['endless headers', `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
  ])('%s: refused, and the connection is closed', async (_what, text) => {
    const { closed, said } = unfinished(text);
    await within(20_000, 'the end of the connection', closed);
    expect(said()).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(said().match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });
});

describe('WebSockets', () => {
  const ticket = async (): Promise<string> => (await house.api<{ ticket: string }>('/v1/ws-tickets', { method: 'POST' })).body.ticket;
  const open = async (path: string): Promise<WebSocket> => {
    const socket = new WebSocket(house.base.replace('http', 'ws') + path);
    await within(10_000, 'the socket to open', new Promise<void>((resolve, reject) => { socket.once('open', resolve); socket.once('error', reject); }));
    socket.on('error', () => undefined); // it may be cut off while we send: 'close' follows
    return socket;
  };
  const DOORS = [['visitors', () => Promise.resolve('/v1/chat/ws')], ['events', async () => `/v1/events/ws?ticket=${await ticket()}`], ['desktops', async () => `/v1/conversations/ws?ticket=${await ticket()}`]] as const;
  const closing = (socket: WebSocket): Promise<number> => within(20_000, 'the socket to be closed', new Promise((resolve) => socket.once('close', resolve)));

  it.each(DOORS)('of %s: a message too large, in one frame or in thousands, ends the connection', async (_who, path) => {
    const [one, many] = [await open(await path()), await open(await path())];
    const ends = [closing(one), closing(many)];
    one.send('x'.repeat(300_000));
    for (let i = 0; i < 300_000 && many.readyState === WebSocket.OPEN; i += 1) {
      many.send('x', { fin: false });
      if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve)); // the other side may have had enough
    }
    expect((await Promise.all(ends)).filter((code) => ![1006, 1008, 1009].includes(code))).toEqual([]);
    expect(await health()).toBe(200);
  });

  it.each(DOORS)('of %s: who pings without end and reads nothing is cut off', async (_who, path) => {
    const key = Buffer.from('the sample nonce').toString('base64');
    const { socket, closed } = unfinished(`GET ${await path()} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`);
    await within(10_000, 'the upgrade', new Promise((resolve) => socket.once('data', resolve)));
    socket.pause();
    const ping = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125)]); // masked with zeros (RFC 6455 §5.3)
    const burst = Buffer.concat(Array.from({ length: 500 }, () => ping));
    const before = memory();
    for (let sent = 0; sent < 2_000 && !socket.destroyed; sent += 1) if (!socket.write(burst)) await Promise.race([closed, new Promise((resolve) => socket.once('drain', resolve))]);
    await within(20_000, 'the end of the connection', closed);
    expect(memory() - before).toBeLessThan(100);
    expect(await health()).toBe(200);
  });

  it('a page of another site opens none for the cookie of somebody who is logged in', async () => {
    const { cookie } = await logIn(house, 'lin');
    for (const path of ['/v1/events/ws', '/v1/conversations/ws']) {
      const socket = new WebSocket(house.base.replace('http', 'ws') + path, { headers: { cookie, origin: 'https://evil.example' } });
      expect(await new Promise((resolve) => socket.once('unexpected-response', (_request, response) => { resolve(response.statusCode); }))).toBe(401);
    }
  });

  it('a visitor who sends rubbish hinders no other', async () => {
    const [quiet, loud] = [await visit(house.base), await visit(house.base)];
    for (const text of ['{', '[]', '{"type":"say"}', '{"type":"__proto__"}', '{"type":"hello","token":{"$gt":""}}', '[['.repeat(500)]) loud.send(JSON.parse(JSON.stringify({ type: text })) as never);
    await quiet.close();
    await loud.close();
    expect(await health()).toBe(200);
  });
});

describe('log-in', () => {
  it('hundreds at once: some are told to come back, nothing waits for them, and the right one is let in afterwards', async () => {
    const before = memory();
    const flood = Promise.all(Array.from({ length: 400 }, async (_, i) => (await attempt(`guess${String(i)}`, 'guess')).status));
    let served = 0;
    const state = { over: false };
    void flood.then(() => { state.over = true; });
    do {
      expect([(await house.api('/v1/queues')).status, await health()]).toEqual([200, 200]);
      served += 1;
    } while (!state.over);
    const statuses = await flood;
    expect([[...new Set(statuses)].sort(), statuses.includes(503), served > 0, memory() - before < 400]).toEqual([[401, 503], true, true, true]);
    expect((await attempt('lin', PASSWORD)).status).toBe(200);
  });

  it('a name that nobody has is answered as one that somebody has, the lock after too many tries too', async () => {
    const told = async (login: string): Promise<unknown[]> => {
      const answers: unknown[] = [];
      for (let i = 0; i < 7; i += 1) {
        const response = await attempt(login, `guess ${String(i)}`);
        const { request_id: _one, hint: _seconds, ...body } = (await response.json()) as Record<string, unknown>;
        answers.push([response.status, body, [...response.headers.keys()].sort()]);
      }
      return answers;
    };
    expect(await told('mei')).toEqual(await told('nobody-at-all'));
  });

  it('a session that a stranger chose is not taken over: whoever logs in gets one of his own', async () => {
    const response = await attempt('lin', PASSWORD, { cookie: 'strowger_session=chosen-by-eve' });
    const [cookie = ''] = response.headers.getSetCookie();
    expect([response.status, cookie.includes('chosen-by-eve'), /HttpOnly/.test(cookie), /SameSite=Lax/.test(cookie)]).toEqual([200, false, true, true]);
    expect((await fetch(`${house.base}/v1/me`, { headers: { cookie: 'strowger_session=chosen-by-eve' } })).status).toBe(401);
    const [first, second] = [await logIn(house, 'lin'), await logIn(house, 'lin')];
    expect(first.cookie).not.toBe(second.cookie);
    expect((await asking(house, { ...second, csrf: first.csrf })('POST', '/v1/teams', '{"name":"Forged"}')).status).toBe(403);
  });

  it('a session that was left is over, wherever its cookie is shown', async () => {
    const browser = await logIn(house, 'lin');
    expect((await asking(house, browser)('POST', '/v1/logout')).status).toBe(204);
    expect((await asking(house, browser)('GET', '/v1/me')).status).toBe(401);
  });
});

describe('what a browser is told', () => {
  it.each(['/docs', '/chat/', '/chat/widget.js', '/my-tickets', '/openapi.json', '/v1/me', '/v1/nothing', '/healthz', '/v1/login/providers'])('%s runs and frames nothing of anybody else', async (path) => {
    const { headers } = await house.raw(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect([headers.get('x-content-type-options'), headers.get('referrer-policy'), policy.startsWith("default-src 'none'"), /frame-ancestors '(none|self)'/.test(policy), /unsafe-eval|script-src[^;]*unsafe-inline|\*/.test(policy)]).toEqual(['nosniff', 'no-referrer', true, true, false]);
    if (path.startsWith('/v1/')) expect(headers.get('cache-control')).toContain('no-store');
  });

  it('pages of other sites may read nothing, and are not answered as if they might', async () => {
    const { headers } = await raw(house.ports.http, { method: 'OPTIONS', path: '/v1/calls', headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' }, body: undefined });
    const got = await house.raw('/v1/queues', { headers: { origin: 'https://evil.example' } });
    expect([headers['access-control-allow-origin'], got.headers.get('access-control-allow-origin')]).toEqual([undefined, null]);
  });
});

it('is still the process that was started', async () => {
  await until('a healthy house', 5_000, async () => (await health()) === 200);
  expect(house.output()).not.toMatch(/heap out of memory|Unhandled|uncaught/i);
});

/** Megabytes of the application. */
function memory(): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(house.pid('app'))}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}
