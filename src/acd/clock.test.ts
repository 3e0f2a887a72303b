import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './clock.js';

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
