import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClient, type DemoClient } from './client.js';
import { deferred, within } from './deferred.js';
import { DemoFailed } from './failed.js';

let server: Server;
let client: DemoClient;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const json = (body: unknown, status = 200) => (_: IncomingMessage, response: ServerResponse) => void response.writeHead(status).end(JSON.stringify(body));
beforeEach(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'a-token');
});
afterEach(() => server.close());

it('shows its token and asks for the newest call', async () => {
  const asked: (string | undefined)[] = [];
  answer = (request, response) => {
    asked.push(request.url, request.headers.authorization);
    json({ items: [{ id: 'call_2' }], next_cursor: null })(request, response);
  };
  expect((await client.newestCall())?.id).toBe('call_2');
  expect(asked).toEqual(['/v1/calls?limit=1', 'Bearer a-token']);
});

it('knows no call before there is one', async () => {
  answer = json({ items: [], next_cursor: null });
  expect(await client.newestCall()).toBeUndefined();
});

it.each([404, 409])('waits for a recording that is answered %i', async (status) => {
  answer = json({}, status);
  expect(await client.recording('call_1')).toBeUndefined();
});

it('takes the recording as bytes', async () => {
  answer = (_, response) => void response.end(Buffer.from([1, 2, 3]));
  expect(await client.recording('call_1')).toEqual(Uint8Array.of(1, 2, 3));
});

it('fails with what the API said', async () => {
  answer = json({ code: 'internal' }, 500);
  await expect(client.call('call_1')).rejects.toThrow('GET /v1/calls/call_1: 500 {"code":"internal"}');
  await expect(client.recording('call_1')).rejects.toThrow(DemoFailed);
  await expect(client.degraded()).rejects.toThrow(DemoFailed);
});

it('hears what is degraded', async () => {
  answer = json({ status: 'degraded', degraded: ['prompts: being rendered'] });
  expect(await client.degraded()).toEqual(['prompts: being rendered']);
});

it('waits for a promise, but not for ever', async () => {
  const later = deferred<number>();
  const waiting = within(1_000, 'a number', later.promise);
  later.resolve(7);
  expect(await waiting).toBe(7);
  await expect(within(5, 'a number', deferred<number>().promise)).rejects.toThrow('a number: nothing within 5 ms');
});
