import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheLimit, type CacheLimit } from './cache-limit.js';
import { promptFiles, sha256, type PromptFiles } from './files.js';

const MINUTE = 60_000;
let dir = '';
let now = 0;
let max = 0;
let limit: CacheLimit;
let files: PromptFiles;
let warnings: string[] = [];
const key = (n: number): string => sha256(String(n));
const wav = new Uint8Array(1_000);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cache-limit-'));
  now = Date.now();
  max = 10_000;
  warnings = [];
  start();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function start(): void {
  limit = cacheLimit({ folder: dir, maxBytes: () => max, now: () => now, warn: (_about, message) => void warnings.push(message) });
  files = promptFiles(dir, undefined, limit);
}
/** Keeps a prompt that was used so many minutes ago. */
async function keep(n: number, minutesAgo: number): Promise<string> {
  const path = await files.keep(key(n), wav);
  const at = (now - minutesAgo * MINUTE) / 1_000;
  utimesSync(path, at, at);
  return path;
}
const there = async (): Promise<number[]> => {
  await limit.settled();
  const names = readdirSync(dir, { recursive: true }).map(String);
  return Array.from({ length: 30 }, (_, n) => n).filter((n) => names.some((name) => name.endsWith(`${key(n)}.wav`)));
};

describe('a folder of prompts that has grown too large', () => {
  it('loses what was used longest ago, down to nine tenths', async () => {
    for (let n = 0; n < 10; n += 1) await keep(n, 600 - n);
    expect(await there()).toHaveLength(10);
    await keep(10, 0);
    expect(await there()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('keeps what was used since, however old it is', async () => {
    for (let n = 0; n < 10; n += 1) await keep(n, 600 - n);
    await files.kept(key(0));
    await keep(10, 0);
    expect(await there()).toEqual([0, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('keeps what may be playing, even if it stays too large', async () => {
    for (let n = 0; n < 15; n += 1) await keep(n, 5);
    expect(await there()).toHaveLength(15);
  });

  it('is found too large at the first prompt after a start', async () => {
    for (let n = 0; n < 10; n += 1) await keep(n, 600 - n);
    await limit.settled();
    max = 5_000;
    start();
    await keep(10, 0);
    expect(await there()).toEqual([7, 8, 9, 10]);
  });

  it('loses what a dead writer left, but not what is being written, and nothing that is not ours', async () => {
    const shelf = join(dir, key(0).slice(0, 2));
    mkdirSync(shelf, { recursive: true });
    const part = (uuid: string, minutesAgo: number): string => {
      const path = join(shelf, `${key(0)}.wav.${uuid}.part`);
      writeFileSync(path, 'half');
      const at = (now - minutesAgo * MINUTE) / 1_000;
      utimesSync(path, at, at);
      return path;
    };
    const [dead, alive] = [part('11111111-1111-4111-8111-111111111111', 90), part('22222222-2222-4222-8222-222222222222', 1)];
    const music = join(dir, 'music.wav');
    writeFileSync(music, new Uint8Array(50_000));
    await keep(1, 0);
    await limit.settled();
    expect([existsSync(dead), existsSync(alive), existsSync(music)]).toEqual([false, true, true]);
  });

  it('is cleared by two at once without harm', async () => {
    for (let n = 0; n < 10; n += 1) await keep(n, 600 - n);
    const other = cacheLimit({ folder: dir, maxBytes: () => max, now: () => now, warn: (_a, message) => void warnings.push(message) });
    const others = promptFiles(dir, undefined, other);
    await Promise.all([files.keep(key(20), wav), others.keep(key(21), wav), files.keep(key(22), wav)]);
    await other.settled();
    expect(await there()).toEqual(expect.arrayContaining([20, 21, 22]));
    expect(warnings).toEqual([]);
  });
});

it('the time of a use is noted every few minutes at most', async () => {
  const path = await keep(0, 3);
  const before = statSync(path).mtimeMs;
  await files.kept(key(0));
  expect(statSync(path).mtimeMs).toBe(before);
  now += 3 * MINUTE;
  await files.kept(key(0));
  expect(statSync(path).mtimeMs).toBeCloseTo(now, -1);
});
