import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock } from './clock.js';
import { ran, startSchedule, waitFor } from './schedule.js';

/** Runs ticks, each late by what the list says, and answers when they ran. */
function run(lateness: readonly number[]): { at: number[]; missed: number } {
  const s = startSchedule(0);
  let now = 0;
  let missed = 0;
  const at = lateness.map((late) => {
    now += Math.max(0, waitFor(s, now)) + late;
    missed += ran(s, now);
    return now;
  });
  return { at, missed };
}

describe('the grid', () => {
  it('does not drift: small delays do not add up', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 50, maxLength: 300 }), (lateness) => {
      const { at, missed } = run(lateness);
      at.forEach((t, i) => expect(t - 20 * (i + 1)).toBeLessThanOrEqual(5.001));
      expect(missed).toBe(0);
    }));
  });

  it('catches up after a late tick without a burst', () => {
    const { at } = run([0, 0, 70, 0, 0, 0, 0, 0, 0]);
    expect(at).toEqual([20, 40, 130, 138, 146, 154, 162, 170, 180]);
  });

  it('gives ticks up when the process stood still', () => {
    const { at, missed } = run([0, 1_000, 0]);
    expect(at).toEqual([20, 1_040, 1_060]);
    expect(missed).toBe(50);
  });
});

it('stands still while nobody plays', async () => {
  let changes = 0;
  const clock = createClock(() => void (changes += 1));
  expect(clock.timers()).toBe(0);
  const times: number[] = [];
  await new Promise<void>((resolve) => {
    const leave = clock.join((now) => {
      times.push(now);
      if (times.length < 10) return;
      leave();
      leave();
      resolve();
    });
    expect(clock.timers()).toBe(1);
  });
  expect(clock.timers()).toBe(0);
  expect(changes).toBe(2);
  const first = times[0]!;
  expect(times.at(-1)! - first).toBeGreaterThan(150);
});
