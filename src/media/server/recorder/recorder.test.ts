import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav, encodeUlaw, rms, sine, toneAmplitude } from '../../../audio/index.js';
import { until } from '../../../../test/kit/wait.js';
import type { RecordOptions } from '../channel/types.js';
import { PCMU } from '../codec/codec.js';
import { emptyHeader } from '../rtp/packet.js';
import { createRecorder } from './recorder.js';
import type { Side } from './tape.js';
import { repairWav } from './repair.js';
import { RecordingFailed } from './writer.js';

let dir = '';
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'recorder-'))));
afterAll(() => rm(dir, { recursive: true }));

const tones = { in: sine(500, 1_000, 8_000), out: sine(1_300, 1_000, 8_000) };

/** A call of two voices in virtual time; flushes as the flusher does. */
function call(name: string, options: RecordOptions = {}, startedAt = 1_000) {
  const path = join(dir, `${name}.wav`);
  let now = startedAt;
  let ends = 0;
  const recorder = createRecorder(path, options, startedAt, () => now, () => void (ends += 1));
  const header = emptyHeader();
  const packet = new Uint8Array(172);
  header.payloadAt = 12;
  header.payloadEnd = 172;
  /** Packet number `i` of a voice, spoken at 20·i ms of the call. */
  const say = (side: Side, i: number, late = 0): void => {
    header.ssrc = side === 'in' ? 1 : 2;
    header.sequence = (65_500 + i) & 0xffff;
    header.timestamp = (0xffff_f000 + 160 * i) >>> 0;
    header.marker = i === 0;
    encodeUlaw(tones[side].subarray((i % 50) * 160, (i % 50) * 160 + 160), packet, 12);
    recorder.hear(side, header, packet, PCMU, startedAt + 20 * (i + 1) + late);
  };
  return {
    path, recorder, say,
    ends: () => ends,
    to(ms: number, flush = true) {
      for (now = Math.max(now, startedAt); now < startedAt + ms; ) {
        now = Math.min(startedAt + ms, now + 500);
        if (flush) recorder.flush(now);
      }
    },
    talk(fromMs: number, toMs: number, heard: (side: Side, i: number) => boolean = () => true) {
      for (let i = fromMs / 20; i < toMs / 20; i += 1) {
        now = startedAt + 20 * (i + 1);
        for (const side of ['in', 'out'] as const) if (heard(side, i)) say(side, i);
        if (i % 25 === 0) recorder.flush(now);
      }
    },
    /** The disk has come along to this point of the call, less what is held back. */
    written: (ms: number) => until('the file has grown', 5_000, async () => (await stat(path).catch(() => ({ size: 0 }))).size >= 44 + (ms - 700) * 32, 5),
    async wav() {
      const { channels } = decodeWav(await readFile(path));
      return channels.map((samples) => ({ samples, hz500: toneAmplitude(samples, 500, 8_000), hz1300: toneAmplitude(samples, 1_300, 8_000) }));
    },
  };
}

describe('what is heard', () => {
  it('has the phone on the left and what it hears on the right, and nothing of the other', async () => {
    const c = call('stereo');
    c.talk(0, 10_000);
    expect(await c.recorder.stop()).toEqual({ path: c.path, ms: 10_000, bytes: 44 + 320_000 });
    const [left, right] = await c.wav();
    expect([left!.hz500 > 7_500, left!.hz1300 < 20, right!.hz1300 > 7_500, right!.hz500 < 20]).toEqual([true, true, true, true]);
  });

  it.each<[string, RecordOptions, number, (c: { hz500: number; hz1300: number }[]) => boolean]>([
    ['swapped', { swap: true }, 2, ([l, r]) => l!.hz1300 > 7_500 && r!.hz500 > 7_500],
    ['mixed', { stereo: false }, 1, ([m]) => m!.hz500 > 7_500 && m!.hz1300 > 7_500],
    ['only the phone', { only: 'in' }, 1, ([m]) => m!.hz500 > 7_500 && m!.hz1300 < 20],
    ['only what it hears', { only: 'out' }, 1, ([m]) => m!.hz1300 > 7_500 && m!.hz500 < 20],
  ])('can be %s', async (name, options, channels, right) => {
    const c = call(name, options);
    c.talk(0, 2_000);
    await c.recorder.stop();
    const wav = await c.wav();
    expect(wav).toHaveLength(channels);
    expect(right(wav)).toBe(true);
  });

  it('falls silent while masked, and time goes on', async () => {
    const c = call('masked');
    c.talk(0, 2_000);
    c.recorder.mask();
    c.talk(2_000, 4_000);
    c.recorder.unmask();
    c.talk(4_000, 6_000);
    expect((await c.recorder.stop()).ms).toBe(6_000);
    const [{ samples } = { samples: new Int16Array() }] = await c.wav();
    expect(rms(samples.subarray(16_000, 31_900))).toBe(0);
    expect(rms(samples.subarray(32_100))).toBeGreaterThan(4_000);
  });

  it('has a beginning that was held up where it was spoken', async () => {
    const c = call('held-up');
    for (let i = 0; i < 100; i += 1) {
      c.say('in', i, Math.max(0, 130 - 20 * i));
      c.say('out', i);
    }
    c.to(2_000);
    await c.recorder.stop();
    const [left, right] = await c.wav();
    // Each sample of it is where the other side's is: both tones are whole to within what the codec takes.
    for (const [heard, spoken] of [[left!, tones.in], [right!, tones.out]] as const) expect(rms(heard.samples.subarray(0, 15_000).map((v, i) => v - (spoken[i % 8_000] ?? 0)))).toBeLessThan(400);
  });

  it('writes over what it took for silence when a packet comes a second late', async () => {
    const c = call('late');
    c.talk(0, 3_000, (_side, i) => i !== 80);
    c.say('in', 80, 1_300);
    await c.recorder.stop();
    const [left] = await c.wav();
    expect(rms(left!.samples.subarray(80 * 160, 81 * 160))).toBeGreaterThan(4_000);
  });
});

