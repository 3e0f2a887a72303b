import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rms, toneAmplitude } from './levels.js';
import { createResampler, resample } from './resample.js';
import { sine } from './tones.js';

const middle = (samples: Int16Array): Int16Array => samples.subarray(400, samples.length - 400);

describe.each([[16_000, 8_000], [44_100, 8_000], [48_000, 8_000], [22_050, 8_000], [8_000, 16_000], [11_025, 8_000]])('%i to %i Hz', (from, to) => {
  it('keeps length, frequency and level of speech frequencies', () => {
    for (const hz of [300, 1_000, 3_000]) {
      const out = resample(sine(hz, 1_000, from), from, to);
      expect(Math.abs(out.length - to)).toBeLessThanOrEqual(1);
      expect(toneAmplitude(middle(out), hz, to)).toBeGreaterThan(7_800);
      expect(toneAmplitude(middle(out), hz, to)).toBeLessThan(8_200);
    }
  });

  it('lets nothing alias into what is heard', () => {
    if (to > from) return;
    for (const hz of [4_600, 5_200, Math.min(7_000, from / 2 - 100)]) {
      if (hz < from / 2) expect(rms(middle(resample(sine(hz, 500, from), from, to)))).toBeLessThan(8);
    }
  });
});

it('gives the same however the input is cut', () => {
  const input = sine(440, 100, 44_100);
  const whole = resample(input, 44_100, 8_000);
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 30 }), (cuts) => {
    const resampler = createResampler(44_100, 8_000);
    const out: number[] = [];
    let at = 0;
    for (const cut of cuts) {
      out.push(...resampler.push(input.slice(at, at + cut)));
      at += cut;
    }
    out.push(...resampler.push(input.slice(at)), ...resampler.flush());
    expect(out).toEqual([...whole]);
  }), { numRuns: 30 });
});

it('does not shift the sound in time', () => {
  const click = new Int16Array(1_600);
  click[800] = 20_000;
  const out = resample(click, 16_000, 8_000);
  expect(out.indexOf(Math.max(...out))).toBe(400);
});
