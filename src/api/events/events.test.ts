import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { admin, type Permission, type Principal, type Scope } from '../../access/index.js';
import { createEvents, createFeed, type Events, type Feed } from '../../events/index.js';
import { openStore, type Store } from '../../store/index.js';
import { rooms, TOKEN } from '../api.fixture.js';
import { serveApi, type HttpDoor } from '../serve.js';
import { matches } from './filter.js';
import { createEventStreams, createTickets, eventSocket, permissionOf, type EventDoors, type StreamsOptions } from './index.js';

let store: Store;
let events: Events;
let feed: Feed;
let doors: EventDoors;
let door: HttpDoor;
let base: string;
const open: { close(): void }[] = [];
let permissions: Partial<Record<Permission, Scope>> = {};
const lin: Principal = { ...admin, id: 'usr_lin', name: 'lin', kind: 'user', agent: '1001', teams: ['north'], may: (permission) => permissions[permission] };

async function serve(options: Partial<StreamsOptions> = {}): Promise<void> {
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log: { error: () => undefined } });
  feed = createFeed({ events });
  doors = { streams: createEventStreams({ feed, ownerOf: (subject) => (subject === 'call:mine' ? { agent: '1001', teams: [] } : subject === 'call:ours' ? { agent: '1002', teams: ['north'] } : undefined), ...options }), tickets: createTickets() };
  const { app } = rooms({}, { eventDoors: doors, authenticate: (token) => (token === TOKEN ? admin : token === 'lin' ? lin : token === 'masked' ? { ...lin, sees: () => false } : token === 'team' ? { ...lin, may: (p) => (p === 'calls.read' ? 'team' : permissions[p]) } : undefined) });
  door = await serveApi(app, { host: '127.0.0.1', port: 0 });
  door.onUpgrade('/v1/events/ws', eventSocket(doors, (error) => { throw error; }));
  base = `http://127.0.0.1:${door.port}`;
}
beforeEach(() => serve());
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  doors.streams.close();
  await door.close(100);
  permissions = {};
});
const digit = (n: number, call = '1'): number => events.publish('call.digits', `call:${call}`, { digits: String(n) }).seq;

interface Message { readonly id: string | undefined; readonly data: { seq: number; type: string; at: string; subject: string; data: { digits?: string } } | undefined }
/** An SSE client, as far as a test needs it. */
async function follow(query = '', headers: Record<string, string> = {}, token = TOKEN) {
  const leave = new AbortController();
  open.push({ close: () => leave.abort() });
  const response = await fetch(`${base}/v1/events${query}`, { headers: { authorization: `Bearer ${token}`, ...headers }, signal: leave.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const message = async (): Promise<Message | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string): string | undefined => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const data = field('data');
        return { id: field('id'), data: data === undefined ? undefined : (JSON.parse(data) as NonNullable<Message['data']>) };
      }
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += value;
    }
  };
  const next = async (): Promise<NonNullable<Message['data']>> => {
    for (;;) {
      const one = await message();
      if (!one) throw new Error('the stream ended');
      if (one.data) return one.data;
    }
  };
  return { response, message, next, leave: () => leave.abort(), take: async (n: number) => { const all = []; for (let i = 0; i < n; i += 1) all.push(await next()); return all; } };
}
async function listen(query: string, token = TOKEN) {
  const { ticket } = (await (await fetch(`${base}/v1/ws-tickets`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })).json()) as { ticket: string };
  const socket = new WebSocket(`${base.replace('http', 'ws')}/v1/events/ws?ticket=${ticket}${query}`);
  open.push(socket);
  const heard: NonNullable<Message['data']>[] = [];
  let came = (): void => undefined;
  socket.on('message', (data: Buffer) => { heard.push(JSON.parse(data.toString()) as NonNullable<Message['data']>); came(); });
  await once(socket, 'open');
  const take = async (n: number) => { while (heard.length < n) await new Promise<void>((resolve) => (came = resolve)); return heard.splice(0, n); };
  return { socket, take, ticket };
}
const seqs = (messages: readonly { seq: number }[]): number[] => messages.map(({ seq }) => seq);
const problem = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as { code: string }).code];
const upgrade = (query: string): Promise<[number | undefined, string]> =>
  new Promise((resolve) => {
    new WebSocket(`${base.replace('http', 'ws')}/v1/events/ws${query}`).on('unexpected-response', (_req, res) => {
      let text = '';
      res.on('data', (chunk: Buffer) => (text += chunk.toString()));
      res.on('end', () => resolve([res.statusCode, (JSON.parse(text) as { code: string }).code]));
    });
  });

