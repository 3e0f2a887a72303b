import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAsr, type Asr } from '../../src/speech/asr/index.js';
import { createEar } from '../../src/wiring/listening/index.js';
import { compileRooms } from '../kit/compile.js';
import { shortStreams, weigh } from '../kit/ears-load.js';
import { percentile } from '../kit/percentile.js';
import { modelsFolder, spokenSamples } from '../kit/speech.js';
import { createWatch, until } from '../kit/wait.js';
import { openEarStage, type EarStage } from '../media-server/ears.js';

const LEAD_MS = 500;
const log = { info: () => undefined, warn: () => undefined };

describe('a thousand short streams (PEERS P44)', () => {
  let asr: Asr;
  let folders: string[] = [];
  beforeAll(async () => {
    const rooms = compileRooms('base', 'audio', 'speech/asr');
    const models = modelsFolder();
    folders = [rooms, models];
    asr = createAsr({ models, log, script: join(rooms, 'speech/asr/vosk/recogniser.js'), limits: { maxUtterances: 200 } });
    await until('the models are loaded', 20_000, () => asr.languages().every((language) => asr.unavailable(language) === undefined));
  });
  afterAll(async () => {
    await asr.close();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('leave memory and descriptors as they were', async () => {
    await shortStreams(asr, 100, 8);
    const before = weigh(asr);
    expect(await shortStreams(asr, 1_000, 8)).toBe(1_000);
    await until('replaced processes are gone', 10_000, () => asr.pids().length === 2);
    const after = weigh(asr);
    console.info('before', before, 'after', after);
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 4);
    expect(after.recogniserDescriptors).toBeLessThanOrEqual(before.recogniserDescriptors + 4);
    expect(after.recogniserMb).toBeLessThan(before.recogniserMb * 1.25);
  });
});

describe('calls that are listened to', () => {
  let stage: EarStage;
  beforeAll(async () => {
    stage = await openEarStage();
  });
  afterAll(() => stage.close());

  /** Calls, says a sentence, hangs up. @returns whether it was understood, and when */
  async function once(n: number): Promise<{ right: boolean; ms: number; wrong: string[] }> {
    const language = n % 2 === 0 ? 'en' : 'zh-CN';
    const samples = spokenSamples(language);
    const sentence = samples[n % samples.length]!;
    const { call, leg, end } = await stage.call();
    const ear = createEar({ leg: () => Promise.resolve(leg), asr: stage.asr, forks: stage.forks, warn: () => undefined });
    const watch = createWatch();
    let text: string | undefined;
    ear.listen({ language, words: [], endSilenceMs: 500 }, (what) => {
      if (what.kind === 'final') text = what.text;
      if (what.kind === 'unavailable') text = `unavailable: ${what.why}`;
      watch.changed();
    });
    const began = performance.now();
    // Nobody speaks in the very moment in which he is listened to.
    call.media.play(Int16Array.from([...new Int16Array(LEAD_MS * 8), ...sentence.samples]));
    await watch.until(sentence.text, 20_000, () => text !== undefined);
    const ms = performance.now() - began - LEAD_MS - sentence.samples.length / 8;
    ear.close();
    await end();
    return { right: text === sentence.text, ms, wrong: text === sentence.text ? [] : [`${sentence.text} → ${text ?? ''}`] };
  }
  async function many(count: number, atATime: number): Promise<{ right: number; ms: number[]; wrong: string[] }> {
    const results: { right: boolean; ms: number; wrong: string[] }[] = [];
    let begun = 0;
    await Promise.all(Array.from({ length: atATime }, async () => {
      while (begun < count) results.push(await once((begun += 1)));
    }));
    return { right: results.filter((r) => r.right).length, ms: results.map((r) => r.ms), wrong: results.flatMap((r) => r.wrong) };
  }

  it('fifty at once, over and over: each is understood, and in time', async () => {
    const { right, ms, wrong } = await many(200, 50);
    console.info(`50 at once: ${String(right)} of 200 understood; end of recording to text p50 ${percentile(ms, 50).toFixed(0)}, p99 ${percentile(ms, 99).toFixed(0)} ms`, wrong);
    expect(right).toBeGreaterThanOrEqual(195);
    await stage.idle(10_000);
  });

  it('a thousand, one after another in tens: nothing is left of them', async () => {
    await many(50, 10);
    await stage.idle(10_000);
    const before = weigh(stage.asr);
    const { right } = await many(1_000, 10);
    await stage.idle(10_000);
    const after = weigh(stage.asr);
    console.info(`${String(right)} of 1000 understood; before`, before, 'after', after);
    expect(right).toBeGreaterThanOrEqual(990);
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 6);
    expect(after.recogniserMb).toBeLessThan(before.recogniserMb * 1.3);
  });
});
