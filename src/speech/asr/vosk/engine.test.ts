import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compileRooms } from '../../../../test/kit/compile.js';
import { pcm, spokenSamples } from '../../../../test/kit/speech.js';
import { until } from '../../../../test/kit/wait.js';
import { resample } from '../../../audio/index.js';
import type { AsrEvent, AsrLanguage, AsrRate, Engine } from '../ports.js';
import { openStream } from '../stream.js';
import { createVoskEngine, type VoskOptions } from './engine.js';
import { libraryFile } from './library.js';

let rooms = '';
const engines: Engine[] = [];
const root = join(import.meta.dirname, '../../../../test/models');
beforeAll(() => {
  rooms = compileRooms('base', 'audio', 'speech/asr');
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});
afterAll(() => rmSync(rooms, { recursive: true, force: true }));

async function engine(language: AsrLanguage = 'en', more: Partial<VoskOptions> = {}): Promise<Engine & { log: string[] }> {
  const log: string[] = [];
  const note = (_fields: object, message: string): void => void log.push(message);
  const made = createVoskEngine({
    language, script: join(rooms, 'speech/asr/vosk/recogniser.js'), library: libraryFile({}) ?? '', model: join(root, language === 'en' ? 'en' : 'zh'),
    processes: 1, utterancesEach: 8, maxUtterances: 1_000, maxGrowthBytes: 1e9, maxLagMs: 1_500, startMs: 20_000, log: { info: note, warn: note }, ...more,
  });
  engines.push(made);
  expect(made.unavailable()).toBe('the model is being loaded');
  await until('the model is loaded', 15_000, () => made.unavailable() === undefined).catch((error: unknown) => {
    throw new Error(`${String(error)}; ${made.unavailable() ?? ''}; pids ${made.pids().join()}; log ${log.join('; ')}`);
  });
  return { ...made, log };
}

interface Hearing {
  readonly events: AsrEvent[];
  readonly texts: () => string[];
  readonly write: (samples: Int16Array) => void;
  readonly over: Promise<void>;
}
const silence = new Int16Array(6_400);

function listen(to: Engine, language: AsrLanguage = 'en', more: { rate?: AsrRate; words?: string[]; patient?: boolean } = {}): Hearing & { end: () => Promise<void> } {
  const events: AsrEvent[] = [];
  const stream = openStream(to, { language, rate: 8_000, endSilenceMs: 500, ...more }, (event) => events.push(event));
  return {
    events, over: stream.over,
    texts: () => events.flatMap((e) => (e.kind === 'final' ? [e.text] : [])),
    write: (samples) => stream.write(pcm(samples)),
    async end() {
      stream.end();
      await stream.over;
    },
  };
}
async function understand(to: Engine, samples: Int16Array, language: AsrLanguage = 'en', more = {}): Promise<AsrEvent[]> {
  const hearing = listen(to, language, more);
  for (const part of [silence, samples, silence]) hearing.write(part);
  await hearing.end();
  return hearing.events;
}
const textOf = (events: readonly AsrEvent[]): string => events.flatMap((e) => (e.kind === 'final' ? [e.text] : e.kind === 'failed' ? [`failed: ${e.why}`] : [])).join('|');

describe.each(['en', 'zh-CN'] as const)('%s', (language) => {
  it('understands what is said, all at the same time', async () => {
    const vosk = await engine(language);
    const samples = spokenSamples(language);
    const heard = await Promise.all(samples.map((s) => understand(vosk, s.samples, language)));
    expect(heard.map(textOf)).toEqual(samples.map((s) => s.text));
    const [events] = heard;
    expect(events?.map((e) => e.kind).filter((kind, i, all) => kind !== all[i - 1])).toEqual(['speech_started', 'partial', 'final']);
    const final = events?.at(-1);
    if (final?.kind !== 'final') throw new Error('no final');
    expect(final.confidence).toBeGreaterThan(0.5);
    final.words.forEach((word, i) => {
      expect(word.startMs).toBeGreaterThanOrEqual(Math.max(700, final.words[i - 1]?.endMs ?? 0));
      expect(word.endMs).toBeGreaterThan(word.startMs);
    });
  });

  it('at 16 kHz as well', async () => {
    const vosk = await engine(language);
    const [sample] = spokenSamples(language);
    const hearing = listen(vosk, language, { rate: 16_000 });
    for (const part of [silence, sample!.samples, silence]) hearing.write(resample(part, 8_000, 16_000));
    await hearing.end();
    expect(hearing.texts()).toEqual([sample!.text]);
  });
});

it('a grammar: only its phrases are heard', async () => {
  const vosk = await engine();
  const [broken, , order] = spokenSamples('en');
  expect(textOf(await understand(vosk, order!.samples, 'en', { words: ['track order', 'it is broken'] }))).toBe('track order');
  expect(textOf(await understand(vosk, broken!.samples, 'en', { words: ['track order', 'thank you'] }))).not.toBe('it is broken');
});

