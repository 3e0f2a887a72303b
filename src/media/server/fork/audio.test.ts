import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUlaw, rms, sine, toneAmplitude } from '../../../audio/index.js';
import { PCMU } from '../codec/codec.js';
import { emptyHeader } from '../rtp/packet.js';
import type { Mix } from './arguments.js';
import { createForkAudio } from './audio.js';

const CALLER = 500;
const OTHER = 1_300;
const voices = { in: sine(CALLER, 1_000, 8_000), out: sine(OTHER, 1_000, 8_000) };

/** A call in virtual time: packets arrive when their 20 ms are over, the fork looks every 20 ms in between. */
function call(mix: Mix, rateHz = 8_000) {
  const audio = createForkAudio(mix, rateHz, 1_000);
  const header = { ...emptyHeader(), payloadAt: 12, payloadEnd: 172 };
  const packet = new Uint8Array(172);
  const frames: Buffer[] = [];
  const say = (side: 'in' | 'out', i: number, lateMs = 0): void => {
    Object.assign(header, { ssrc: side === 'in' ? 1 : 2, sequence: (65_530 + i) & 0xffff, timestamp: (0xffff_ff00 + 160 * i) >>> 0, marker: i === 0 });
    encodeUlaw(voices[side].subarray((i % 50) * 160, (i % 50) * 160 + 160), packet, 12);
    audio.hear(side, header, packet, PCMU, 1_020 + 20 * i + lateMs);
  };
  return {
    audio, frames, say,
    look: (ms: number) => frames.push(...audio.take(1_000 + ms)),
    run(fromMs: number, toMs: number, talks: (side: 'in' | 'out', i: number) => boolean = () => true) {
      for (let i = fromMs / 20; i < toMs / 20; i += 1) {
        for (const side of ['in', 'out'] as const) if (talks(side, i)) say(side, i);
        frames.push(...audio.take(1_000 + 20 * (i + 1) + 10));
      }
    },
    channel(c: number): Int16Array {
      const all = Buffer.concat(frames);
      const samples = new Int16Array(all.buffer.slice(all.byteOffset, all.byteOffset + all.length));
      return mix === 'stereo' ? samples.filter((_, i) => i % 2 === c) : samples;
    },
  };
}
const has = (samples: Int16Array, hz: number, rateHz = 8_000): boolean => toneAmplitude(samples.subarray(Math.floor(rateHz * 0.2), Math.floor(rateHz * 0.9)), hz, rateHz) > 4_000;

describe.each([8_000, 16_000, 24_000])('at %i Hz', (rateHz) => {
  it('mono is what the caller says, in frames of 20 ms', () => {
    const c = call('mono', rateHz);
    c.run(0, 1_000);
    expect(new Set(c.frames.map((f) => f.length))).toEqual(new Set([(rateHz / 50) * 2]));
    expect(c.frames.length).toBeGreaterThanOrEqual(47);
    expect([has(c.channel(0), CALLER, rateHz), has(c.channel(0), OTHER, rateHz)]).toEqual([true, false]);
  });

  it('mixed is both in one', () => {
    const c = call('mixed', rateHz);
    c.run(0, 1_000);
    expect([has(c.channel(0), CALLER, rateHz), has(c.channel(0), OTHER, rateHz)]).toEqual([true, true]);
  });

  it('stereo has the caller left, the other right', () => {
    const c = call('stereo', rateHz);
    c.run(0, 1_000);
    const [left, right] = [c.channel(0), c.channel(1)];
    expect([has(left, CALLER, rateHz), has(left, OTHER, rateHz), has(right, CALLER, rateHz), has(right, OTHER, rateHz)]).toEqual([true, false, false, true]);
    expect(c.frames[0]?.length).toBe((rateHz / 50) * 4);
  });
});

describe('time goes on', () => {
  it('a caller who sends nothing is silence, 160 ms late', () => {
    const c = call('mono');
    c.run(0, 1_000, () => false);
    expect([c.frames.length, rms(c.channel(0))]).toEqual([42, 0]);
  });

  it('what is heard comes 20 to 40 ms after it was said', () => {
    const c = call('mono');
    c.run(0, 1_000);
    expect(c.frames.length).toBe(49);
  });

  it('a pause of the caller is as long in the stream as it was', () => {
    const c = call('mono');
    c.run(0, 3_000, (_, i) => i < 50 || i >= 100);
    const samples = c.channel(0);
    expect([has(samples.subarray(0, 8_000), CALLER), rms(samples.subarray(8_200, 15_800)), has(samples.subarray(16_000), CALLER)]).toEqual([true, 0, true]);
  });

  it('one side silent does not hold the other back for ever', () => {
    const c = call('stereo');
    c.run(0, 1_000, (side) => side === 'in');
    expect(c.frames.length).toBe(42);
    expect([has(c.channel(0), CALLER), rms(c.channel(1))]).toEqual([true, 0]);
  });
});

describe('the network', () => {
  it('packets that change places are put right', () => {
    const c = call('mono');
    for (let i = 0; i < 50; i += 2) {
      c.say('in', i + 1);
      c.say('in', i, 20);
      c.look(20 * (i + 2) + 10);
    }
    expect(toneAmplitude(c.channel(0).subarray(0, 6_400), CALLER, 8_000)).toBeGreaterThan(7_500);
  });

  it('a lost packet is 20 ms of silence', () => {
    const c = call('mono');
    c.run(0, 1_000, (_, i) => i !== 20);
    expect(rms(c.channel(0).subarray(20 * 160, 21 * 160))).toBe(0);
    expect(rms(c.channel(0).subarray(21 * 160, 22 * 160))).toBeGreaterThan(5_000);
  });

  it('a process that stood still reads what has arrived meanwhile before it calls it silence', () => {
    const c = call('mono');
    c.run(0, 400);
    for (let i = 20; i < 40; i += 1) c.say('in', i, (40 - i) * 20);
    c.look(810);
    c.run(800, 1_000);
    expect(c.frames.length).toBe(49);
    expect(toneAmplitude(c.channel(0), CALLER, 8_000)).toBeGreaterThan(7_500);
  });

  it('after minutes of standing still the stream goes on where the clock is', () => {
    const c = call('mono');
    c.run(0, 400);
    c.look(180_000);
    c.look(180_020);
    expect(c.frames.length).toBeLessThan(150);
  });
});

it('what was not taken during a pause is not heard afterwards', () => {
  const c = call('mono');
  for (let i = 0; i < 50; i += 1) {
    c.say('in', i);
    c.audio.skip(1_030 + 20 * i);
  }
  c.run(1_000, 1_200);
  expect(c.frames.length).toBeLessThanOrEqual(19);
});

it('frames are never more than time, whatever is lost or late', () => {
  fc.assert(fc.property(fc.array(fc.record({ lost: fc.boolean(), late: fc.integer({ min: 0, max: 300 }) }), { minLength: 20, maxLength: 200 }), (network) => {
    const c = call('stereo');
    network.forEach(({ lost, late }, i) => {
      if (!lost) c.say('in', i, late);
      c.look(20 * (i + 1) + 5);
    });
    expect(c.frames.length).toBeLessThanOrEqual(network.length);
    expect(c.frames.length).toBeGreaterThanOrEqual(network.length - 10);
  }), { numRuns: 60 });
});
