import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../config/index.js';
import { connectEdge, type Edge } from './link.js';
import { sipServer, type FakeServer } from './testing/sip-server.js';

let server: FakeServer;
let edge: Edge;
const lines: string[] = [];
const say = (_f: object, message: string): void => void lines.push(message);
const log = { info: say, warn: say, error: say };
const connect = (port = server.port, secret = 'right'): Edge => connectEdge({ host: '127.0.0.1', port, secret: new Secret(secret), log, maxRetryMs: 20 });
const up = (): Promise<void> => (edge.up ? Promise.resolve() : new Promise((resolve) => void edge.onUp(resolve)));
const down = (): Promise<string> => new Promise((resolve) => void edge.onDown(resolve));
const ask = { method: 'OPTIONS' as const, uri: 'sip:far.example', headers: { From: '<sip:strowger@localhost>' }, timeoutMs: 5000 };
const codeOf = (p: Promise<unknown>): Promise<unknown> => p.then(() => 'answered', (e: unknown) => (e instanceof Error && 'code' in e ? e.code : e));

beforeEach(async () => {
  lines.length = 0;
  server = await sipServer();
});
afterEach(async () => {
  edge.close();
  await server.close();
});

it('connects, knows where the server listens, and offers a signal that has not fired', async () => {
  edge = connect();
  expect([edge.up, edge.lost().aborted]).toEqual([false, true]);
  await up();
  expect(edge.hostports).toEqual(['udp/127.0.0.1:5060', 'tcp/127.0.0.1:5060']);
  expect(edge.lost().aborted).toBe(false);
});

it('comes back after the connection was lost, with its routes', async () => {
  edge = connect();
  await up();
  edge.srf.use('options', () => undefined);
  await server.until(/\|route\|options/);
  const lost = edge.lost();
  const gone = down();
  const back = new Promise<void>((resolve) => void edge.onUp(resolve));
  server.received.length = 0;
  server.drop();
  await gone;
  expect(lost.aborted).toBe(true);
  await back;
  expect(edge.lost()).not.toBe(lost);
  expect(edge.lost().aborted).toBe(false);
  await server.until(/\|route\|options/);
});

it('waits for a server that starts later, without a word in vain', async () => {
  const { port } = server;
  await server.close();
  edge = connect(port);
  await expect.poll(() => lines).toContain('the SIP server cannot be reached, trying again');
  server = await sipServer(port);
  await up();
});

it('says that the secret is wrong', async () => {
  edge = connect(server.port, 'wrong');
  await expect.poll(() => lines).toContain('the SIP server refused the secret: see STROWGER_DRACHTIO');
  expect(edge.up).toBe(false);
});

it('does not let one listener keep the news from the others', async () => {
  edge = connect();
  edge.onUp(() => {
    throw new Error('broken');
  });
  await up();
  expect(lines).toContain('a listener to the SIP connection failed');
});

describe('a request of our own', () => {
  beforeEach(async () => {
    edge = connect();
    await up();
  });
  it('gives the final answer', async () => {
    server.answer = () => 404;
    expect(await edge.request(ask)).toMatchObject({ status: 404 });
    expect(server.received.find((m) => m.includes('OPTIONS sip:far.example'))).toContain('strowger@localhost');
  });
  it('fails when the server will not send it', async () => {
    server.answer = () => 'NOK';
    expect(await codeOf(edge.request(ask))).toBe('sip.request_failed');
  });
  it('fails when no answer comes in time', async () => {
    expect(await codeOf(edge.request({ ...ask, timeoutMs: 1 }))).toBe('sip.no_answer');
  });
  it('fails at once when the connection goes meanwhile, and while there is none', async () => {
    const asked = codeOf(edge.request(ask));
    await server.until(/OPTIONS sip:far/);
    server.drop();
    expect(await asked).toBe('sip.edge_down');
    edge.close();
    expect(await codeOf(edge.request(ask))).toBe('sip.edge_down');
  });
});

it('stays closed', async () => {
  edge = connect();
  await up();
  edge.close();
  await server.close();
  server = await sipServer(server.port);
  expect(edge.up).toBe(false);
  expect(lines.filter((l) => l.includes('lost'))).toEqual([]);
});
