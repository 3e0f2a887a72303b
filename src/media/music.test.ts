import { expect, it } from 'vitest';
import { rms } from '../audio/index.js';
import { holdMusic } from './music.js';

it('is never silent, never clips, and loops without a seam', () => {
  const music = holdMusic();
  for (let at = 0; at < music.length; at += 4_000) expect(rms(music.subarray(at, at + 4_000))).toBeGreaterThan(500);
  expect(music.reduce((most, s) => Math.max(most, Math.abs(s)), 0)).toBeLessThan(32_767);
  expect(Math.abs((music[0] ?? 0) - (music.at(-1) ?? 0))).toBeLessThan(2_500);
});
