import { describe, expect, it } from 'vitest';
import { dbfs, decodeWav, toneAmplitude } from '../../audio/index.js';
import { PROMPT_HZ, toPrompt, type Piece } from './sound.js';

const RATE = 22_050;
const tone = (seconds: number, hz: number, amplitude: number): Int16Array =>
  Int16Array.from({ length: seconds * RATE }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / RATE)));
const silence = (seconds: number): Int16Array => new Int16Array(seconds * RATE);
const together = (...parts: Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((p) => Array.from(p)));
const promptOf = (...pieces: Int16Array[]): Int16Array => {
  const { rateHz, channels } = decodeWav(toPrompt(pieces.map((samples) => ({ do: 'sound', samples, rateHz: RATE, gainDb: 0 }))));
  expect([rateHz, channels.length]).toEqual([PROMPT_HZ, 1]);
  return channels[0] ?? new Int16Array(0);
};

describe('a prompt', () => {
  it.each([300, 3_000, 30_000])('has the same level, however loud (%d) the voice was', (amplitude) => {
    const speech = promptOf(tone(1, 440, amplitude)).subarray(800, 7_200);
    expect(dbfs(speech)).toBeCloseTo(-16, 0);
    expect(toneAmplitude(speech, 440, PROMPT_HZ)).toBeGreaterThan(6_000);
  });

  it('is never clipped, even where one peak stands out', () => {
    const quiet = tone(1, 440, 500);
    quiet[10_000] = 32_000;
    expect(promptOf(quiet).reduce((most, s) => Math.max(most, Math.abs(s)), 0)).toBeLessThan(32_767);
  });

  it('begins and ends without long silence', () => {
    const ms = promptOf(together(silence(2), tone(0.5, 440, 8_000), silence(2))).length / 8;
    expect(ms).toBeGreaterThan(600);
    expect(ms).toBeLessThan(760);
  });

  it('keeps its pauses inside', () => expect(promptOf(together(tone(0.5, 440, 8_000), silence(1), tone(0.5, 440, 8_000))).length / 8).toBeGreaterThan(2_000));

  it('joins two voices with a short gap, each at the same level', () => {
    const both = promptOf(tone(0.5, 440, 800), tone(0.5, 700, 20_000));
    expect(dbfs(both.subarray(800, 3_600))).toBeCloseTo(dbfs(both.subarray(5_600, 8_000)), 0);
    expect(both.length / 8).toBeLessThan(1_400);
  });

  it('keeps a pause as long as it was asked for', () => {
    const sound: Piece = { do: 'sound', samples: tone(0.5, 440, 8_000), rateHz: RATE, gainDb: 0 };
    const ms = (pieces: readonly Piece[]): number => (decodeWav(toPrompt(pieces)).channels[0]?.length ?? 0) / 8;
    expect(ms([sound, { do: 'pause', ms: 700 }, sound]) - ms([sound, { do: 'pause', ms: 300 }, sound])).toBe(400);
    expect(ms([{ do: 'pause', ms: 1_000 }])).toBe(1_160);
  });

  it('is softer or louder where that is wanted', () => {
    const at = (gainDb: number): number => dbfs((decodeWav(toPrompt([{ do: 'sound', samples: tone(1, 440, 8_000), rateHz: RATE, gainDb }])).channels[0] ?? new Int16Array(0)).subarray(800, 7_200));
    expect([at(-6), at(4)]).toEqual([expect.closeTo(-22, 0), expect.closeTo(-12, 0)]);
  });

  it('of silence is short and silent', () => expect(promptOf(silence(1)).every((s) => s === 0)).toBe(true));
});
