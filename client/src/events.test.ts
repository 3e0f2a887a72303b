import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createClient } from './client.js';

const open: (() => void)[] = [];
afterEach(() => open.splice(0).forEach((close) => close()));

/** A house whose event stream does what the test says, connection by connection. */
async function house(...connections: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers['last-event-id'] as string | undefined);
    connections.shift()?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => (server.closeAllConnections(), server.close()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, strowger: createClient({ url, token: 't' }) };
}
const event = (seq: number): string => `id: ${seq}\ndata: ${JSON.stringify({ id: `e${seq}`, seq, type: 'call.ended', at: '2026-11-30T10:00:00.000Z', subject: 'call:1', data: {} })}\n\n`;
const says = (text: string, then: 'end' | 'break' | 'wait' = 'end') => (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`retry: 1\n\n${text}`, () => {
    if (then === 'end') response.end();
    if (then === 'break') response.destroy();
  });
};
const refuses = (status: number, code: string) => (response: ServerResponse): void => {
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ type: `urn:strowger:${code}`, title: code, status, code, hint: null }));
};

it('goes on after the last event, however the line went, and past a mere place', async () => {
  const { asked, strowger } = await house(says(`${event(1)}${event(2)}`), says(event(3), 'break'), says('id: 9\n\n'), says(event(10), 'wait'));
  const seen: number[] = [];
  for await (const { seq } of strowger.events({ after: 0 })) {
    seen.push(seq);
    if (seq === 10) break;
  }
  expect([seen, asked]).toEqual([[1, 2, 3, 10], ['0', '2', '3', '9']]);
});

it('takes a line on which nothing is heard for dead', async () => {
  const { asked, strowger } = await house(says(event(1), 'wait'), says(event(2), 'wait'));
  const seen: number[] = [];
  for await (const { seq } of strowger.events({ after: 0, silentMs: 50 })) if (seen.push(seq) === 2) break;
  expect([seen, asked]).toEqual([[1, 2], ['0', '1']]);
});

it('gives up where going on is of no use, and waits out what passes', async () => {
  const { asked, strowger } = await house(refuses(503, 'not_ready'), says(event(1)), refuses(409, 'event_ahead'));
  const listen = async (): Promise<void> => {
    for await (const _event of strowger.events({ after: 0 })) continue;
  };
  await expect(listen()).rejects.toMatchObject({ name: 'StrowgerProblem', status: 409, code: 'event_ahead' });
  expect(asked).toEqual(['0', '0', '1']);
}, 10_000);

it('ends when told to', async () => {
  const { strowger } = await house(says(event(1), 'wait'));
  const stop = new AbortController();
  const seen: number[] = [];
  for await (const { seq } of strowger.events({ signal: stop.signal })) {
    seen.push(seq);
    stop.abort();
  }
  expect(seen).toEqual([1]);
});
