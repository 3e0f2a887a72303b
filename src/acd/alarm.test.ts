import { beforeEach, describe, expect, it } from 'vitest';
import { createAlarm } from './alarm.js';
import { testClock, type TestClock } from './office.fixture.js';

let clock: TestClock;
let rang: number[];
let alarm: ReturnType<typeof createAlarm>;
beforeEach(() => {
  clock = testClock();
  rang = [];
  alarm = createAlarm(clock, () => void rang.push(clock.now()));
});

describe('one timer for all that is due', () => {
  it('rings at the time it was last set to, once', () => {
    alarm.at(1_500, 1_000);
    alarm.at(1_200, 1_000);
    clock.advance(1_000);
    expect(rang).toEqual([200]);
  });

  it('may be set again from its own ringing', () => {
    const again = createAlarm(clock, () => {
      rang.push(clock.now());
      if (rang.length < 3) again.at(clock.now() + 10, clock.now());
    });
    again.at(10, 0);
    clock.advance(100);
    expect(rang).toEqual([10, 20, 30]);
  });

  it('is silent when nothing is due any more', () => {
    alarm.at(100, 0);
    alarm.at(undefined, 0);
    clock.advance(1_000);
    expect(rang).toEqual([]);
  });

  it('a pause is not made longer by asking for it again, and gives way to a time', () => {
    alarm.in(100);
    clock.advance(60);
    alarm.in(100);
    clock.advance(40);
    expect(rang).toEqual([100]);
    alarm.in(100);
    alarm.at(clock.now() + 10, clock.now());
    clock.advance(500);
    expect(rang).toEqual([100, 110]);
  });

  it('can be switched off', () => {
    alarm.in(5);
    alarm.off();
    clock.advance(10);
    expect(rang).toEqual([]);
  });
});
