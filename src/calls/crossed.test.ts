import { expect, it } from 'vitest';
import { crossed } from './crossed.js';

it.each([
  ['Server error: unable to find dialog for dialog id provided', true],
  ['unable to cancel unknown transaction id: 7f', true],
  ['Sip non-success response: 408', false],
])('%s', (message, yes) => {
  expect(crossed(new Error(message))).toBe(yes);
});
