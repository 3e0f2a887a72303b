import fc from 'fast-check';
import { expect, it } from 'vitest';
import { manualClock } from './clock.js';
import { createTimers, type Timer } from './timers.js';

it('fires each in its time, the earliest first', () => {
  const clock = manualClock();
  const timers = createTimers(clock);
  const seen: string[] = [];
  for (const [name, ms] of [['c', 30], ['a', 10], ['b', 20]] as const) timers.after(ms, () => seen.push(`${name}@${clock.now()}`));
  clock.advance(25);
  expect([seen, timers.armed]).toEqual([['a@10', 'b@20'], 1]);
  clock.advance(5);
  expect([seen.at(-1), timers.armed]).toEqual(['c@30', 0]);
});

it('asks the clock for one wake-up only, however many wait', () => {
  const clock = manualClock();
  let waiting = 0;
  const timers = createTimers({
    now: () => clock.now(),
    after: (ms, wake) => {
      waiting += 1;
      const stop = clock.after(ms, () => {
        waiting -= 1;
        wake();
      });
      return () => {
        waiting -= 1;
        stop();
      };
    },
  });
  const all = [50, 40, 60, 10].map((ms) => timers.after(ms, () => undefined));
  expect(waiting).toBe(1);
  clock.advance(45);
  expect([waiting, timers.armed]).toEqual([1, 2]);
  for (const timer of all) timers.cancel(timer);
  expect([waiting, timers.armed]).toEqual([0, 0]);
});

it('lets a timer arm another and cancel a third while it fires', () => {
  const clock = manualClock();
  const timers = createTimers(clock);
  const seen: string[] = [];
  const third = timers.after(10, () => seen.push('third'));
  timers.after(5, () => {
    timers.cancel(third);
    timers.after(0, () => seen.push('now'));
  });
  clock.advance(20);
  expect([seen, timers.armed]).toEqual([['now'], 0]);
});

it('closes with nothing left to wake for', () => {
  const clock = manualClock();
  const timers = createTimers(clock);
  timers.after(1, () => expect.unreachable());
  timers.close();
  clock.advance(10);
  expect(timers.armed).toBe(0);
});

it('whatever is armed and cancelled, the rest fires in order and once', () => {
  const delays = fc.array(fc.tuple(fc.nat(1_000), fc.boolean()), { maxLength: 60 });
  fc.assert(
    fc.property(delays, (plan) => {
      const clock = manualClock();
      const timers = createTimers(clock);
      const fired: number[] = [];
      const kept: number[] = [];
      const doomed: Timer[] = [];
      for (const [ms, keep] of plan) {
        const timer = timers.after(ms, () => fired.push(ms));
        if (keep) kept.push(ms);
        else doomed.push(timer);
      }
      for (const timer of doomed) timers.cancel(timer);
      expect(timers.armed).toBe(kept.length);
      clock.advance(1_000);
      expect(fired).toEqual(kept.sort((a, b) => a - b));
    }),
  );
});
