import { expect, it } from 'vitest';
import { causeInReason, causeNumber, causeOf, reasonHeader, statusFor, type Cause } from './causes.js';

it.each<[text: string, cause: Cause]>([
  ['USER_BUSY', 'USER_BUSY'], ['user_busy', 'USER_BUSY'], ['17', 'USER_BUSY'], ['804', 'MEDIA_TIMEOUT'], ['', 'NORMAL_CLEARING'],
  ['no such cause', 'NORMAL_CLEARING'], ['9999', 'NORMAL_CLEARING'], [' NO_ANSWER ', 'NO_ANSWER'],
])('%j names %s', (text, cause) => {
  expect(causeOf(text)).toBe(cause);
});

it('writes Reason as mod_sofia does: Q.850 for its own causes, SIP for the private ones', () => {
  expect(reasonHeader('NORMAL_CLEARING')).toBe('Q.850;cause=16;text="NORMAL_CLEARING"');
  expect(reasonHeader('MEDIA_TIMEOUT')).toBe('SIP;cause=804;text="MEDIA_TIMEOUT"');
});

it.each<[header: string | undefined, cause: Cause | undefined]>([
  ['Q.850;cause=17;text="USER_BUSY"', 'USER_BUSY'], ['q.850 ; cause = 16', 'NORMAL_CLEARING'], ['SIP;cause=200;text="Call completed elsewhere"', undefined],
  ['Q.850;cause=4711', undefined], ['', undefined], [undefined, undefined],
])('Reason %j names %s', (header, cause) => {
  expect(causeInReason(header)).toBe(cause);
});

it.each<[cause: Cause, status: number]>([
  ['NO_ROUTE_DESTINATION', 404], ['USER_BUSY', 486], ['INCOMPATIBLE_DESTINATION', 488], ['ORIGINATOR_CANCEL', 487], ['NORMAL_CLEARING', 480],
])('%s before the answer is %i', (cause, status) => {
  expect(statusFor(cause)).toBe(status);
});

it('numbers and names are one to one', () => {
  expect(causeOf(String(causeNumber('CALL_REJECTED')))).toBe('CALL_REJECTED');
});
