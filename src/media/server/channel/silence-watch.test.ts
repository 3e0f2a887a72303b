import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSilenceWatch } from './silence-watch.js';

let heardAt: number | undefined;
let resting = false;
let told: number[];
let watch: ReturnType<typeof createSilenceWatch>;
const now = (): number => performance.now();

beforeEach(() => {
  vi.useFakeTimers();
  heardAt = undefined;
  resting = false;
  told = [];
  watch = createSilenceWatch(now, () => heardAt, () => resting, () => undefined);
});
afterEach(() => vi.useRealTimers());

const listen = (ms: number): number => {
  const from = now();
  watch.set(ms, () => void told.push(now() - from));
  return from;
};

it('tells once, when nothing at all came', () => {
  listen(60_000);
  vi.advanceTimersByTime(300_000);
  expect([told, watch.timers()]).toEqual([[60_000], 0]);
});

it('counts from the last packet, with a timer a period and not a packet', () => {
  listen(60_000);
  for (let i = 0; i < 5_000; i += 1) {
    vi.advanceTimersByTime(20);
    heardAt = now();
  }
  expect(watch.timers()).toBe(1);
  vi.advanceTimersByTime(59_000);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(told).toEqual([160_000]);
});

it('rests on hold, and gives the whole time again afterwards', () => {
  listen(60_000);
  resting = true;
  vi.advanceTimersByTime(170_000);
  resting = false;
  watch.restart();
  vi.advanceTimersByTime(59_000);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([230_000]);
});

it('can be changed and switched off', () => {
  listen(1_000);
  listen(5_000);
  vi.advanceTimersByTime(4_000);
  expect(told).toEqual([]);
  watch.set(undefined);
  vi.advanceTimersByTime(60_000);
  expect([told, watch.timers()]).toEqual([[], 0]);
});
