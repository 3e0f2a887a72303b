import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Leg } from '../../calls/index.js';
import type { Heard, ListenRequest } from '../../ivr/index.js';
import { MediaRefused } from '../../media/index.js';
import type { AsrEvent, AsrOptions } from '../../speech/asr/index.js';
import { createEar, type Ear } from './ear.js';
import { openForkListener, type ForkListener } from './fork-listener.js';

let door: ForkListener;
let ears: Ear[] = [];
beforeEach(async () => void (door = await openForkListener({ listen: { host: '127.0.0.1', port: 0 } })));
afterEach(async () => {
  for (const ear of ears) ear.close();
  ears = [];
  await door.close();
});

const ask: ListenRequest = { language: 'en', words: [], endSilenceMs: 500 };
const frame = (n: number): Buffer => Buffer.alloc(320, n);

/** A leg whose media server brings audio when told to, and a recogniser that says what it is told to say. */
function scene(more: { canFork?: boolean; refuses?: boolean; comes?: boolean; unavailable?: string; lingerMs?: number } = {}) {
  const did: string[] = [];
  const streams: { options: AsrOptions; say: (event: AsrEvent) => void; bytes: () => number[]; abandoned: boolean }[] = [];
  const life = new AbortController();
  let socket: WebSocket | undefined;
  const endpoint = {
    server: 'media:1', canFork: more.canFork ?? true, gone: life.signal,
    fork: ({ name, url }: { name: string; url: string }) => {
      did.push(`fork ${name.slice(0, 4)}`);
      if (more.refuses) return Promise.reject(new MediaRefused('no'));
      if (more.comes !== false) socket = new WebSocket(url, 'audio.drachtio.org').on('error', () => undefined);
      return Promise.resolve();
    },
    stopFork: (name: string) => {
      did.push(`stop ${name.slice(0, 4)}`);
      socket?.close(1000);
      return Promise.resolve();
    },
  };
  const asr = {
    unavailable: () => more.unavailable,
    open(options: AsrOptions, say: (event: AsrEvent) => void) {
      const chunks: Buffer[] = [];
      const one = { options, say, bytes: () => chunks.map((c) => c[0] ?? 0), abandoned: false };
      streams.push(one);
      return { write: (pcm: Buffer) => void chunks.push(pcm), end: () => undefined, abandon: () => void (one.abandoned = true), drained: () => Promise.resolve(), over: new Promise<void>(() => undefined) };
    },
  };
  const leg = { endpoint, gone: life.signal } as unknown as Leg;
  const ear = createEar({ leg: () => Promise.resolve(leg), asr, forks: door, warn: () => undefined, lingerMs: more.lingerMs ?? 30 });
  ears.push(ear);
  return {
    ear, did, streams,
    hangUp: () => life.abort('bye'),
    socket: () => socket,
    send: async (...numbers: number[]) => {
      await expect.poll(() => socket?.readyState).toBe(WebSocket.OPEN);
      for (const n of numbers) socket?.send(frame(n));
    },
  };
}
function listener(): { heard: Heard[]; listen: (what: Heard) => void } {
  const heard: Heard[] = [];
  return { heard, listen: (what) => heard.push(what) };
}

