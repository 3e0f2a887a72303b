import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadingVars, splitArgs, toInt } from './split.js';

describe('splitArgs', () => {
  it.each<[text: string, most: number, parts: string[]]>([
    ['1 4 3', 9, ['1', '4', '3']],
    ['  a   b ', 9, ['a', 'b']],
    ['', 9, []],
    ["'a b' c", 9, ['a b', 'c']],
    ["x'y z'w", 9, ['xy zw']],
    ["it's fine", 9, ["it's", 'fine']],
    ['uuid var a value with blanks', 3, ['uuid', 'var', 'a value with blanks']],
    ['one', 1, ['one']],
    ['a b', 1, ['a b']],
    ['0 128 1 120000 # silence_stream://200 silence_stream://250 myDigitBuffer \\d+ 8000', 11,
      ['0', '128', '1', '120000', '#', 'silence_stream://200', 'silence_stream://250', 'myDigitBuffer', '\\d+', '8000']],
  ])('%j', (text, most, parts) => {
    expect(splitArgs(text, most)).toEqual(parts);
  });
  it('ends for every text, with no part it was not given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (text, most) => {
        const parts = splitArgs(text, most);
        expect(parts.length).toBeLessThanOrEqual(most);
      }),
    );
  });
});

it.each<[text: string | undefined, value: number]>([
  ['12', 12], ['12abc', 12], ['-3', -3], ['+4', 4], ['abc', 7], ['', 7], [undefined, 7],
])('toInt(%j) is %i', (text, value) => {
  expect(toInt(text, 7)).toBe(value);
});

it('takes settings off the front, one group or several', () => {
  const { vars, rest } = leadingVars("{a=1,b='two'}{c=3} tone_stream://x");
  expect([...vars]).toEqual([['a', '1'], ['b', 'two'], ['c', '3']]);
  expect(rest).toBe('tone_stream://x');
  expect(leadingVars('plain.wav').rest).toBe('plain.wav');
  expect(leadingVars('{unclosed').rest).toBe('{unclosed');
});
