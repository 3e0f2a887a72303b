import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeEndpoint, type FakeEndpoint } from '../../test/fakes/calls.js';
import { wavHeader } from '../audio/index.js';
import type { Call, Leg } from '../calls/index.js';
import type { RecordRequest } from '../ivr/index.js';
import { MediaLost } from '../media/index.js';
import { recordMessage } from './flow-record.js';
import type { Voice } from './voice.js';

let folder = '';
let endpoint: FakeEndpoint;
let published: [string, string, { file: string; ms: number }][] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'messages-'));
  endpoint = fakeEndpoint('ep1');
  published = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = { id: 'call_1', log: { warn: () => undefined } } as unknown as Call;
const voice = () => ({ recordings: folder, now: () => Date.UTC(2026, 10, 20), events: { publish: (...fact: [string, string, { file: string; ms: number }]) => void published.push(fact) } }) as unknown as Voice;
const wanted = (more: Partial<RecordRequest> = {}): RecordRequest => ({ maxMs: 60_000, silenceMs: 3_000, beep: true, stop: new AbortController().signal, ...more });
/** The media server writes two seconds and then ends as `how` says. */
const server = (how: () => Promise<void> = () => Promise.resolve()): Leg => {
  const plain = endpoint;
  const recording: FakeEndpoint = { ...plain, record: async (path, limits) => {
    writeFileSync(path, Buffer.concat([wavHeader(1, 8_000, 32_000), Buffer.alloc(32_000)]));
    await plain.record(path, limits);
    await how();
  } };
  return { endpoint: recording, gone: endpoint.gone } as unknown as Leg;
};

it('beeps, records, and says where the message lies', async () => {
  const end = await recordMessage(voice(), call, server(), wanted());
  expect(end).toMatchObject({ how: 'recorded', ms: 2_000, path: expect.stringMatching(/messages\/2026\/11\/20\/call_1-msg_.*-1\.wav$/) });
  expect(endpoint.did).toEqual(['play tone_stream://%(200,0,800)', expect.stringMatching(/^record call_1-msg_.* 60000 3000$/)]);
  expect(published).toEqual([['call.message_recorded', 'call:call_1', { file: expect.stringMatching(/^messages\//), ms: 2_000 }]]);
});

it('begins without a beep where none is wanted', async () => {
  await recordMessage(voice(), call, server(), wanted({ beep: false }));
  expect(endpoint.did).toHaveLength(1);
});

it('a key stops it', async () => {
  const stop = new AbortController();
  const end = await recordMessage(voice(), call, server(() => Promise.resolve(stop.abort())), wanted({ stop: stop.signal }));
  expect([end.how, endpoint.did.at(-1)]).toEqual(['recorded', 'stop']);
});

it('a key before it begins leaves nothing behind', async () => {
  expect(await recordMessage(voice(), call, server(), wanted({ stop: AbortSignal.abort() }))).toEqual({ how: 'failed', ms: 0, path: '' });
  expect(published).toEqual([]);
});

it('who hangs up has left his message all the same', async () => {
  const gone = (): Promise<void> => {
    endpoint.lose('media_lost');
    return Promise.reject(new MediaLost('the endpoint ended during record'));
  };
  expect(await recordMessage(voice(), call, server(gone), wanted())).toMatchObject({ how: 'recorded', ms: 2_000 });
  expect(published).toHaveLength(1);
});

it('a media server that refuses is a failure', async () => {
  await expect(recordMessage(voice(), call, server(() => Promise.reject(new Error('no such app'))), wanted())).rejects.toThrow('no such app');
});
