import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Call } from '../calls/index.js';
import { createActiveCalls } from './active.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const call = (): Call => ({ legs: () => 2, end: vi.fn(async () => {}) }) as unknown as Call;
const settled = async (promise: Promise<void>): Promise<boolean> => {
  let done = false;
  void promise.then(() => (done = true));
  await vi.advanceTimersByTimeAsync(0);
  return done;
};

it('drains when the last call has ended', async () => {
  const active = createActiveCalls();
  const [a, b] = [call(), call()];
  active.add(a);
  active.add(b);
  const drained = active.drained(30_000, new AbortController().signal);
  active.remove(a);
  expect([await settled(drained), active.legs()]).toEqual([false, 2]);
  active.remove(b);
  expect(await settled(drained)).toBe(true);
});

it('drains no longer than the limit, and not at all after a second request', async () => {
  const active = createActiveCalls();
  active.add(call());
  const hurry = new AbortController();
  const limited = active.drained(30_000, new AbortController().signal);
  const hurried = active.drained(30_000, hurry.signal);
  hurry.abort();
  expect([await settled(hurried), await settled(limited)]).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await settled(limited)).toBe(true);
});

it('ends what is left', async () => {
  const active = createActiveCalls();
  const end = vi.fn(async () => {});
  active.add({ legs: () => 1, end } as unknown as Call);
  await active.endAll();
  expect(end).toHaveBeenCalledOnce();
});
