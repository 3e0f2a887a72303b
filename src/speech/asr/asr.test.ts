import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { compileRooms } from '../../../test/kit/compile.js';
import { shortStreams, weigh } from '../../../test/kit/ears-load.js';
import { modelsFolder, pcm, spokenSamples } from '../../../test/kit/speech.js';
import { until } from '../../../test/kit/wait.js';
import { createAsr, type AsrSettings } from './asr.js';
import type { AsrEvent } from './ports.js';

let rooms = '';
let models = '';
const opened: ReturnType<typeof createAsr>[] = [];
beforeAll(() => {
  rooms = compileRooms('base', 'audio', 'speech/asr');
  models = modelsFolder();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((asr) => asr.close()));
});
afterAll(() => {
  for (const dir of [rooms, models]) rmSync(dir, { recursive: true, force: true });
});

const asr = (more: Partial<AsrSettings> = {}): ReturnType<typeof createAsr> => {
  const made = createAsr({ models, log: { info: () => undefined, warn: () => undefined }, script: join(rooms, 'speech/asr/vosk/recogniser.js'), env: {}, ...more });
  opened.push(made);
  return made;
};

it('two languages at once, each by its model; nothing is left when it is closed', async () => {
  const both = asr();
  expect(both.languages()).toEqual(['zh-CN', 'en']);
  await until('both models are loaded', 20_000, () => both.languages().every((language) => both.unavailable(language) === undefined));
  const texts = await Promise.all(both.languages().map(async (language) => {
    const sample = spokenSamples(language)[2]!;
    const events: AsrEvent[] = [];
    const stream = both.open({ language, rate: 8_000, endSilenceMs: 400 }, (event) => events.push(event));
    for (const part of [new Int16Array(6_400), sample.samples, new Int16Array(6_400)]) stream.write(pcm(part));
    expect(both.streams()).toBeGreaterThan(0);
    stream.end();
    await stream.over;
    return events.flatMap((e) => (e.kind === 'final' ? [e.text] : [])).join() === sample.text;
  }));
  expect([texts, both.streams(), both.pids().length]).toEqual([[true, true], 0, 2]);
  await both.close();
  expect(both.unavailable('en')).toBe('closed');
});

it('no model: said, and a model that comes later is found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  const none = asr({ models: folder });
  expect([none.languages(), none.unavailable('en')]).toEqual([[], 'no model for en']);
  const failed = await new Promise<AsrEvent>((resolve) => void none.open({ language: 'en', rate: 8_000, endSilenceMs: 400 }, resolve));
  expect(failed).toEqual({ kind: 'failed', why: 'no model for en' });
  mkdirSync(join(folder, 'en'));
  none.refresh();
  expect([none.languages(), none.unavailable('en')]).toEqual([['en'], expect.stringContaining('no Vosk model: there is no am/final.mdl in it')]);
  rmSync(folder, { recursive: true });
});

it('no library: said, with what to do', () => {
  expect(asr({ env: { STROWGER_LIBVOSK: '' } }).unavailable('en')).toBe('the model is being loaded');
  expect(asr({ servers: { en: 'ws://127.0.0.1:1/' } }).unavailable('en')).toBe(undefined);
});

it('fifty short streams leave no descriptor behind (a thousand in test:long)', async () => {
  const both = asr({ limits: { maxUtterances: 20 } });
  await until('both models are loaded', 20_000, () => both.languages().every((language) => both.unavailable(language) === undefined));
  await shortStreams(both, 8, 4);
  const before = weigh(both);
  expect(await shortStreams(both, 50, 4)).toBe(50);
  await until('replaced processes are gone', 10_000, () => both.pids().length === 2);
  const after = weigh(both);
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 4);
  expect(after.recogniserDescriptors).toBeLessThanOrEqual(before.recogniserDescriptors + 4);
  expect(after.recogniserMb).toBeLessThan(before.recogniserMb * 1.4);
});
