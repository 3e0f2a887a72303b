import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLine, placeEvent, placeOwn, placeRelayed, type Place } from './line.js';
import { sequenceDistance, timestampDistance } from './packet.js';

const line = (sequence = 65_530, timestamp = 0xffff_ff00) => createLine(77, sequence, timestamp);
const spot = (): Place => ({ sequence: 0, timestamp: 0, marker: false });

it('gives own audio consecutive places over both wraps, marked at the start', () => {
  const l = line();
  const places = Array.from({ length: 20 }, (_, i) => {
    const p = spot();
    placeOwn(l, i === 0, 160, i * 20, p);
    return p;
  });
  expect(places.map((p) => p.marker)).toEqual([true, ...Array<boolean>(19).fill(false)]);
  places.slice(1).forEach((p, i) => {
    expect(sequenceDistance(places[i]!.sequence, p.sequence)).toBe(1);
    expect(timestampDistance(places[i]!.timestamp, p.timestamp)).toBe(160);
  });
});

it('lets a pause show in the timestamp, not in the sequence', () => {
  const l = line();
  const [a, b] = [spot(), spot()];
  placeOwn(l, true, 160, 0, a);
  placeOwn(l, true, 160, 1_000, b);
  expect(timestampDistance(a.timestamp, b.timestamp)).toBe(8_000);
  expect(sequenceDistance(a.sequence, b.sequence)).toBe(1);
  expect(b.marker).toBe(true);
});

it('keeps one line through music, bridge and music again', () => {
  const l = line();
  const out: Place[] = [];
  let now = 0;
  const put = (place: (p: Place) => void): void => {
    const p = spot();
    place(p);
    out.push(p);
    now += 20;
  };
  for (let i = 0; i < 5; i += 1) put((p) => placeOwn(l, i === 0, 160, now, p));
  for (let i = 0; i < 5; i += 1) put((p) => placeRelayed(l, 9, 100 + i, 5_000 + 160 * i, false, 160, now, p));
  for (let i = 0; i < 5; i += 1) put((p) => placeOwn(l, i === 0, 160, now, p));
  out.slice(1).forEach((p, i) => {
    expect([sequenceDistance(out[i]!.sequence, p.sequence), timestampDistance(out[i]!.timestamp, p.timestamp)]).toEqual([1, 160]);
  });
  expect(out.map((p, i) => (p.marker ? i : -1)).filter((i) => i >= 0)).toEqual([0, 5, 10]);
});

describe('a forwarded stream', () => {
  it('keeps its losses and its order, and drops duplicates and what is from before the switch', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -8, max: 40 }), { minLength: 2, maxLength: 80 }), fc.nat(0xffff), fc.nat(0xffff_ffff), (offsets, start, stamp) => {
      const l = line();
      let reference: { i: number; place: Place } | undefined;
      const passed = new Set<number>();
      offsets.forEach((i, n) => {
        const p = spot();
        if (!placeRelayed(l, 9, (start + i) & 0xffff, (stamp + 160 * i) >>> 0, false, 160, n * 20, p)) return;
        reference ??= { i, place: p };
        passed.add(i);
        expect(i).toBeGreaterThanOrEqual(reference.i);
        expect(sequenceDistance(reference.place.sequence, p.sequence)).toBe(i - reference.i);
        expect(timestampDistance(reference.place.timestamp, p.timestamp)).toBe(160 * (i - reference.i));
      });
      expect(passed.has(Math.max(...offsets))).toBe(true);
    }));
  });

  it('joins anew when the far end restarts with another SSRC', () => {
    const l = line();
    const [a, b] = [spot(), spot()];
    placeRelayed(l, 9, 100, 1_000, false, 160, 0, a);
    placeRelayed(l, 10, 40_000, 99_999, false, 160, 20, b);
    expect([sequenceDistance(a.sequence, b.sequence), timestampDistance(a.timestamp, b.timestamp), b.marker]).toEqual([1, 160, true]);
  });

  it.each([['forward', 4_000_000], ['backward', -4_000_000]])('heals a timestamp that jumps %s', (_way, jump) => {
    const l = line();
    const [a, b] = [spot(), spot()];
    placeRelayed(l, 9, 100, 5_000_000, false, 160, 0, a);
    placeRelayed(l, 9, 101, 5_000_000 + jump, false, 160, 20, b);
    expect(timestampDistance(a.timestamp, b.timestamp)).toBe(160);
  });

  it('still forwards after more packets than sequence numbers', () => {
    const l = line();
    const p = spot();
    let refused = 0;
    for (let i = 0; i < 70_000; i += 1) {
      if (!placeRelayed(l, 9, i & 0xffff, (i * 160) >>> 0, false, 160, i * 20, p)) refused += 1;
      if (i > 1 && i % 1_000 === 0 && !placeRelayed(l, 9, (i - 1) & 0xffff, ((i - 1) * 160) >>> 0, false, 160, i * 20, p)) refused += 1;
    }
    expect(refused).toBe(0);
  });

  it('lets an event keep its timestamp while audio goes on', () => {
    const l = line();
    const [audio, event, more] = [spot(), spot(), spot()];
    placeRelayed(l, 9, 100, 1_600, false, 160, 0, audio);
    placeRelayed(l, 9, 101, 1_000, true, 0, 10, event);
    placeRelayed(l, 9, 102, 1_760, false, 160, 20, more);
    expect(timestampDistance(audio.timestamp, event.timestamp)).toBe(-600);
    expect(timestampDistance(audio.timestamp, more.timestamp)).toBe(160);
  });
});

it('sends all packets of one event of ours with one timestamp', () => {
  const l = line();
  const places = Array.from({ length: 4 }, (_, i) => {
    const p = spot();
    placeEvent(l, i === 0, 1_000 + i * 20, p);
    return p;
  });
  expect(new Set(places.map((p) => p.timestamp)).size).toBe(1);
  expect(places.map((p) => p.marker)).toEqual([true, false, false, false]);
  const after = spot();
  placeOwn(l, true, 160, 1_100, after);
  expect(timestampDistance(places[0]!.timestamp, after.timestamp)).toBe(800);
});
