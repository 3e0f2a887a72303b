import { describe, expect, it } from 'vitest';
import { encodeWav } from '../../../audio/index.js';
import { TtsFailed } from '../errors.js';
import { watched, type Watched } from './watched.js';

const WAV = encodeWav({ rateHz: 8_000, channels: [new Int16Array(10)] });
let now = 0;
let warnings: { about: object; message: string }[] = [];
let answer: () => Promise<Uint8Array> = () => Promise.resolve(WAV);
let engine: Watched;

function start(): void {
  now = 1_000;
  warnings = [];
  engine = watched({ name: 'the voice', identity: 'x', say: () => answer(), close: () => Promise.resolve() }, { now: () => now, warn: (about, message) => void warnings.push({ about, message }) });
}
async function fail(): Promise<void> {
  answer = () => Promise.reject(new TtsFailed('no'));
  await expect(engine.say({ text: 'a', lang: 'en', rate: 100 }, true)).rejects.toThrow();
}
const succeed = (): Promise<Uint8Array> => {
  answer = () => Promise.resolve(WAV);
  return engine.say({ text: 'a', lang: 'en', rate: 100 }, true);
};

describe('a voice that is watched', () => {
  it('is told of once a minute, with how often it failed', async () => {
    start();
    for (let i = 0; i < 5; i += 1) await fail();
    expect(warnings).toEqual([{ about: { err: expect.any(TtsFailed), failures: 1 }, message: 'the voice fails; the built-in voice speaks instead' }]);
    now += 59_999;
    await fail();
    expect(warnings).toHaveLength(1);
    now += 1;
    await fail();
    expect(warnings[1]).toMatchObject({ about: { failures: 6 } });
  });

  it('rests after three failures in a row, and is tried again', async () => {
    start();
    await fail();
    await fail();
    expect(engine.rests()).toBe(false);
    await fail();
    expect(engine.rests()).toBe(true);
    now += 30_000;
    expect(engine.rests()).toBe(false);
    await fail();
    expect(engine.rests()).toBe(true);
    now += 30_000;
    await succeed();
    await fail();
    expect(engine.rests()).toBe(false);
  });

  it('that gives something else than sound has failed', async () => {
    start();
    answer = () => Promise.resolve(new TextEncoder().encode('<html>'));
    await expect(engine.say({ text: 'a', lang: 'en', rate: 100 }, true)).rejects.toThrow(/gave no WAV/);
    expect(warnings).toHaveLength(1);
  });
});
