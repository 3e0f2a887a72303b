import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestMatch, comparePatterns, maskNumber, matches } from './pattern.js';

describe('number patterns', () => {
  it.each<[pattern: string, number: string, match: boolean]>([
    ['4000', '4000', true], ['4000', '40001', false], ['40xx', '4012', true], ['40XX', '4012', true], ['40xx', '401', false], ['zxx', '099', false], ['nxx', '199', false], ['nxx', '299', true],
    ['+86x.', '+8613800138000', true], ['+86x.', '+86', false], ['+86x.', '+441234', false], ['9!', '9', true], ['9.', '9', false], ['*45', '*45', true], ['1[3-5]x', '149', true], ['1[3-5]x', '169', false],
    ['+867551234xxxx', '+8675512345678', true], ['+86x.', '8613800138000', false],
  ])('%s and %s: %s', (pattern, number, match) => expect(matches(pattern, number)).toBe(match));

  it('matches every number that is written as itself, and no other', () => {
    const number = fc.stringMatching(/^[+*#0-9][0-9*#]{0,12}$/);
    fc.assert(fc.property(number, number, (a, b) => matches(a, b) === (a === b)));
  });

  it('lets x stand for each digit in each place', () => {
    fc.assert(fc.property(fc.stringMatching(/^[0-9]{1,12}$/), fc.nat(11), (number, at) => {
      const i = at % number.length;
      return matches(`${number.slice(0, i)}x${number.slice(i + 1)}`, number);
    }));
  });

  it('prefers the more particular pattern, whatever the order they stand in', () => {
    const patterns = ['x.', '40xx', '4000', '40.', '4zxx', '400x'];
    fc.assert(fc.property(fc.shuffledSubarray(patterns, { minLength: 6 }), (order) => bestMatch(order, (p) => p, '4000') === '4000' && bestMatch(order, (p) => p, '4001') === '400x'));
    expect(bestMatch(patterns, (p) => p, '4100')).toBe('4zxx');
    expect(bestMatch(patterns, (p) => p, '55')).toBe('x.');
    expect(bestMatch(['40xx'], (p) => p, '55')).toBeUndefined();
    expect(comparePatterns('a', 'a')).toBe(0);
  });
});

it('masks the middle of a number', () => {
  expect(maskNumber('+8613800138000')).toBe('+86138****00');
  expect(maskNumber('1001')).toBe('1001');
  expect(maskNumber('123456')).toBe('1****56');
});
