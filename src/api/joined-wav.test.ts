import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav, encodeWav, wavHeader, WavUnreadable } from '../audio/index.js';
import { joinWavs } from './joined-wav.js';

let dir: string;
let made = 0;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'joined-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const write = (bytes: Uint8Array): string => {
  made += 1;
  const path = join(dir, `${made}.wav`);
  writeFileSync(path, bytes);
  return path;
};
const samples = (...left: number[]) => ({ rateHz: 8_000, channels: [Int16Array.from(left), Int16Array.from(left, (s) => -s)] });
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
const whole = async (paths: readonly string[]) => {
  const file = await joinWavs(paths);
  return bytesOf(file.read({ first: 0, last: file.size - 1 }));
};

describe('several parts', () => {
  it('become one file with the audio of each in order', async () => {
    const joined = decodeWav(await whole([write(encodeWav(samples(1, 2, 3))), write(encodeWav(samples(4, 5)))]));
    expect([...(joined.channels[0] ?? [])]).toEqual([1, 2, 3, 4, 5]);
    expect([...(joined.channels[1] ?? [])]).toEqual([-1, -2, -3, -4, -5]);
  });

  it('give the same bytes in any range as the whole does', async () => {
    const paths = [write(encodeWav(samples(...Array(50).keys()))), write(encodeWav(samples())), write(encodeWav(samples(...Array(30).keys())))];
    const all = await whole(paths);
    const file = await joinWavs(paths);
    await fc.assert(fc.asyncProperty(fc.nat(file.size - 1), fc.nat(file.size - 1), async (a, b) => {
      const [first, last] = [Math.min(a, b), Math.max(a, b)];
      expect(await bytesOf(file.read({ first, last }))).toEqual(all.slice(first, last + 1));
    }), { numRuns: 60 });
  });

  it('are refused when they differ in rate or channels', async () => {
    const other = write(encodeWav({ rateHz: 16_000, channels: [new Int16Array(4), new Int16Array(4)] }));
    const mono = write(encodeWav({ rateHz: 8_000, channels: [new Int16Array(4)] }));
    await expect(joinWavs([write(encodeWav(samples(1))), other])).rejects.toThrow(WavUnreadable);
    await expect(joinWavs([write(encodeWav(samples(1))), mono])).rejects.toThrow('differ in channels or rate');
  });
});

it('reads a part that was never closed up to where it ends', async () => {
  const audio = encodeWav(samples(7, 8, 9)).subarray(44);
  const cut = write(new Uint8Array(Buffer.concat([wavHeader(2, 8_000), audio])));
  expect([...(decodeWav(await whole([cut])).channels[0] ?? [])]).toEqual([7, 8, 9]);
});

it('trusts the file more than its header', async () => {
  const lying = encodeWav(samples(1, 2, 3, 4)).slice(0, 52);
  expect((await joinWavs([write(lying)])).size).toBe(52);
});

it('has another tag once a part has changed', async () => {
  const path = write(encodeWav(samples(1)));
  const before = (await joinWavs([path])).etag;
  expect((await joinWavs([path])).etag).toBe(before);
  utimesSync(path, 1_000, 1_000);
  expect((await joinWavs([path])).etag).not.toBe(before);
});

it.each([['text', Buffer.from('not a sound')], ['nothing', Buffer.alloc(0)]])('refuses a file that holds %s', async (_, bytes) => {
  await expect(joinWavs([write(new Uint8Array(bytes))])).rejects.toThrow(WavUnreadable);
});

it('refuses no parts at all, and lets a missing file be seen', async () => {
  await expect(joinWavs([])).rejects.toThrow(WavUnreadable);
  await expect(joinWavs([join(dir, 'gone.wav')])).rejects.toMatchObject({ code: 'ENOENT' });
});
