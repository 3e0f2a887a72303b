import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav, rms, sine, toneAmplitude, WavUnreadable } from '../../../audio/index.js';
import type { PlaySource } from '../channel/types.js';
import { readLoops, type Pieces } from './reader.js';
import { BadPlaySource, parsePlaySource } from './source.js';

let dir = '';
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'player-'))));
afterAll(() => rm(dir, { recursive: true }));

async function all(pieces: Pieces, most = Number.POSITIVE_INFINITY): Promise<Int16Array> {
  const out: number[] = [];
  for await (const piece of pieces) {
    out.push(...piece);
    if (out.length >= most) break;
  }
  return Int16Array.from(out);
}
async function file(name: string, ...args: Parameters<typeof encodeWav>): Promise<PlaySource> {
  const path = join(dir, name);
  await writeFile(path, encodeWav(...args));
  return { kind: 'file', path };
}

describe('names', () => {
  it.each<[string, PlaySource]>([
    ['tone_stream://%(200,300,440);loops=-1', { kind: 'tone', script: '%(200,300,440);loops=-1' }],
    ['silence_stream://1500', { kind: 'silence', ms: 1_500, noise: 0 }],
    ['silence_stream://-1,1400', { kind: 'silence', ms: 'forever', noise: 1_400 }],
    ['hello.wav', { kind: 'file', path: '/sounds/hello.wav' }],
    ['hello.wav@@16000', { kind: 'file', path: '/sounds/hello.wav', seekMs: 2_000 }],
    ['file_string://a.wav!silence_stream://100!b.wav', { kind: 'playlist', items: [{ kind: 'file', path: '/sounds/a.wav' }, { kind: 'silence', ms: 100, noise: 0 }, { kind: 'file', path: '/sounds/b.wav' }] }],
    ['a.wav!b.wav', { kind: 'playlist', items: [{ kind: 'file', path: '/sounds/a.wav' }, { kind: 'file', path: '/sounds/b.wav' }] }],
  ])('%s', (text, source) => {
    expect(parsePlaySource(text, (name) => `/sounds/${name}`)).toEqual(source);
  });

  it.each(['', 'http://example.com/a.wav', 'silence_stream://', 'silence_stream://0', 'silence_stream://soon', 'file_string://'])('refuses "%s"', (text) => {
    expect(() => parsePlaySource(text)).toThrow(BadPlaySource);
  });
});

describe('reading', () => {
  it('brings any rate and any number of channels to 8 kHz mono', async () => {
    const source = await file('cd.wav', { rateHz: 44_100, channels: [sine(600, 1_000, 44_100), sine(600, 1_000, 44_100)] });
    const audio = await all(readLoops(source, 1));
    expect(audio).toHaveLength(8_000);
    expect(toneAmplitude(audio.subarray(200, 7_800), 600, 8_000)).toBeGreaterThan(7_800);
  });

  it('begins where it is told', async () => {
    const source = await file('seek.wav', { rateHz: 16_000, channels: [sine(600, 2_000, 16_000)] });
    expect(await all(readLoops({ ...source, seekMs: 1_500 } as PlaySource, 1))).toHaveLength(4_000);
  });

  it('loops', async () => {
    const source = await file('loop.wav', { rateHz: 8_000, channels: [sine(400, 100, 8_000)] });
    expect(await all(readLoops(source, 3))).toHaveLength(2_400);
    expect((await all(readLoops(source, 'endless'), 80_000)).length).toBeGreaterThanOrEqual(80_000);
  });

  it('plays lists, tones, silence and noise', async () => {
    const list: PlaySource = { kind: 'playlist', items: [{ kind: 'tone', script: '%(100,0,440)' }, { kind: 'silence', ms: 50 }, { kind: 'silence', ms: 50, noise: 1_000 }] };
    const audio = await all(readLoops(list, 1));
    expect(audio).toHaveLength(1_600);
    expect([rms(audio.subarray(0, 800)) > 5_000, rms(audio.subarray(800, 1_200)), rms(audio.subarray(1_200)) > 10]).toEqual([true, 0, true]);
  });

  it('plays what there is of a recording that still grows', async () => {
    const path = join(dir, 'growing.wav');
    await writeFile(path, encodeWav({ rateHz: 8_000, channels: [sine(400, 1_000, 8_000)] }).subarray(0, 44 + 8_001));
    expect(await all(readLoops({ kind: 'file', path }, 1))).toHaveLength(4_000);
  });

  it('fails with a typed error on text, and on a file that is not there', async () => {
    const path = join(dir, 'text.wav');
    await writeFile(path, 'no audio');
    await expect(all(readLoops({ kind: 'file', path }, 1))).rejects.toBeInstanceOf(WavUnreadable);
    await expect(all(readLoops({ kind: 'file', path: join(dir, 'none.wav') }, 1))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does not spin on an endless loop over nothing', async () => {
    const source = await file('empty.wav', { rateHz: 8_000, channels: [new Int16Array(0)] });
    await expect(all(readLoops(source, 'endless'))).rejects.toBeInstanceOf(WavUnreadable);
  });
});
