import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { recognise } from '../../../../test/kit/recognise.js';
import { pcm, spokenSamples } from '../../../../test/kit/speech.js';
import type { AsrEvent, Engine } from '../ports.js';
import { openStream } from '../stream.js';
import { createVoskServer } from './server.js';

type Answer = (audio: Buffer, message: 'audio' | 'eof') => string | undefined;

/** A server as alphacep's: configuration, then one answer to each piece of audio, and the last one to `eof`. */
async function openServer(answer: Answer): Promise<{ url: string; configs: unknown[]; sockets: Set<WebSocket>; close: () => Promise<void> }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const configs: unknown[] = [];
  server.on('connection', (socket) => {
    const heard: Buffer[] = [];
    socket.on('message', (data: Buffer, isBinary) => {
      const message = isBinary ? undefined : (JSON.parse(data.toString()) as { config?: unknown; eof?: number });
      if (message?.config !== undefined) return void configs.push(message.config);
      if (isBinary) heard.push(Buffer.from(data));
      const reply = answer(Buffer.concat(heard), isBinary ? 'audio' : 'eof');
      if (reply !== undefined) socket.send(reply);
    });
  });
  return {
    url: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`, configs, sockets: server.clients,
    close: () => new Promise((resolve) => {
      for (const client of server.clients) client.terminate();
      server.close(() => resolve());
    }),
  };
}
const understands: Answer = (audio, message) =>
  message === 'audio' ? JSON.stringify({ partial: audio.length > 8_000 ? 'track' : '' }) : JSON.stringify({ text: recognise(new Int16Array(Uint8Array.from(audio).buffer), 'en'), result: [] });

const log = { info: () => undefined, warn: () => undefined };
const engineAt = (url: string, maxLagMs = 1_500): Engine => createVoskServer({ language: 'en', url, connectMs: 1_000, maxLagMs, restMs: 60_000, log });
async function understand(engine: Engine, words: readonly string[] = []): Promise<AsrEvent[]> {
  const events: AsrEvent[] = [];
  const stream = openStream(engine, { language: 'en', rate: 8_000, endSilenceMs: 500, words }, (event) => events.push(event));
  const sample = spokenSamples('en')[2]!.samples;
  for (const part of [new Int16Array(6_400), sample, new Int16Array(6_400)]) stream.write(pcm(part));
  stream.end();
  await stream.over;
  return events;
}

describe('a server that answers', () => {
  let server: Awaited<ReturnType<typeof openServer>>;
  beforeEach(async () => void (server = await openServer(understands)));
  afterEach(() => server.close());

  it('partials and the result, words and rate told at the beginning, the line closed at the end', async () => {
    const events = await understand(engineAt(server.url), ['track order']);
    expect(events.map((e) => e.kind).filter((kind, i, all) => kind !== all[i - 1])).toEqual(['speech_started', 'partial', 'final']);
    expect(events.at(-1)).toMatchObject({ kind: 'final', text: 'track order' });
    expect(server.configs).toEqual([{ sample_rate: 8_000, words: 1, max_alternatives: 5, phrase_list: ['track order'] }]);
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  it('sentences that it ends by itself are parts of one utterance', async () => {
    await server.close();
    let pieces = 0;
    server = await openServer((_audio, message) => JSON.stringify(message === 'eof' ? { text: 'now' } : ++pieces === 3 ? { alternatives: [{ text: 'call me', confidence: 1 }] } : { partial: '' }));
    expect((await understand(engineAt(server.url))).at(-1)).toMatchObject({ kind: 'final', text: 'call me now' });
  });
});

it.each<[what: string, answer: Answer, why: RegExp]>([
  ['answers nonsense', () => 'nonsense', /answered nonsense/],
  ['says nothing', () => undefined, /overloaded/],
])('a server that %s: failed, and unavailable for a while', async (_what, answer, why) => {
  const server = await openServer(answer);
  const engine = engineAt(server.url, 200);
  expect((await understand(engine)).at(-1)).toMatchObject({ kind: 'failed', why: expect.stringMatching(why) as string });
  expect(engine.unavailable()).toMatch(why);
  await server.close();
});

it('nobody there: failed with the address', async () => {
  const server = await openServer(understands);
  await server.close();
  const engine = engineAt(server.url);
  expect((await understand(engine)).at(-1)).toMatchObject({ kind: 'failed', why: expect.stringContaining(server.url) as string });
  expect(engine.unavailable()).toContain('ECONNREFUSED');
});

it('a server that goes in the middle: failed', async () => {
  const server = await openServer(() => {
    for (const socket of server.sockets) socket.terminate();
    return undefined;
  });
  expect((await understand(engineAt(server.url))).at(-1)).toMatchObject({ kind: 'failed', why: expect.stringContaining('closed the line') as string });
  await server.close();
});
