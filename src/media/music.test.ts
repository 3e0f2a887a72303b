import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { rms } from '../audio/index.js';
import { holdMusic, musicFile } from './music.js';

it('is never silent, never clips, and loops without a seam', () => {
  const music = holdMusic();
  for (let at = 0; at < music.length; at += 4_000) expect(rms(music.subarray(at, at + 4_000))).toBeGreaterThan(500);
  expect(music.reduce((most, s) => Math.max(most, Math.abs(s)), 0)).toBeLessThan(32_767);
  expect(Math.abs((music[0] ?? 0) - (music.at(-1) ?? 0))).toBeLessThan(2_500);
});

it('is written once, under a name that says what it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'music-'));
  const path = await musicFile(folder);
  const file = await readFile(path);
  expect(basename(path)).toBe(`music-${createHash('sha256').update(file).digest('hex').slice(0, 12)}.wav`);
  const { mtimeMs } = await stat(path);
  expect([await musicFile(folder), (await stat(path)).mtimeMs]).toEqual([path, mtimeMs]);
  await rm(folder, { recursive: true });
});