describe('GET /v1/events', () => {
  it('tells what happens, numbered, from now on', async () => {
    digit(1);
    const stream = await follow();
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect((await stream.message())?.id).toBe('1'); // where a browser goes on when the line breaks before anything happened
    digit(2);
    expect(await stream.next()).toEqual({ id: expect.stringMatching(/^evt_/), seq: 2, type: 'call.digits', at: expect.stringMatching(/Z$/), subject: 'call:1', data: { digits: '2' } });
  });

  it('goes on where it was broken off, without gap or repetition', async () => {
    for (let n = 1; n <= 5; n += 1) digit(n);
    const first = await follow('?after=0');
    expect(seqs(await first.take(3))).toEqual([1, 2, 3]);
    first.leave();
    for (let n = 6; n <= 500; n += 1) digit(n);
    const second = await follow('?after=0', { 'last-event-id': '3' });
    expect(seqs(await second.take(497))).toEqual(Array.from({ length: 497 }, (_, i) => i + 4));
  });

  it('tells only what was asked for, and moves the mark over the rest', async () => {
    await door.close(0);
    await serve({ beatMs: 50 });
    const stream = await follow('?type=call.*&type=app.started&subject=call:1&after=0');
    digit(1, '2');
    events.publish('edge.back', 'edge', {});
    digit(2, '1');
    expect(seqs([await stream.next()])).toEqual([3]);
    events.publish('edge.back', 'edge', {});
    for (let beat = await stream.message(); beat?.id !== '4'; beat = await stream.message()) expect(beat?.data).toBeUndefined();
  });

  it.each(['?type=call.$', '?type=a*b*c*d*.x', '?after=-1', '?after=x', '?subject='])('refuses %s', async (query) => {
    const response = await fetch(`${base}/v1/events${query}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(await problem(response)).toEqual([400, 'malformed']);
  });

  it('says when somebody is ahead of the log', async () => {
    const response = await fetch(`${base}/v1/events`, { headers: { authorization: `Bearer ${TOKEN}`, 'last-event-id': '99' } });
    expect(await problem(response)).toEqual([409, 'event_ahead']);
  });

  it('answers HEAD without opening a stream', async () => {
    const response = await fetch(`${base}/v1/events`, { method: 'HEAD', headers: { authorization: `Bearer ${TOKEN}` } });
    expect([response.status, doors.streams.open()]).toEqual([200, 0]);
  });

  it('has so many streams for one and no more', async () => {
    await door.close(0);
    await serve({ mostEach: 2 });
    const [one] = await Promise.all([follow(), follow()]);
    const refused = await fetch(`${base}/v1/events`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect([await problem(refused), refused.headers.get('retry-after')]).toEqual([[429, 'too_many_streams'], '10']);
    one.leave();
    await expect.poll(() => doors.streams.open()).toBe(1);
    expect((await follow()).response.status).toBe(200);
  });

  it('drops who takes nothing, keeps nothing for him, and he goes on later', async () => {
    await door.close(0);
    await serve({ stallMs: 200, beatMs: 100 });
    const slow = httpRequest(`${base}/v1/events?after=0`, { headers: { authorization: `Bearer ${TOKEN}` } });
    open.push({ close: () => slow.destroy() });
    slow.on('error', () => undefined).end();
    const [answer] = (await once(slow, 'response')) as [IncomingMessage];
    answer.pause().on('error', () => undefined);
    const big = 'x'.repeat(64_000);
    for (let n = 0; n < 400; n += 1) events.publish('call.digits', 'call:1', { digits: big });
    await expect.poll(() => doors.streams.open(), { timeout: 10_000 }).toBe(0);
    const again = await follow('?after=398');
    expect(seqs(await again.take(2))).toEqual([399, 400]);
  });

  it('ends when the house closes', async () => {
    const stream = await follow();
    await stream.message();
    doors.streams.close();
    expect(await stream.message()).toBeUndefined();
  });
});

describe('who may hear what', () => {
  it('is not told what he may not read', async () => {
    Object.assign(permissions, { 'events.read': 'all', 'calls.read': 'all' });
    const stream = await follow('', {}, 'lin');
    await stream.message();
    events.publish('agent.wrap_up_extended', 'agent:1001', { agent: '1001', until_ms: 5 });
    events.publish('call.transcript_segment', 'call:1', { recording: 'r', part: 1, speaker: 'other', start_ms: 0, end_ms: 1, text: 'secret', confidence: 1 });
    digit(1);
    expect((await stream.next()).seq).toBe(3);
  });

  it('hears of his own and his teams\' calls where he may no more', async () => {
    Object.assign(permissions, { 'events.read': 'all', 'calls.read': 'own', 'agents.read': 'own' });
    const [own, team] = await Promise.all([follow('', {}, 'lin'), follow('', {}, 'team')]);
    await Promise.all([own.message(), team.message()]);
    digit(1, 'theirs');
    digit(2, 'ours');
    digit(3, 'mine');
    events.publish('call.bridged', 'call:elsewhere', { agent: '1001' });
    events.publish('agent.wrap_up_extended', 'agent:1002', { agent: '1002', until_ms: 5 });
    events.publish('agent.wrap_up_extended', 'agent:1001', { agent: '1001', until_ms: 5 });
    expect([seqs(await own.take(3)), seqs(await team.take(4))]).toEqual([[3, 4, 6], [2, 3, 4, 6]]);
  });

  it('sees numbers only where he may', async () => {
    Object.assign(permissions, { 'events.read': 'all', 'calls.read': 'all' });
    const [all, some] = await Promise.all([follow(), follow('', {}, 'masked')]);
    await Promise.all([all.message(), some.message()]);
    events.publish('call.started', 'call:1', { direction: 'inbound', from: '+8613800138000', to: '4000' });
    expect(JSON.stringify(await all.next())).toContain('13800138000');
    expect(JSON.stringify(await some.next())).not.toContain('13800138000');
  });

  it('needs events.read, by either door', async () => {
    const refused = await fetch(`${base}/v1/events`, { headers: { authorization: 'Bearer lin' } });
    expect(await problem(refused)).toEqual([403, 'forbidden']);
    expect(await upgrade(`?ticket=${doors.tickets.give(lin)}`)).toEqual([403, 'forbidden']);
  });

  it('is cut off when he is let in no more', async () => {
    Object.assign(permissions, { 'events.read': 'all' });
    const gone = new AbortController();
    const socket = new WebSocket(`${base.replace('http', 'ws')}/v1/events/ws?ticket=${doors.tickets.give(Object.assign({ ...lin }, { gone: gone.signal }))}`);
    await once(socket, 'open');
    gone.abort();
    expect(((await once(socket, 'close')) as [number])[0]).toBe(1008);
  });

  it('every kind of fact takes a permission of its own kind', () => {
    expect([permissionOf('call.ended'), permissionOf('call.transcript_segment'), permissionOf('trunk.attempt')]).toEqual(['calls.read', 'transcripts.read', 'trunks.read']);
  });
});

describe('/v1/events/ws', () => {
  it('tells the same, after the number given', async () => {
    [1, 2, 3].forEach((n) => digit(n));
    const { take } = await listen('&after=1&type=call.*');
    digit(4);
    expect(seqs(await take(3))).toEqual([2, 3, 4]);
  });

  it('opens once for a ticket, and never for a token', async () => {
    const { ticket } = await listen('');
    expect(await upgrade(`?ticket=${ticket}`)).toEqual([401, 'no_ticket']);
    expect(await upgrade('')).toEqual([401, 'no_ticket']);
    expect(await upgrade(`?token=${TOKEN}`)).toEqual([400, 'token_in_url']);
    expect(await upgrade(`?ticket=${doors.tickets.give(admin)}&after=x`)).toEqual([400, 'malformed']);
    expect(await upgrade(`?ticket=${doors.tickets.give(admin)}&after=7`)).toEqual([409, 'event_ahead']);
  });

  it('takes nothing: who speaks is sent away', async () => {
    const { socket } = await listen('');
    socket.send('hello');
    expect(((await once(socket, 'close')) as [number])[0]).toBe(1003);
    await expect.poll(() => doors.streams.open()).toBe(0);
  });

  it('closes with "restarting" when the house does', async () => {
    const { socket } = await listen('');
    doors.streams.close();
    expect(((await once(socket, 'close')) as [number])[0]).toBe(1012);
  });

  it('hears everything once while it is being published', async () => {
    const { take } = await listen('&after=0');
    for (let n = 1; n <= 3_000; n += 1) {
      digit(n);
      if (n % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seqs(await take(3_000))).toEqual(Array.from({ length: 3_000 }, (_, i) => i + 1));
  });
});

it('a ticket is good for a minute, once, and many are not kept for ever', () => {
  let now = 0;
  const tickets = createTickets({ now: () => now, most: 100 });
  const [one, two] = [tickets.give(admin), tickets.give(admin)];
  now = 59_999;
  expect([tickets.take(one), tickets.take(one)]).toEqual([admin, undefined]);
  now = 60_000;
  expect(tickets.take(two)).toBeUndefined();
  for (let n = 0; n < 1_000; n += 1) tickets.give(admin);
  expect(tickets.size()).toBeLessThanOrEqual(100);
});

it('a pattern means what a regular expression would, without being one', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 6 });
  fc.assert(fc.property(glob, word, (pattern, type) => {
    expect(matches(pattern, type)).toBe(new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(type));
  }), { numRuns: 500 });
});
