import fc from 'fast-check';
import { expect, it } from 'vitest';
import { afterDeath, noDeaths, type Deaths } from './backoff.js';

const pauses = (...lived: number[]): number[] => {
  let deaths: Deaths = noDeaths;
  return lived.map((ms) => {
    const [next, pause] = afterDeath(deaths, ms);
    deaths = next;
    return pause;
  });
};

it('mends the first deaths at once, so that a killed media server takes calls within its two seconds', () => {
  expect(pauses(500, 500)).toEqual([0, 0]);
});

it('waits longer and longer for a process that dies as soon as it starts, but never longer than five seconds', () => {
  expect(pauses(...Array.from({ length: 9 }, () => 40))).toEqual([0, 0, 250, 500, 1_000, 2_000, 5_000, 5_000, 5_000]);
});

it('forgets earlier deaths once a process has lived ten seconds', () => {
  expect(pauses(40, 40, 40, 10_000, 40)).toEqual([0, 0, 250, 0, 0]);
});

it('always pauses between nothing and five seconds, whatever the lives', () => {
  fc.assert(fc.property(fc.array(fc.nat(20_000)), (lives) => pauses(...lives).every((p) => p >= 0 && p <= 5_000)));
});