describe('a process', () => {
  it('is replaced after so many utterances, and no running stream notices', async () => {
    const vosk = await engine('en', { maxUtterances: 3 });
    const samples = spokenSamples('en');
    const [first] = vosk.pids();
    const long = listen(vosk);
    for (const s of samples) for (const part of [silence, s.samples, silence]) long.write(part);
    await until('all have been understood', 20_000, () => long.texts().length === samples.length);
    expect(long.texts()).toEqual(samples.map((s) => s.text));
    await until('the first process is gone', 10_000, () => !vosk.pids().includes(first ?? 0));
    await long.end();
    expect(textOf(await understand(vosk, samples[0]!.samples))).toBe(samples[0]!.text);
    expect(vosk.log).toContain('a recogniser is replaced');
  });

  it('is replaced when it has grown', async () => {
    const vosk = await engine('en', { maxGrowthBytes: 1 });
    const [first] = vosk.pids();
    await understand(vosk, spokenSamples('en')[0]!.samples);
    await until('another process', 10_000, () => vosk.pids().length === 1 && vosk.pids()[0] !== first);
  });

  it('that dies in the middle of an utterance: another hears it from the beginning', async () => {
    const vosk = await engine();
    const [sample] = spokenSamples('en');
    const hearing = listen(vosk);
    hearing.write(silence);
    hearing.write(sample!.samples.subarray(0, 9_600));
    await until('a word', 5_000, () => hearing.events.length > 0);
    process.kill(vosk.pids()[0]!, 'SIGKILL');
    hearing.write(sample!.samples.subarray(9_600));
    hearing.write(silence);
    await hearing.end();
    expect(hearing.texts()).toEqual([sample!.text]);
  });

  it('that is told twice to die fails its streams, and the next stream has a new one', async () => {
    const vosk = await engine();
    const [sample] = spokenSamples('en');
    const hearing = listen(vosk);
    hearing.write(silence);
    hearing.write(sample!.samples.subarray(0, 9_600));
    for (let i = 0; i < 2; i += 1) {
      await until('a process', 5_000, () => vosk.unavailable() === undefined && vosk.pids().length === 1);
      const pid = vosk.pids()[0]!;
      process.kill(pid, 'SIGKILL');
      await until('it is gone', 5_000, () => !vosk.pids().includes(pid));
    }
    await hearing.over;
    expect(hearing.events.at(-1)).toMatchObject({ kind: 'failed', why: expect.stringContaining('SIGKILL') as string });
    await until('the model is loaded again', 10_000, () => vosk.unavailable() === undefined);
    expect(textOf(await understand(vosk, sample!.samples))).toBe(sample!.text);
  });

  it('a second is started when the first is busy', async () => {
    const vosk = await engine('en', { processes: 2, utterancesEach: 2 });
    const [sample] = spokenSamples('en');
    const hearings = Array.from({ length: 4 }, () => listen(vosk));
    for (const h of hearings) {
      h.write(silence);
      h.write(sample!.samples);
    }
    expect(vosk.pids().length).toBe(2);
    for (const h of hearings) h.write(silence);
    await Promise.all(hearings.map((h) => h.end()));
    expect(hearings.flatMap((h) => h.texts())).toEqual(hearings.map(() => sample!.text));
  });

  it('that stands still: streams are told that it is overloaded, the newest first; new ones are refused; then all is well again', async () => {
    const vosk = await engine('en', { maxLagMs: 300 });
    const [sample] = spokenSamples('en');
    const [older, newer] = [listen(vosk), listen(vosk)];
    const pid = vosk.pids()[0]!;
    process.kill(pid, 'SIGSTOP');
    for (const h of [older, newer]) {
      h.write(silence);
      h.write(sample!.samples);
    }
    await newer.over;
    expect(newer.events.at(-1)).toEqual({ kind: 'failed', why: 'overloaded: the recogniser cannot keep up' });
    expect(older.events.at(-1)?.kind).toBe('speech_started');
    expect([vosk.unavailable(), vosk.unavailable(true)]).toEqual([expect.stringMatching(/^overloaded/), undefined]);
    process.kill(pid, 'SIGCONT');
    older.write(silence);
    await older.end();
    expect(older.texts()).toEqual([sample!.text]);
    await until('the rest is worked off', 2_000, () => vosk.unavailable() === undefined);
  });

  it.each<[what: string, more: Partial<VoskOptions>, why: RegExp]>([
    ['a folder that is no model', { model: join(root, 'nothing') }, /cannot load the model/],
    ['a library that is none', { library: join(root, 'README.md') }, /recogniser/],
  ])('%s: said, and tried again later', async (_what, more, why) => {
    const log: string[] = [];
    const made = createVoskEngine({
      language: 'en', script: join(rooms, 'speech/asr/vosk/recogniser.js'), library: libraryFile({}) ?? '', model: join(root, 'en'), processes: 1, utterancesEach: 8,
      maxUtterances: 10, maxGrowthBytes: 1e9, maxLagMs: 500, startMs: 20_000, log: { info: () => undefined, warn: (_f, m) => void log.push(m) }, ...more,
    });
    engines.push(made);
    await until('it is refused', 20_000, () => made.unavailable() !== 'the model is being loaded');
    expect(made.unavailable()).toMatch(why);
    expect(textOf(await understand(made, spokenSamples('en')[0]!.samples))).toMatch(/^failed: /);
    await until('a second try', 10_000, () => log.length >= 2);
  });
});
