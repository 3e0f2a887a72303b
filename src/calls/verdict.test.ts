import { expect, it } from 'vitest';
import { causeOfFailure, failureOf, statusOfFailure } from './verdict.js';

it.each<[status: number, failure: string]>([
  [486, 'busy'], [600, 'busy'], [408, 'no_answer'], [480, 'no_answer'], [487, 'no_answer'], [404, 'unreachable'], [0, 'unreachable'],
  [503, 'unreachable'], [500, 'failed'], [504, 'failed'], [603, 'rejected'], [403, 'rejected'], [488, 'rejected'],
])('%i is %s', (status, failure) => expect(failureOf(status)).toBe(failure));

it('has a cause and a status for every failure', () => {
  expect(Object.keys(causeOfFailure)).toEqual(Object.keys(statusOfFailure));
});
