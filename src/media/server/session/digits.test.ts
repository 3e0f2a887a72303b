import { expect, it } from 'vitest';
import { createDigits, type QueuedDigit } from './digits.js';

const digit = (d: string): QueuedDigit => ({ digit: d, duration: 800, source: 'rtp' });

it('an idle channel takes digits at once, and each is reported as it leaves the queue', () => {
  const reported: string[] = [];
  const digits = createDigits((d) => reported.push(d.digit));
  digits.push(digit('1'));
  expect(reported).toEqual(['1']);
  expect(digits.waiting()).toBe(0);
});

it('digits wait while nobody wants them and go to the next taker in order', () => {
  const reported: string[] = [];
  const digits = createDigits((d) => reported.push(d.digit));
  digits.give(undefined);
  for (const d of '12#') digits.push(digit(d));
  expect([digits.waiting(), reported]).toEqual([3, []]);
  const got: string[] = [];
  digits.give((d) => got.push(d.digit));
  expect([got, reported]).toEqual([['1', '2', '#'], ['1', '2', '#']]);
});

it('a taker that has had enough leaves the rest for the next', () => {
  const digits = createDigits(() => undefined);
  digits.give(undefined);
  for (const d of '123') digits.push(digit(d));
  const first: string[] = [];
  digits.give((d) => {
    first.push(d.digit);
    digits.give(undefined);
  });
  const second: string[] = [];
  digits.give((d) => second.push(d.digit));
  expect([first, second]).toEqual([['1'], ['2', '3']]);
});

it('can be flushed, and a flood does not grow it without bound', () => {
  const digits = createDigits(() => undefined);
  digits.give(undefined);
  for (let i = 0; i < 1_000; i++) digits.push(digit('1'));
  expect(digits.waiting()).toBeLessThanOrEqual(128);
  expect(digits.flush()).toBeGreaterThan(100);
  expect(digits.waiting()).toBe(0);
});
