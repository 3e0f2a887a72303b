import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import type { Call, Phone } from '../kit/phone.js';
import { modelsFolder, spokenSamples } from '../kit/speech.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { folder, straightTo } from './house.js';

type Segment = { speaker: 'customer' | 'other'; start_ms: number; end_ms: number; text: string; words: { word: string; start_ms: number; end_ms: number }[] };
type Transcript = { parts: { part: number; state: string; how: string; language: string; segments: Segment[] }[] };

const models = modelsFolder();
const dialplans = folder({ 'main.yaml': straightTo({ '5000': 'support' }) });
const [, money, order, thanks] = spokenSamples('en');
const open: Phone[] = [];
let strowger: Strowger;
const start = async (recordings: string, more: { models?: string } = {}): Promise<void> => {
  const config = mkdtempSync(join(tmpdir(), 'strowger-transcript-'));
  writeFileSync(join(config, 'recordings.yaml'), recordings);
  strowger = await startStrowger({ agents: 1, config, dialplans, env: { STROWGER_MODELS: more.models ?? models } });
};
beforeEach(() => onTestFailed(() => console.error(strowger.output().slice(-8_000))));
afterEach(() => Promise.all(open.splice(0).map((phone) => phone.close())));
afterAll(() => [models, dialplans].forEach((dir) => {
  rmSync(dir, { recursive: true, force: true });
}));

async function talking(): Promise<{ caller: Call; agent: Call; id: string }> {
  const [agentPhone, callerPhone] = [await strowger.phone('1001'), await strowger.phone('1201')];
  open.push(agentPhone, callerPhone);
  const caller = await callerPhone.call('5000');
  const agent = await agentPhone.nextCall(20_000);
  agent.answer();
  const id = agent.header('X-Strowger-Call') ?? '';
  await strowger.when<{ timeline: { type: string }[] }>(`/v1/calls/${id}`, 5_000, ({ timeline }) => timeline.some((f) => f.type === 'call.recording_started'));
  return { caller, agent, id };
}
const transcript = (id: string, test: (t: Transcript) => boolean): Promise<Transcript> =>
  strowger.when<Transcript>(`/v1/calls/${id}/transcript`, 20_000, (body) => Array.isArray(body.parts) && test(body));
const said = (t: Transcript): string[] => t.parts.flatMap((p) => p.segments.map((s) => `${s.speaker}: ${s.text}`));

/** One after the other, as people talk: each waits until the other has finished. */
async function converse({ caller, agent }: { caller: Call; agent: Call }): Promise<void> {
  for (const [phone, other, { samples }] of [[caller, agent, order!], [agent, caller, money!], [caller, agent, thanks!]] as const) {
    const packets = other.media.reception().packets + samples.length / 160 + 20;
    phone.media.play(samples);
    await other.media.packets(packets, 10_000);
  }
}

describe('written down while they talk', () => {
  beforeAll(() => start('recording: { notice: false, transcripts: live, transcript_language: en }\n'));
  afterAll(() => strowger.stop());

  it('who said what when, word by word: in the API, as events, live and afterwards', async () => {
    const talk = await talking();
    await converse(talk);
    const live = await transcript(talk.id, (t) => said(t).length >= 2);
    expect(live.parts[0]).toMatchObject({ part: 1, state: 'live', how: 'live', language: 'en' });
    await talk.caller.bye();
    const done = await transcript(talk.id, (t) => t.parts[0]?.state === 'done');
    expect(said(done)).toEqual([`customer: ${order!.text}`, `other: ${money!.text}`, `customer: ${thanks!.text}`]);
    const segments = done.parts[0]!.segments;
    segments.forEach((segment, i) => {
      expect(segment.start_ms).toBeGreaterThanOrEqual(segments[i - 1]?.end_ms ?? 0);
      expect(segment.words.map((w) => w.word).join(' ')).toBe(segment.text);
    });
    const { body } = await strowger.api<{ timeline: { type: string; data: { text?: string; how?: string } }[] }>(`/v1/calls/${talk.id}`);
    expect(body.timeline.filter((f) => f.type === 'call.transcript_segment').map((f) => f.data.text)).toEqual([order!.text, money!.text, thanks!.text]);
    expect(body.timeline.find((f) => f.type === 'call.transcribed')?.data).toMatchObject({ how: 'live', segments: 3, language: 'en' });
  });

  it('speech is not among what is degraded', async () => {
    const { body } = await strowger.api<{ degraded: string[] }>('/healthz');
    expect(body.degraded.filter((line) => line.startsWith('speech'))).toEqual([]);
  });
});

describe('written down afterwards', () => {
  beforeAll(() => start('recording: { notice: false, transcripts: after, transcript_language: en }\n'));
  afterAll(() => strowger.stop());

  it('from the recording, with the same times', async () => {
    const talk = await talking();
    await converse(talk);
    expect((await strowger.api<{ code: string }>(`/v1/calls/${talk.id}/transcript`)).status).toBe(404);
    await talk.caller.bye();
    const done = await transcript(talk.id, (t) => t.parts[0]?.state === 'done');
    expect(done.parts[0]).toMatchObject({ how: 'after', language: 'en' });
    expect(said(done)).toEqual([`customer: ${order!.text}`, `other: ${money!.text}`, `customer: ${thanks!.text}`]);
  });
});

describe('without a model', () => {
  beforeAll(() => start('recording: { notice: false }\n', { models: folder({}) }));
  afterAll(() => strowger.stop());

  it('calls go on, nothing is written down, and /healthz says so', async () => {
    const talk = await talking();
    await talk.caller.bye();
    await strowger.when<{ state: string }>(`/v1/calls/${talk.id}`, 5_000, ({ state }) => state === 'ended');
    expect((await strowger.api(`/v1/calls/${talk.id}/transcript`)).status).toBe(404);
    expect((await strowger.api<{ degraded: string[] }>('/healthz')).body.degraded).toContain('speech: off, no model');
  });
});
