import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wrongAttempts } from './throttle.js';

const limits = { most: 2, windowMs: 60_000, maxSources: 3 };

it('lets two pass, refuses the third until the window is over', () => {
  const wrong = wrongAttempts(limits);
  expect([wrong.count('a', 0), wrong.count('a', 1_000), wrong.count('a', 2_000)]).toEqual([0, 0, 58]);
  expect(wrong.count('a', 60_000)).toBe(0);
});

it('counts each source for itself', () => {
  const wrong = wrongAttempts(limits);
  for (let i = 0; i < 5; i += 1) wrong.count('a', 0);
  expect(wrong.count('b', 0)).toBe(0);
});

it('never remembers more sources than it may, whoever comes', () => {
  fc.assert(fc.property(fc.array(fc.string()), (sources) => {
    const wrong = wrongAttempts(limits);
    for (const source of sources) wrong.count(source, 0);
    return wrong.size() <= 3;
  }));
});
