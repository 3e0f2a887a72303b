import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimeline, placePacket } from './timeline.js';

interface Network {
  readonly jitterMs: number;
  readonly loss: number;
  readonly duplicates: number;
  /** How fast the sender's clock runs against ours, parts in a million. */
  readonly ppm: number;
  readonly seed: number;
}

/** Deterministic randomness, 0 to 1. */
function dice(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** How far, in samples, each packet was placed from where it was spoken (by our clock). */
function errors(seconds: number, net: Network, first = { sequence: 65_000, timestamp: 0xffff_0000 }): { at: number; error: number }[] {
  const random = dice(net.seed);
  const packets: { i: number; spoken: number; arrives: number }[] = [];
  for (let i = 0; i * 20 < seconds * 1_000; i += 1) {
    const spoken = i * 20 * (1 + net.ppm / 1e6);
    if (random() < net.loss) continue;
    const copies = random() < net.duplicates ? 2 : 1;
    for (let c = 0; c < copies; c += 1) packets.push({ i, spoken, arrives: spoken + 20 + random() ** 2 * net.jitterMs });
  }
  packets.sort((a, b) => a.arrives - b.arrives);
  const timeline = createTimeline();
  return packets.flatMap(({ i, spoken, arrives }) => {
    const at = placePacket(timeline, 5, (first.sequence + i) & 0xffff, (first.timestamp + 160 * i) >>> 0, i === 0, 160, arrives * 8);
    return at === undefined ? [] : [{ at: arrives, error: at - spoken * 8 }];
  });
}

const network = fc.record({ jitterMs: fc.integer({ min: 0, max: 60 }), loss: fc.double({ min: 0, max: 0.2, noNaN: true }), duplicates: fc.double({ min: 0, max: 0.2, noNaN: true }), ppm: fc.integer({ min: -300, max: 300 }), seed: fc.nat() });

describe('a voice', () => {
  it('stays within 10 ms of its time for ten minutes, whatever the network and the two clocks do', () => {
    fc.assert(fc.property(network, (net) => {
      const settled = errors(600, net).filter(({ at }) => at > 4_000 + net.jitterMs * 100);
      expect(settled.reduce((worst, { error }) => Math.max(worst, Math.abs(error)), 0)).toBeLessThanOrEqual(80);
    }), { numRuns: 15 });
  });

  it('is placed exactly by its timestamps when the clocks agree', () => {
    const steady = errors(60, { jitterMs: 1, loss: 0.05, duplicates: 0, ppm: 0, seed: 3 });
    expect(Math.max(...steady.map((e) => Math.abs(e.error)))).toBeLessThanOrEqual(10);
  });

  it('keeps its pitch on a machine that stalls: no packet is moved by more than a sample, and hardly one in two', () => {
    const random = dice(11);
    const t = createTimeline();
    let before: number | undefined;
    let moved = 0;
    for (let i = 0; i < 3_000; i += 1) {
      // For a second now and then everything comes 10 to 40 ms late: what a busy machine does to arrivals.
      const stalled = Math.floor(i / 50) % 5 === 3;
      const at = placePacket(t, 1, i, 160 * i, i === 0, 160, 160 * (i + 1) + random() * 8 + (stalled ? 80 + random() * 240 : 0))!;
      if (before !== undefined && i > 100) {
        expect(Math.abs(at - before - 160)).toBeLessThanOrEqual(1);
        if (at - before !== 160) moved += 1;
      }
      before = at;
    }
    expect(moved).toBe(0);
  });

  it('is placed by its timestamp even when it comes late or out of order', () => {
    const t = createTimeline();
    const places = [0, 2, 1].map((i) => placePacket(t, 1, i, 160 * i, false, 160, 160 * 3)!);
    const next = placePacket(t, 1, 3, 160 * 3, false, 160, 160 * 4);
    expect([...places.map((p) => p - t.pulled), next]).toEqual([0, 320, 160, 480]);
  });

  it('follows a clock as wrong as 2 % without ever being 100 ms off', () => {
    const wrong = errors(120, { jitterMs: 5, loss: 0, duplicates: 0, ppm: 20_000, seed: 9 });
    expect(Math.max(...wrong.map((e) => Math.abs(e.error)))).toBeLessThan(800);
  });
});

describe('streams that break', () => {
  const steady = (t = createTimeline(), packets = 100, ssrc = 1) => {
    for (let i = 0; i < packets; i += 1) placePacket(t, ssrc, i, 160 * i, false, 160, 160 * (i + 1));
    return t;
  };

  it.each([
    ['another SSRC', { ssrc: 2, sequence: 9_999, timestamp: 12_345 }],
    ['a timestamp jump forward', { ssrc: 1, sequence: 100, timestamp: 500_000 }],
    ['a timestamp jump by less than a second', { ssrc: 1, sequence: 100, timestamp: 160 * 100 + 4_000 }],
    ['a timestamp jump backward', { ssrc: 1, sequence: 100, timestamp: 17 }],
    ['a sequence that starts anew', { ssrc: 1, sequence: 30_000, timestamp: 160 * 100 }],
  ])('%s goes on where the clock is', (_what, { ssrc, sequence, timestamp }) => {
    const t = steady();
    const places = Array.from({ length: 10 }, (_, i) => placePacket(t, ssrc, sequence + i, timestamp + 160 * i, false, 160, 160 * (101 + i)));
    expect(places).toEqual(Array.from({ length: 10 }, (_, i) => 160 * (100 + i)));
  });

  it('silence suppression leaves its gap where it was', () => {
    const t = steady();
    expect(placePacket(t, 1, 100, 160 * 600, true, 160, 160 * 601)).toBe(160 * 600);
  });

  it('a pause that the timestamps hide is found by the marker, and without one within two seconds', () => {
    expect(placePacket(steady(), 1, 100, 16_000, true, 160, 16_160 + 40_000)).toBe(56_000);
    const t = steady();
    const last = Array.from({ length: 120 }, (_, i) => placePacket(t, 1, 100 + i, 16_000 + 160 * i, false, 160, 56_160 + 160 * i)).at(-1);
    expect(Math.abs(last! - (56_000 + 160 * 119))).toBeLessThanOrEqual(48);
  });

  it('a stalled network that delivers all at once puts each packet in its place', () => {
    const t = steady();
    expect(Array.from({ length: 40 }, (_, i) => placePacket(t, 1, 100 + i, 160 * (100 + i), false, 160, 160 * 141))).toEqual(Array.from({ length: 40 }, (_, i) => 160 * (100 + i)));
  });

  it('a beginning that was held up is put right as soon as its burst is over', () => {
    const t = createTimeline();
    const burst = Array.from({ length: 15 }, (_, i) => placePacket(t, 1, i, 160 * i, i === 0, 160, 160 * 15)!);
    expect(burst.every((at, i) => i === 0 || at - burst[i - 1]! === 160)).toBe(true);
    const after = Array.from({ length: 15 }, (_, i) => placePacket(t, 1, 15 + i, 160 * (15 + i), false, 160, 160 * (16 + i))!);
    expect(after.at(-1)).toBe(160 * 29);
  });

  it.each([100, 180, 300, 900])('a source whose first packets came up to %i samples late is moved to its place by the first that is of no burst', (late) => {
    for (const t of [steady(), createTimeline()]) {
      const places = Array.from({ length: 12 }, (_, i) => placePacket(t, 2, i, 160 * i, i === 0, 160, 160 * (101 + i) + Math.max(0, late - 160 * i)));
      expect([places.at(-1), t.anchor, places[0]! - t.pulled]).toEqual([160 * 111, 160 * 100, 160 * 100]);
    }
  });

  it('a duplicate, and what is seconds late, is not written', () => {
    const t = steady();
    expect(placePacket(t, 1, 99, 160 * 99, false, 160, 160 * 101)).toBeUndefined();
    expect(placePacket(t, 1, 5, 160 * 5, false, 160, 160 * 101)).toBeUndefined();
  });
});
