import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitOfEvent, eventOfDigit, parseDigit, writeEvent } from './event.js';
import { createEventReceiver, eventSilence, hearEvent, type HeardEvent } from './receive.js';
import { BadDigits, dialSteps, parseDigits } from './send.js';

interface Packet { readonly timestamp: number; readonly event: number; readonly duration: number; readonly end: boolean }

/** The packets a phone sends for one key: every 20 ms, the last three times. */
function press(event: number, timestamp: number, ms: number): Packet[] {
  const steps = ms / 20;
  return Array.from({ length: steps + 2 }, (_, i) => ({ timestamp: timestamp >>> 0, event, duration: Math.min(i + 1, steps) * 160, end: i + 1 >= steps }));
}

function hear(packets: readonly Packet[], ssrc = 1): { heard: HeardEvent[]; receiver: ReturnType<typeof createEventReceiver> } {
  const receiver = createEventReceiver();
  const payload = new Uint8Array(4);
  const heard = packets.flatMap(({ timestamp, event, duration, end }, i) => {
    writeEvent(payload, 0, event, end, duration);
    return hearEvent(receiver, ssrc, timestamp, payload, 0, i * 20);
  });
  return { heard, receiver };
}

describe('hearing', () => {
  it('takes three end packets for one key', () => {
    expect(hear(press(5, 1_000, 100)).heard).toEqual([{ event: 5, duration: 800 }]);
  });

  it('tells the same key pressed twice', () => {
    expect(hear([...press(1, 1_000, 100), ...press(1, 3_000, 80)]).heard.map((h) => h.event)).toEqual([1, 1]);
  });

  it('hears a key of which only one end packet arrived', () => {
    expect(hear(press(11, 1_000, 100).slice(-1)).heard).toEqual([{ event: 11, duration: 800 }]);
  });

  it('ends a key whose end packets were lost when the next begins, or after 150 ms', () => {
    const { heard, receiver } = hear([...press(1, 1_000, 100).slice(0, 4), ...press(2, 4_000, 100).slice(0, 3)]);
    expect(heard).toEqual([{ event: 1, duration: 640 }]);
    const last = receiver.lastAt;
    expect(eventSilence(receiver, last + 149)).toEqual([]);
    expect(eventSilence(receiver, last + 150)).toEqual([{ event: 2, duration: 480 }]);
    expect(eventSilence(receiver, last + 1_000)).toEqual([]);
  });

  it('takes a key held for ten seconds, sent in two segments, for one', () => {
    const first = Array.from({ length: 409 }, (_, i): Packet => ({ timestamp: 500, event: 9, duration: (i + 1) * 160, end: false }));
    const second = press(9, 500 + 409 * 160, 1_820);
    expect(hear([...first, ...second]).heard).toEqual([{ event: 9, duration: 409 * 160 + 91 * 160 }]);
  });

  it('begins anew with another SSRC, wherever its timestamps are', () => {
    const receiver = createEventReceiver();
    const payload = new Uint8Array(4);
    writeEvent(payload, 0, 3, true, 800);
    expect(hearEvent(receiver, 1, 500_000, payload, 0, 0)).toHaveLength(1);
    expect(hearEvent(receiver, 2, 7, payload, 0, 20)).toHaveLength(1);
    expect(hearEvent(receiver, 2, 0xf000_0000, payload, 0, 40)).toHaveLength(1);
  });

  it('hears each key once, with any loss, repetition and disorder within a key, over the timestamp’s wrap', () => {
    const key = fc.record({ event: fc.nat(15), keep: fc.array(fc.nat(6), { minLength: 1, maxLength: 12 }) });
    fc.assert(fc.property(fc.array(key, { maxLength: 8 }), (keys) => {
      const packets = keys.flatMap(({ event, keep }, i) => {
        const all = press(event, 0xffff_f000 + i * 1_600, 100);
        return [...keep.map((n) => all[n]!), all.at(-1)!];
      });
      expect(hear(packets).heard.map((h) => h.event)).toEqual(keys.map((k) => k.event));
    }));
  });

  it('ignores what is late from the key before', () => {
    const [one, two] = [press(1, 1_000, 100), press(2, 3_000, 100)];
    expect(hear([...one, ...two.slice(0, 3), one[2]!, one.at(-1)!, ...two.slice(3)]).heard.map((h) => h.event)).toEqual([1, 2]);
  });
});

describe('keys', () => {
  it('are 0–9, *, #, A–D', () => {
    expect(Array.from({ length: 18 }, (_, event) => digitOfEvent(event) ?? '-').join('')).toBe('0123456789*#ABCD--');
    expect(Array.from('0123456789*#ABCD', (d) => eventOfDigit(parseDigit(d)!))).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect([parseDigit('b'), parseDigit('x'), parseDigit('')]).toEqual(['B', undefined, undefined]);
  });
});

describe('dialling', () => {
  const steps = (text: string, durationMs = 100, gapMs = 60) => [...dialSteps(parseDigits(text), { durationMs, gapMs })];

  it('sends a packet every 20 ms, the last one three times, then rests', () => {
    const five = steps('5');
    expect(five.map((s) => (s.do === 'packet' ? s.durationMs : 0))).toEqual([20, 40, 60, 80, 100, 0, 0, 0]);
    expect(five.flatMap((s) => (s.do === 'packet' ? [[s.first, s.end, s.copies]] : []))).toEqual([
      [true, false, 1], [false, false, 1], [false, false, 1], [false, false, 1], [false, true, 3],
    ]);
  });

  it('is understood by our own ear', () => {
    let timestamp = 0;
    const packets = steps('19*#AD', 60).flatMap((s): Packet[] => {
      if (s.do === 'rest') return [];
      if (s.first) timestamp += 2_000;
      return Array.from({ length: s.copies }, () => ({ timestamp, event: eventOfDigit(s.digit), duration: s.durationMs * 8, end: s.end }));
    });
    expect(hear(packets).heard.map((h) => digitOfEvent(h.event)).join('')).toBe('19*#AD');
    expect(hear(packets).heard.every((h) => h.duration === 480)).toBe(true);
  });

  it('waits at w and W, and never sends an event longer than its field', () => {
    expect(steps('wW')).toHaveLength(75);
    const held = steps('1', 60_000).filter((s) => s.do === 'packet');
    expect(held.at(-1)).toMatchObject({ durationMs: 8_000, end: true });
  });

  it('refuses what is no key', () => {
    expect(() => parseDigits('12x')).toThrow(BadDigits);
  });
});