describe('its length is the call’s', () => {
  it('with any loss, silence and disorder, to the sample', async () => {
    let n = 0;
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4_000 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), async (ms, loss, seed) => {
      const c = call(`length-${(n += 1)}`);
      c.talk(0, ms - (ms % 20), (side, i) => ((Math.imul(i + seed, 2_654_435_761) >>> 8) % 1_000) / 1_000 >= loss && (side === 'in' || i % 3 > 0));
      c.to(ms);
      expect(await c.recorder.stop()).toMatchObject({ ms, bytes: 44 + ms * 32 });
      expect((await c.wav())[1]!.samples).toHaveLength(ms * 8);
    }), { numRuns: 25 });
  });

  it('when nobody says a word', async () => {
    const c = call('silent');
    for (let ms = 20_000; ms <= 120_000; ms += 20_000) {
      c.to(ms);
      await c.written(ms);
    }
    expect((await c.recorder.stop()).ms).toBe(120_000);
    expect((await c.wav()).map(({ samples }) => [samples.length, rms(samples)])).toEqual([[960_000, 0], [960_000, 0]]);
  });

  it('when the process stood still for five minutes', async () => {
    const c = call('stalled');
    c.talk(0, 1_000);
    c.to(300_000, false);
    expect((await c.recorder.stop()).ms).toBe(300_000);
    expect(rms((await c.wav())[0]!.samples.subarray(7_900))).toBeLessThan(1_000);
  });

  it('and not longer than told', async () => {
    const c = call('limited', { maxMs: 1_500 });
    c.talk(0, 1_980);
    c.to(2_500);
    expect(await c.recorder.ended).toMatchObject({ ms: 1_500 });
    expect(c.ends()).toBe(1);
  });

  it('over ten minutes the two voices stay together', async () => {
    const c = call('long');
    for (let ms = 0; ms < 600_000; ms += 20_000) {
      c.talk(ms, ms + 20_000, (_side, i) => i % 500 < 2);
      await c.written(ms + 20_000);
    }
    await c.recorder.stop();
    const [left, right] = await c.wav();
    const onset = (samples: Int16Array): number => samples.findIndex((s, i) => i >= 590_000 * 8 && Math.abs(s) > 500);
    expect(onset(left!.samples)).toBeGreaterThan(0);
    expect(Math.abs(onset(left!.samples) - onset(right!.samples))).toBeLessThan(80);
  });
});

describe('the disk', () => {
  it('has all but the last second at any moment, and a killed writer’s file is mended', async () => {
    const c = call('killed');
    c.talk(0, 5_000);
    await c.written(5_000);
    expect(decodeWav(await readFile(c.path)).channels[0]!.length).toBeGreaterThanOrEqual(4_300 * 8);
    expect(await repairWav(c.path)).toBeGreaterThanOrEqual(4_300);
    expect(await repairWav(c.path)).toBeUndefined();
    await c.recorder.stop();
    expect(await repairWav(c.path)).toBeUndefined();
  });

  it.each([['full', '/dev/full'], ['not writable', '/dev/null/here.wav']])('is %s: the recording fails, once and typed', async (_why, path) => {
    let ends = 0;
    const recorder = createRecorder(path, {}, 0, () => 1_000, () => void (ends += 1));
    const end = await recorder.ended;
    expect('error' in end && end.error).toBeInstanceOf(RecordingFailed);
    await expect(recorder.stop()).rejects.toMatchObject({ code: 'media.recording_failed', hint: expect.stringContaining('disk full') });
    recorder.flush(2_000);
    expect(ends).toBe(1);
  });

  it('makes the folders it needs', async () => {
    const c = call('new/folder/deep');
    c.talk(0, 100);
    expect((await c.recorder.stop()).ms).toBe(100);
  });

  it('stops once, however often it is asked to', async () => {
    const c = call('twice');
    c.talk(0, 200);
    const [a, b] = await Promise.all([c.recorder.stop(), c.recorder.stop()]);
    expect(a).toEqual(b);
    expect([c.ends(), c.recorder.elapsedMs()]).toEqual([1, 200]);
  });
});
