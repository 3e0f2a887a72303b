import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav, encodeWav, rms } from '../../../audio/index.js';
import { composeLoop, LOOP_SAMPLES } from './compose.js';
import { openMusic } from './store.js';

describe('the loop', () => {
  const loop = composeLoop();
  it('is sixteen seconds, never loud, never silent', () => {
    expect(loop).toHaveLength(LOOP_SAMPLES);
    expect(LOOP_SAMPLES / 8000).toBe(16);
    const peak = loop.reduce((most, s) => Math.max(most, Math.abs(s)), 0);
    expect(peak).toBeLessThanOrEqual(6_000);
    for (let at = 0; at + 1_600 <= loop.length; at += 1_600) expect(rms(loop.subarray(at, at + 1_600))).toBeGreaterThan(60);
  });
  it('has no seam: the step from the end to the beginning is like any other', () => {
    const steps = [...loop.subarray(1)].map((s, i) => Math.abs(s - (loop[i] ?? 0))).sort((a, b) => a - b);
    expect(Math.abs((loop[0] ?? 0) - (loop.at(-1) ?? 0))).toBeLessThanOrEqual(steps.at(-1) ?? 0);
  });
  it('is the same every time', () => {
    expect(Buffer.from(composeLoop().buffer).equals(Buffer.from(loop.buffer))).toBe(true);
  });
});

describe('where music comes from', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strowger-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('our own loop goes into a folder that is gone after us', async () => {
    const music = await openMusic(folder);
    if (music.source.kind !== 'file') throw new Error('no file');
    const { path } = music.source;
    expect(decodeWav(await readFile(path)).channels[0]).toHaveLength(LOOP_SAMPLES);
    await music.close();
    await expect(access(dirname(path))).rejects.toThrow();
  });

  it('moh.wav of the sounds folder comes first, and stays', async () => {
    const path = join(folder, 'moh.wav');
    await writeFile(path, encodeWav({ rateHz: 8000, channels: [new Int16Array(800)] }));
    const music = await openMusic(folder);
    expect(music.source).toEqual({ kind: 'file', path });
    await music.close();
    await access(path);
  });
});
