import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { engineTime, systemClock } from './clock.js';
import { testClock } from './office.fixture.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the clock of the machine', () => {
  it('rings after the time asked for, never before', () => {
    let rang = false;
    systemClock.after(1_500.2, () => (rang = true));
    vi.advanceTimersByTime(1_500);
    expect(rang).toBe(false);
    vi.advanceTimersByTime(1);
    expect(rang).toBe(true);
  });

  it('can be called off', () => {
    const cancel = systemClock.after(10, () => expect.fail('rang'));
    cancel();
    vi.advanceTimersByTime(20);
  });

  it('rings at once for what is past, and looks again for what is very far away', () => {
    const rang: string[] = [];
    systemClock.after(-5, () => rang.push('past'));
    systemClock.after(2 ** 40, () => rang.push('far'));
    vi.advanceTimersByTime(0);
    expect(rang).toEqual(['past']);
    vi.advanceTimersByTime(2 ** 31 - 1);
    expect(rang).toEqual(['past', 'far']);
  });

  it('does not go back when the wall clock does', () => {
    const before = systemClock.now();
    vi.setSystemTime(0);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
    expect(systemClock.wall()).toBe(0);
  });
});

describe('engine time', () => {
  it('is the wall clock in whole milliseconds at the start, and runs on by itself', () => {
    const clock = testClock(1_000_000.7);
    const time = engineTime(clock, undefined);
    clock.advance(10.5);
    expect(time.now()).toBe(1_000_010);
    clock.setWall(5);
    expect(time.now()).toBe(1_000_010);
  });

  it('shows the same moment as the same time, though two clocks never agree to the millisecond', () => {
    const clock = testClock(1_000_000);
    const time = engineTime(clock, undefined);
    clock.setWall(1_000_003);
    expect(time.wallOf(5)).toBe(5);
  });

  it('never begins before the log ended', () => expect(engineTime(testClock(1_000), 5_000.5).now()).toBe(5_001));

  it('is told as people see it on their clocks now', () => {
    const clock = testClock(1_000_000);
    const time = engineTime(clock, undefined);
    clock.advance(60_000);
    clock.setWall(2_000_000); // put right by 940 s
    expect(time.wallOf(time.now() - 1_000)).toBe(1_999_000);
    expect(time.atWall(2_005_000)).toBe(time.now() + 5_000);
  });
});
