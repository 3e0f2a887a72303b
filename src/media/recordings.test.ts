import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeWav, encodeWav, wavHeader } from '../audio/index.js';
import { RecordingLost } from './errors.js';
import { finishRecording, joinRecordings } from './recordings.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'strowger-recordings-'))));
afterEach(() => rm(folder, { recursive: true }));

const ramp = (n: number, from = 0): Int16Array => Int16Array.from({ length: n }, (_, i) => from + i);
const put = async (name: string, bytes: Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};

describe('a recording whose writer was killed', () => {
  it('gets a true header and loses only the frame that was half written', async () => {
    const audio = encodeWav({ rateHz: 8_000, channels: [ramp(8_000), ramp(8_000, 100)] }).subarray(44);
    const path = await put('cut.wav', Buffer.concat([wavHeader(2, 8_000), audio.subarray(0, 16_003)]));
    expect(await finishRecording(path, { ms: 20, everyMs: 5 })).toMatchObject({ ms: 500, bytes: 16_044, repaired: true });
    const back = decodeWav(await readFile(path));
    expect([back.channels.length, back.channels[1]?.at(-1)]).toEqual([2, 4_099]);
    expect(await finishRecording(path, { ms: 20, everyMs: 5 })).toMatchObject({ ms: 500, repaired: false });
  });

  it('is lost where not even its header came to the disk', async () => {
    await expect(finishRecording(await put('empty.wav', new Uint8Array()), { ms: 5, everyMs: 5 })).rejects.toThrow(RecordingLost);
    await expect(finishRecording(join(folder, 'none.wav'), { ms: 5, everyMs: 5 })).rejects.toThrow(RecordingLost);
  });
});

describe('parts of one call', () => {
  it('are joined in order behind one header', async () => {
    const a = await put('1.wav', encodeWav({ rateHz: 8_000, channels: [ramp(800), ramp(800)] }));
    const b = await put('2.wav', encodeWav({ rateHz: 8_000, channels: [ramp(400, 5_000), ramp(400, 6_000)] }));
    const { header, slices, bytes } = await joinRecordings([a, b]);
    const whole = Buffer.concat([header, ...(await Promise.all(slices.map(async (s) => (await readFile(s.path)).subarray(s.from, s.from + s.bytes))))]);
    expect(whole.length).toBe(bytes);
    const audio = decodeWav(whole);
    expect([audio.channels[0]?.length, audio.channels[0]?.[799], audio.channels[1]?.[800]]).toEqual([1_200, 799, 6_000]);
  });

  it('are refused where they do not fit together', async () => {
    const a = await put('1.wav', encodeWav({ rateHz: 8_000, channels: [ramp(8)] }));
    const b = await put('2.wav', encodeWav({ rateHz: 8_000, channels: [ramp(8), ramp(8)] }));
    await expect(joinRecordings([a, b])).rejects.toThrow(/does not fit/);
    await expect(joinRecordings([])).rejects.toThrow(/no recording/);
  });
});