describe('listening', () => {
  it('what is said comes back as it is understood', async () => {
    const { ear, streams, send } = scene();
    const { heard, listen } = listener();
    ear.listen({ ...ask, words: ['agent'], endSilenceMs: 700 }, listen);
    await send(1, 2);
    await expect.poll(() => streams[0]?.bytes()).toEqual([1, 2]);
    expect(streams[0]?.options).toEqual({ language: 'en', rate: 8_000, words: ['agent'], endSilenceMs: 700 });
    streams[0]?.say({ kind: 'speech_started', atMs: 20 });
    streams[0]?.say({ kind: 'partial', text: 'ag' });
    streams[0]?.say({ kind: 'final', text: 'agent', confidence: 0.9, alternatives: ['urgent'], words: [], startMs: 0, endMs: 0 });
    expect(heard).toEqual([{ kind: 'speech_started' }, { kind: 'partial', text: 'ag' }, { kind: 'final', text: 'agent', confidence: 0.9, alternatives: ['urgent'] }]);
  });

  it('one fork serves questions that follow each other; what was said as they changed belongs to the next', async () => {
    const { ear, did, streams, send } = scene();
    const stop = ear.listen(ask, () => undefined);
    await send(1, 2);
    await expect.poll(() => streams[0]?.bytes().length).toBe(2);
    stop();
    stop();
    ear.listen({ ...ask, language: 'zh-CN' }, () => undefined);
    await send(3);
    await expect.poll(() => streams[1]?.bytes()).toEqual([1, 2, 3]);
    expect([did, streams[0]?.abandoned]).toEqual([['fork ear_'], true]);
  });

  it('what has been understood is not heard again by the next', async () => {
    const { ear, streams, send } = scene();
    const stop = ear.listen(ask, () => undefined);
    await send(1, 2);
    await expect.poll(() => streams[0]?.bytes().length).toBe(2);
    streams[0]?.say({ kind: 'final', text: 'yes', confidence: 1, alternatives: [], words: [], startMs: 0, endMs: 0 });
    stop();
    ear.listen(ask, () => undefined);
    await send(3);
    await expect.poll(() => streams[1]?.bytes()).toEqual([3]);
  });

  it('after a while without anybody the fork is ended, and begun again when it is needed', async () => {
    const { ear, did } = scene();
    const stop = ear.listen(ask, () => undefined);
    await expect.poll(() => door.lines()).toBe(1);
    stop();
    await expect.poll(() => door.lines()).toBe(0);
    ear.listen(ask, () => undefined);
    await expect.poll(() => door.lines()).toBe(1);
    expect(did).toEqual(['fork ear_', 'stop ear_', 'fork ear_']);
  });

  it('nothing is heard after it was stopped', async () => {
    const { ear, streams } = scene();
    const { heard, listen } = listener();
    ear.listen(ask, listen)();
    streams[0]?.say({ kind: 'speech_started', atMs: 0 });
    expect(heard).toEqual([]);
  });
});

describe('what keeps us from listening is said, once and last', () => {
  it.each<[what: string, how: Parameters<typeof scene>[0], why: RegExp]>([
    ['no model', { unavailable: 'no model for en' }, /^no model for en$/],
    ['a media server without audio fork', { canFork: false }, /cannot fork audio/],
    ['a media server that refuses', { refuses: true }, /^no$/],
  ])('%s', async (_what, how, why) => {
    const { ear } = scene(how);
    const { heard, listen } = listener();
    ear.listen(ask, listen);
    expect(heard).toEqual([]);
    await expect.poll(() => heard).toEqual([{ kind: 'unavailable', why: expect.stringMatching(why) as string }]);
  });

  it('a fork that never comes', async () => {
    const { ear, did } = scene({ comes: false });
    const { heard, listen } = listener();
    ear.listen(ask, listen);
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual([{ kind: 'unavailable', why: 'no audio came in 3000 ms' }]);
    expect(did).toEqual(['fork ear_', 'stop ear_']);
  });

  it('overload, in the middle', async () => {
    const { ear, streams } = scene();
    const { heard, listen } = listener();
    ear.listen(ask, listen);
    await expect.poll(() => door.lines()).toBe(1);
    streams[0]?.say({ kind: 'failed', why: 'overloaded' });
    streams[0]?.say({ kind: 'speech_started', atMs: 0 });
    expect(heard).toEqual([{ kind: 'unavailable', why: 'overloaded' }]);
  });

  it('a fork that breaks, and the next question tries again', async () => {
    const { ear, did, socket } = scene();
    const { heard, listen } = listener();
    ear.listen(ask, listen);
    await expect.poll(() => door.lines()).toBe(1);
    socket()?.terminate();
    await expect.poll(() => heard).toEqual([{ kind: 'unavailable', why: 'the audio fork was lost' }]);
    ear.listen(ask, () => undefined);
    await expect.poll(() => door.lines()).toBe(1);
    expect(did).toEqual(['fork ear_', 'fork ear_']);
  });
});

it('the caller hangs up: nothing is left, nothing is said', async () => {
  const { ear, hangUp, streams } = scene();
  const { heard, listen } = listener();
  ear.listen(ask, listen);
  await expect.poll(() => door.lines()).toBe(1);
  hangUp();
  await expect.poll(() => door.lines()).toBe(0);
  expect([heard, streams[0]?.abandoned]).toEqual([[], true]);
});
