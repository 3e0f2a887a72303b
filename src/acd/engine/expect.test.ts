import { describe, expect, it } from 'vitest';
import { emptyExpectation, expectedWait, joined, leftLine, type Expectation, type Line } from './expect.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The same numbers in every run, without a generator of the language. */
const dice = (seed: number) => () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;

/** A line that always has `length` people in it; an agent becomes free every `everyMs` on average. */
function busyLine({ staffed = 10, everyMs = 3 * SECOND, length = 10, departures = 200, ringMs = 2 * SECOND, steady = false } = {}) {
  const line: Line & { staffed: number } = { expectation: emptyExpectation(), staffed };
  const random = dice(7_919);
  let now = 0;
  let serial = 0;
  const inLine: { serial: number; at: number }[] = [];
  const join = (): void => {
    serial += 1;
    joined(line, now, inLine.length, serial);
    inLine.push({ serial, at: now });
  };
  const take = (how: 'taken' | 'gone' = 'taken'): void => {
    const first = inLine.shift();
    if (first) leftLine(line, now, { how, waitedMs: now - first.at, ringMs: how === 'taken' ? Math.min(ringMs, now - first.at) : 0, serial: first.serial });
  };
  while (inLine.length < length) join();
  for (let i = 0; i < departures; i += 1) {
    now += steady ? everyMs : -Math.log(1 - random()) * everyMs;
    take();
    join();
  }
  return { line, now: () => now, take, join };
}

describe('the expected wait', () => {
  it('is not told before enough people have been seen to be taken', () => {
    const line: Line = { expectation: emptyExpectation(), staffed: 5 };
    expect(expectedWait(line, 3, 0)).toBeUndefined();
    const { line: short, now } = busyLine({ departures: 7 });
    expect(expectedWait(short, 3, now())).toBeUndefined();
    const { line: enough, now: then } = busyLine({ departures: 30 });
    expect(expectedWait(enough, 9, then())).toBeDefined();
  });

  it('is not told when what was seen is long ago', () => {
    const { line, now } = busyLine();
    expect(expectedWait(line, 9, now() + 5 * MINUTE)).toBeDefined();
    expect(expectedWait(line, 9, now() + 21 * MINUTE)).toBeUndefined();
  });

  it('is not told while nobody works', () => {
    const { line, now } = busyLine();
    line.staffed = 0;
    expect(expectedWait(line, 9, now())).toBeUndefined();
  });

  it('lies about the time that the line needs to move up', () => {
    const { line, now } = busyLine();
    const band = expectedWait(line, 9, now());
    expect(band?.lowMs).toBeLessThan(30 * SECOND);
    expect(band?.highMs).toBeGreaterThan(30 * SECOND);
    expect((band?.highMs ?? 0) - (band?.lowMs ?? 0)).toBeLessThanOrEqual(60 * SECOND);
  });

  it('grows with the number of people ahead', () => {
    const { line, now } = busyLine({ everyMs: 2 * SECOND, length: 60, departures: 600 });
    const highs = [0, 5, 20, 50].map((ahead) => expectedWait(line, ahead, now())?.highMs ?? Infinity);
    expect(highs).toEqual([...highs].sort((a, b) => a - b));
    expect(new Set(highs).size).toBe(4);
  });

  it('falls at once when more agents come to work', () => {
    const { line, now } = busyLine();
    const before = expectedWait(line, 9, now());
    line.staffed = 20;
    const after = expectedWait(line, 9, now());
    expect(after?.highMs).toBeLessThan((before?.highMs ?? 0) * 0.7);
  });

  it('is narrower where the line moves evenly than where it moves by chance', () => {
    const width = (steady: boolean): number => {
      const { line, now } = busyLine({ steady, departures: 400 });
      const band = expectedWait(line, 9, now());
      return (band?.highMs ?? 0) - (band?.lowMs ?? 0);
    };
    expect(width(true)).toBeLessThan(width(false) * 0.7);
  });

  it('is withheld rather than told too wide', () => {
    const { line, now } = busyLine({ staffed: 3, everyMs: 60 * SECOND, length: 4, departures: 60 });
    expect(expectedWait(line, 0, now())).toBeUndefined();
  });

  it('does not mistake a calm queue, where every phone rings at once, for a fast one', () => {
    const line: Line = { expectation: emptyExpectation(), staffed: 10 };
    for (let i = 0; i < 50; i += 1) {
      joined(line, i * MINUTE, 0, i);
      leftLine(line, i * MINUTE + 4 * SECOND, { how: 'taken', waitedMs: 4 * SECOND, ringMs: 4 * SECOND, serial: i });
    }
    expect(expectedWait(line, 0, 50 * MINUTE)).toBeUndefined();
    expect(expectedWait(line, 0, 50 * MINUTE, true)).toEqual({ lowMs: 0, highMs: 4 * SECOND });
  });

  it('counts those ahead who will give up: the line moves faster where people are impatient', () => {
    const patient = busyLine({ everyMs: 3 * SECOND, length: 30, departures: 200 });
    const impatient = busyLine({ everyMs: 3 * SECOND, length: 30, departures: 200 });
    for (let i = 0; i < 60; i += 1) {
      impatient.take('gone');
      impatient.join();
    }
    expect(expectedWait(impatient.line, 29, impatient.now())?.highMs).toBeLessThan(expectedWait(patient.line, 29, patient.now())?.highMs ?? 0);
  });

  it('learns from those who gave up only that they would have waited longer', () => {
    const missed = (how: 'taken' | 'gone'): Expectation => {
      const { line, take, join } = busyLine({ departures: 100 });
      const before = structuredClone(line.expectation);
      for (let i = 0; i < 5; i += 1) {
        take(how);
        join();
      }
      expect(before.errors.length).toBeGreaterThan(0);
      return line.expectation;
    };
    expect(missed('gone').errors.some((error) => error % 2 !== 0)).toBe(true);
    expect(missed('taken').errors.some((error) => error % 2 !== 0)).toBe(false);
  });
});

describe('what is kept of it', () => {
  it('is less than two kilobytes of plain data, however long the queue runs', () => {
    const { line } = busyLine({ length: 100, departures: 3_000 });
    expect(JSON.stringify(line.expectation).length).toBeLessThan(2_048);
  });

  it('goes on from a copy as from itself', () => {
    const { line, now } = busyLine();
    const copy: Line = { staffed: line.staffed, expectation: JSON.parse(JSON.stringify(line.expectation)) as Expectation };
    for (const one of [line, copy]) {
      joined(one, now() + SECOND, 10, 9_999);
      leftLine(one, now() + 40 * SECOND, { how: 'taken', waitedMs: 39 * SECOND, ringMs: SECOND, serial: 9_999 });
    }
    expect(copy.expectation).toEqual(line.expectation);
    expect(expectedWait(copy, 7, now() + 40 * SECOND)).toEqual(expectedWait(line, 7, now() + 40 * SECOND));
  });
});
