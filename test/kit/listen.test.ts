import { describe, expect, it } from 'vitest';
import { apart, bursts, dominantTone, hears, levelDb, readWav, shareOf, silences, toneShare, type Wav } from './listen.js';
import { decode, encode, sine } from './rtp/law.js';
import { wavOf } from './material.js';

const join = (...parts: readonly Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((p) => [...p]));
const quiet = (ms: number): Int16Array => new Int16Array(ms * 8);

describe('G.711', () => {
  it.each(['ulaw', 'alaw'] as const)('%s decodes every code to a value that encodes to a code of the same value', (law) => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const values = decode(all, law);
    expect([...decode(encode(values, law), law)]).toEqual([...values]);
  });
  it('knows values of the Recommendation', () => {
    expect([...decode(Uint8Array.of(0x00, 0x80, 0xff, 0x7f), 'ulaw')].map((v) => v + 0)).toEqual([-32_124, 32_124, 0, 0]);
    expect([...decode(Uint8Array.of(0x2a, 0xaa, 0xd5, 0x55), 'alaw')]).toEqual([-32_256, 32_256, 8, -8]);
    expect([...encode(Int16Array.of(0, 32_767, -32_768), 'alaw')]).toEqual([0xd5, 0xaa, 0x2a]);
  });
});

it('finds tones, levels, bursts and silences', () => {
  const tone = sine(650, 200);
  expect(dominantTone(tone)).toBe(650);
  expect(toneShare(tone, 700)).toBeLessThan(0.01);
  expect(levelDb(tone)).toBeCloseTo(-15, 0);
  expect(dominantTone(quiet(200))).toBeUndefined();
  const pattern = join(sine(400, 300), quiet(100), sine(400, 200), quiet(300));
  expect(bursts(pattern, 400)).toEqual([{ fromMs: 0, toMs: 300 }, { fromMs: 400, toMs: 600 }]);
  expect(silences(pattern)).toEqual([{ fromMs: 300, toMs: 400 }, { fromMs: 600, toMs: 900 }]);
});

it('tells which channel carries which tone, and how far they are apart', () => {
  const left = join(quiet(500), sine(450, 1000), quiet(500));
  const right = join(quiet(520), sine(1000, 1000), quiet(480));
  const wav = readWav(wavOf([left, right]));
  expect(wav).toMatchObject<Partial<Wav>>({ rate: 8000, durationMs: 2000 });
  expect([hears(wav, 0, 450), hears(wav, 0, 1000), hears(wav, 1, 1000), hears(wav, 1, 450)]).toEqual([true, false, true, false]);
  expect(shareOf(wav, 0, 1000)).toBe(0);
  expect(apart(wav, 450, 1000)).toEqual([{ startMs: 20, endMs: 20 }]);
});

it('refuses a header that promises more than there is', () => {
  expect(() => readWav(wavOf([sine(400, 100)]).subarray(0, 500))).toThrow(/data chunk/);
});
