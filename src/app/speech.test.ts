import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Settings } from '../config/index.js';
import { createEvents } from '../events/index.js';
import { openStore, type Store } from '../store/index.js';
import type { Ground } from './rooms.js';
import { openSpeech, type Speech } from './speech.js';

let models = '';
let store: Store;
let speech: Speech | undefined;
beforeEach(async () => {
  models = mkdtempSync(join(tmpdir(), 'models-'));
  store = await openStore({ path: ':memory:' });
});
afterEach(async () => {
  await speech?.close();
  await store.close();
  rmSync(models, { recursive: true });
});

async function open(more: { settings?: Partial<Settings>; servers?: Record<string, string>; media?: { name: string; up: boolean; canFork: boolean }[] } = {}) {
  const log: string[] = [];
  const changes: ((server: string, up: boolean) => void)[] = [];
  const note = (_about: object, message: string): void => void log.push(message);
  const media = more.media ?? [];
  const ground = {
    settings: { folders: { models }, freeswitch: [{ host: '127.0.0.1', port: 1 }], publicAddress: '127.0.0.1', ...more.settings },
    live: { now: () => ({ system: { speech: { processes: 1, servers: more.servers ?? {} } }, recordings: { transcripts: 'live', transcriptLanguage: 'en' } }) },
    log: { info: note, warn: note, error: note }, store, events: createEvents({ store, log: { error: () => undefined } }),
    media: { servers: () => media.map((m) => ({ ...m, sessions: 0 })), onChange: (listen: (server: string, up: boolean) => void) => void changes.push(listen) },
  } as unknown as Ground;
  speech = await openSpeech(ground, { get: () => undefined });
  return { speech, log, up: (name: string) => changes.forEach((tell) => tell(name, true)) };
}

it('no model: off, said in one line', async () => {
  const { speech: s, log } = await open();
  expect([s.degraded(), log]).toEqual([['speech: off, no model'], ['no speech model: flows work by keys']]);
});

it('a media server without mod_audio_fork is named, in the log once', async () => {
  const { speech: s, log, up } = await open({ servers: { en: 'ws://127.0.0.1:1' }, media: [{ name: 'fs:1', up: true, canFork: false }, { name: 'fs:2', up: true, canFork: true }, { name: 'fs:3', up: false, canFork: false }] });
  up('fs:1');
  up('fs:1');
  up('fs:2');
  expect([s.degraded(), log]).toEqual([
    ['speech: zh-CN: no model for zh-CN', 'speech: off on fs:1, it has no mod_audio_fork'], ['this media server has no mod_audio_fork: callers on it are not listened to'],
  ]);
});

it('a media server that was up before anybody listens is named in the log too', async () => {
  const { log } = await open({ servers: { en: 'ws://127.0.0.1:1' }, media: [{ name: 'fs:1', up: true, canFork: false }, { name: 'fs:3', up: false, canFork: false }] });
  expect(log).toEqual(['this media server has no mod_audio_fork: callers on it are not listened to']);
});

it.each<[what: string, settings: Partial<Settings>, url: RegExp]>([
  ['media servers on this machine: on loopback', {}, /^ws:\/\/127\.0\.0\.1:\d+\/fork\//],
  ['media servers elsewhere: where this machine is reached', { freeswitch: [{ host: '192.0.2.1', port: 1 }] as unknown as Settings['freeswitch'], publicAddress: '127.0.0.2' }, /^ws:\/\/127\.0\.0\.2:\d+\//],
  ['told where to listen: there', { forkListen: { host: '127.0.0.3', port: 0 } }, /^ws:\/\/127\.0\.0\.3:\d+\//],
  ['on all addresses: they are told the public one', { forkListen: { host: '0.0.0.0', port: 0 }, publicAddress: '127.0.0.9' }, /^ws:\/\/127\.0\.0\.9:[1-9]\d*\//],
  ['told what to tell them', { forkAdvertise: { host: 'app.example', port: 9_000 } }, /^ws:\/\/app\.example:9000\//],
])('%s', async (_what, settings, url) => {
  const { speech: s } = await open({ settings });
  expect(s.forks.expect(10).url).toMatch(url);
});
