import { expect, it } from 'vitest';
import { bestMatch, numberPattern } from './entries.js';

it.each([
  ['4000', '4000', true], ['4000', '40001', false], ['40xx', '4012', true], ['40xx', '401', false], ['40XX', '4099', true],
  ['+86755xxxxxxxx', '+8675512345678', true], ['+86755xxxxxxxx', '8675512345678', false], ['zx', '05', false], ['nx', '19', false], ['nx', '29', true],
  ['4[1-3]', '42', true], ['4[1-3]', '45', false], ['00.', '00', false], ['00.', '001', true], ['00!', '00', true], ['*45', '*45', true], ['*45', '445', false], ['+1', '1', false],
])('%s matches %s: %s', (pattern, number, yes) => expect(numberPattern(pattern).matches(number)).toBe(yes));

it.each([
  [['40xx', '4000'], '4000', '4000'], [['4xxx', '40xx'], '4012', '40xx'], [['x.', '40xx'], '4012', '40xx'], [['40xx', '4x1x'], '4010', '40xx'], [['4000'], '5000', undefined],
])('of %j, %s goes to %s', (patterns, dialled, winner) => {
  expect(bestMatch(patterns.map((p) => ({ number: numberPattern(p) })), dialled)?.number.pattern).toBe(winner);
});
