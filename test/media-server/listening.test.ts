import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav, rms } from '../../src/audio/index.js';
import type { Heard } from '../../src/ivr/index.js';
import { createEar } from '../../src/wiring/listening/index.js';
import { sine } from '../kit/rtp/law.js';
import { spokenSamples } from '../kit/speech.js';
import { createWatch } from '../kit/wait.js';
import { openEarStage, type EarStage, type HeardCall } from './ears.js';

let stage: EarStage;
let prompt = '';
beforeAll(async () => {
  stage = await openEarStage();
  prompt = join(stage.sounds, 'prompt.wav');
  writeFileSync(prompt, encodeWav({ rateHz: 8_000, channels: [sine(1_000, 20_000)] }));
});
afterAll(() => stage.close());

type Timed = { readonly at: number; readonly what: Heard };

/** When the voice in a recording begins and ends, ms. */
function voiceIn(samples: Int16Array): { fromMs: number; toMs: number } {
  const levels = Array.from({ length: Math.floor(samples.length / 160) }, (_, i) => rms(samples.subarray(i * 160, (i + 1) * 160)));
  const loud = levels.map((level) => level > Math.max(...levels) * 0.08);
  return { fromMs: loud.indexOf(true) * 20, toMs: (loud.lastIndexOf(true) + 1) * 20 };
}

/** Asks with a prompt as a flow does: it plays while the caller is listened to, and stops when he speaks. */
async function ask({ call, leg, endpoint }: HeardCall, language: 'en' | 'zh-CN', samples: Int16Array) {
  const heard: Timed[] = [];
  const watch = createWatch();
  const ear = createEar({ leg: () => Promise.resolve(leg), asr: stage.asr, forks: stage.forks, warn: () => undefined });
  void endpoint.play([prompt]).catch(() => undefined);
  const stop = ear.listen({ language, words: [], endSilenceMs: 500 }, (what) => {
    heard.push({ at: performance.now(), what });
    if (what.kind === 'speech_started') void endpoint.stop();
    watch.changed();
  });
  await call.media.heard(1_000);
  const voice = voiceIn(samples);
  const spokeAt = performance.now();
  call.media.play(samples);
  await watch.until('what was said', 10_000, () => heard.some(({ what }) => what.kind === 'final' || what.kind === 'unavailable'));
  const final = heard.at(-1)!;
  stop();
  ear.close();
  const silentMs = (call.media.reception().lastAt ?? 0) - spokeAt - voice.fromMs;
  return { heard: heard.map(({ what }) => what), final: final.what, silentMs, finalMs: final.at - spokeAt - voice.toMs };
}

describe.each(['en', 'zh-CN'] as const)('a caller who speaks %s into a prompt', (language) => {
  const samples = spokenSamples(language).slice(0, 5);

  it.each(samples)('is understood from the first word on: $text', async ({ text, samples: spoken }) => {
    const phone = await stage.call();
    const { heard, final, silentMs, finalMs } = await ask(phone, language, spoken);
    console.info(`${language} ${text}: prompt silent ${silentMs.toFixed(0)} ms after the voice began, text ${finalMs.toFixed(0)} ms after it ended`);
    expect(heard[0]).toEqual({ kind: 'speech_started' });
    expect(final).toMatchObject({ kind: 'final', text });
    expect(silentMs).toBeLessThan(300); // 200 on a machine of its own; see the figures
    await phone.end();
    await stage.idle();
  });
});

it('one fork for a conversation: question after question', async () => {
  const phone = await stage.call();
  const ear = createEar({ leg: () => Promise.resolve(phone.leg), asr: stage.asr, forks: stage.forks, warn: () => undefined });
  const texts: string[] = [];
  for (const { samples, text } of spokenSamples('en').slice(0, 4)) {
    const watch = createWatch();
    const stop = ear.listen({ language: 'en', words: [], endSilenceMs: 500 }, (what) => {
      if (what.kind === 'final') texts.push(what.text);
      watch.changed();
    });
    phone.call.media.play(samples);
    const before = texts.length;
    await watch.until(text, 10_000, () => texts.length > before);
    stop();
    expect(stage.forks.lines()).toBe(1);
  }
  expect(texts).toEqual(spokenSamples('en').slice(0, 4).map((s) => s.text));
  await phone.end();
  await stage.idle();
});
