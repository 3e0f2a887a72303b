import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWav, rms, scale, sine } from '../../audio/index.js';
import { createVad, VAD_FRAME_MS, type VadStep } from './vad.js';

const FRAME = 160;
const root = join(import.meta.dirname, '../../../test/samples/speech');
const samples = ['en', 'zh'].flatMap((lang) => readdirSync(join(root, lang)).filter((f) => f.endsWith('.wav')).map((f) => join(lang, f)));

/** The same noise each time: a linear congruential generator, as white as it need be. */
function noise(length: number, db: number, seed = 1): Int16Array {
  let state = seed;
  const peak = 32_768 * 10 ** (db / 20) * Math.sqrt(3);
  return Int16Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 2 ** 31 - 1) * peak);
  });
}
/** Speech at a level, from 1 s on, in noise that is there before and after. */
function scene(file: string, speechDb: number, noiseDb: number): { audio: Int16Array; from: number; to: number } {
  const speech = (decodeWav(readFileSync(join(root, file))).channels[0] ?? new Int16Array(0)).slice();
  const loud = Array.from({ length: Math.floor(speech.length / FRAME) }, (_, i) => rms(speech.subarray(i * FRAME, (i + 1) * FRAME)));
  const most = Math.max(...loud);
  const spoken = loud.map((l) => l > most * 0.1);
  scale(speech, (10 ** (speechDb / 20) * 32_768) / (most * 0.7));
  const audio = noise(speech.length + 24_000, noiseDb);
  speech.forEach((s, i) => (audio[8_000 + i] = Math.max(-32_768, Math.min(32_767, (audio[8_000 + i] ?? 0) + s))));
  return { audio, from: 1_000 + spoken.indexOf(true) * 20, to: 1_000 + (spoken.lastIndexOf(true) + 1) * 20 };
}
function run(audio: Int16Array, endSilenceMs = 500): (VadStep & { toldMs: number })[] {
  const vad = createVad({ rate: 8_000, endSilenceMs });
  const steps: (VadStep & { toldMs: number })[] = [];
  for (let i = 0; (i + 1) * FRAME <= audio.length; i += 1) {
    const step = vad.frame(audio.subarray(i * FRAME, (i + 1) * FRAME));
    if (step) steps.push({ ...step, toldMs: (i + 1) * VAD_FRAME_MS });
  }
  return steps;
}

describe.each<[name: string, speechDb: number, noiseDb: number]>([
  ['a quiet line', -20, -75], ['a soft voice', -32, -70], ['an office', -18, -45], ['a street, 15 dB', -18, -33],
])('%s', (_name, speechDb, noiseDb) => {
  it.each(samples)('finds the speech in %s', (file) => {
    const { audio, from, to } = scene(file, speechDb, noiseDb);
    const steps = run(audio, 700);
    expect(steps.map((s) => s.kind)).toEqual(['onset', 'end']);
    const [onset, end] = steps;
    expect(onset!.toldMs - from).toBeLessThanOrEqual(200);
    expect(onset!.atMs - from).toBeGreaterThanOrEqual(-160);
    expect(Math.abs(end!.atMs - to)).toBeLessThanOrEqual(240);
    expect(end!.toldMs - end!.atMs).toBe(700);
  });
});

describe('what is no speech', () => {
  it.each<[what: string, audio: Int16Array]>([
    ['digital silence', new Int16Array(80_000)],
    ['soft noise', noise(80_000, -55)],
    ['loud noise', noise(80_000, -30)],
    ['hum', sine(50, 10_000, 8_000, 3_000)],
  ])('%s', (_what, audio) => expect(run(audio)).toEqual([]));

  it('a click', () => {
    const audio = noise(40_000, -60);
    audio.set(noise(240, -12), 16_000);
    expect(run(audio)).toEqual([]);
  });

  it('noise that begins later is taken for speech only until it is known', () => {
    const audio = noise(240_000, -60);
    audio.set(noise(224_000, -40, 7), 16_000);
    const steps = run(audio);
    expect(steps.length).toBeLessThanOrEqual(2);
    expect(steps.at(-1)?.kind ?? 'end').toBe('end');
  });
});

it('a caller who speaks from the first moment is heard', () => {
  const { audio, from } = scene('en/00.wav', -15, -60);
  const [onset] = run(audio.subarray(Math.floor(from / 20) * FRAME));
  expect(onset?.kind).toBe('onset');
  expect(onset!.toldMs).toBeLessThanOrEqual(320);
});

it('a pause shorter than the end silence does not end it', () => {
  const { audio } = scene('en/01.wav', -18, -60);
  expect(run(audio, 6_000).map((s) => s.kind)).toEqual(['onset']);
});

it('onset and end alternate, times never go back, whatever is heard', () => {
  fc.assert(fc.property(fc.array(fc.record({ db: fc.integer({ min: -90, max: -3 }), frames: fc.integer({ min: 1, max: 80 }) }), { maxLength: 30 }), fc.integer({ min: 100, max: 1_500 }), (parts, endSilenceMs) => {
    const audio = Int16Array.from(parts.flatMap(({ db, frames }, i) => [...noise(frames * FRAME, db, i + 1)]));
    const steps = run(audio, endSilenceMs);
    steps.forEach((step, i) => {
      expect(step.kind).toBe(i % 2 === 0 ? 'onset' : 'end');
      expect(step.atMs).toBeLessThanOrEqual(step.toldMs);
      if (i > 0) expect(step.toldMs).toBeGreaterThan(steps[i - 1]!.toldMs);
    });
  }), { numRuns: 50 });
});
