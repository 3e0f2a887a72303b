import { describe, expect, it } from 'vitest';
import { SipSyntaxError } from './errors.js';
import { Headers } from './headers.js';

const lines = (h: Headers): string[] => [...h.entries()].map(([n, v]) => `${n}: ${v}`);
const route = () => new Headers([['Via', 'one, two'], ['Route', '<sip:a;lr>'], ['v', 'three'], ['Subject', 'a, b']]);

it('finds by any spelling', () => {
  expect(['VIA', 'via', 'v', 'V'].map((name) => route().get(name))).toEqual(Array(4).fill('one, two'));
});

it('splits list headers at their commas and leaves others whole', () => {
  expect([route().all('Via'), route().all('Subject')]).toEqual([['one', 'two', 'three'], ['a, b']]);
});

it('does not split within quotes or angle brackets', () => {
  const contacts = new Headers([['Contact', '"Smith, \\"J,\\" J" <sip:a,b@x>;q=1, <sip:c@x>']]);
  expect(contacts.all('Contact')).toEqual(['"Smith, \\"J,\\" J" <sip:a,b@x>;q=1', '<sip:c@x>']);
});

describe('the first value', () => {
  it('is taken from the front of its list', () => {
    const h = route();
    expect([h.removeFirst('Via'), h.removeFirst('Via'), h.removeFirst('Via'), h.removeFirst('Via')]).toEqual(['one', 'two', 'three', undefined]);
    expect(lines(h)).toEqual(['Route: <sip:a;lr>', 'Subject: a, b']);
  });

  it('is replaced, the rest of its list staying', () => {
    expect(lines(route().replaceFirst('Via', 'uno'))).toEqual(['Via: uno, two', 'Route: <sip:a;lr>', 'Via: three', 'Subject: a, b']);
  });
});

it('puts in front of its kind, or at the top', () => {
  const h = new Headers([['To', 'x'], ['Route', 'r1']]).prepend('Route', 'r0').prepend('Via', 'v0');
  expect(lines(h)).toEqual(['Via: v0', 'To: x', 'Route: r0', 'Route: r1']);
});

it('sets in the place of the first and drops the others', () => {
  expect(lines(route().set('Via', ['x', 'y']))).toEqual(['Via: x', 'Via: y', 'Route: <sip:a;lr>', 'Subject: a, b']);
  expect(route().set('Max-Forwards', 70).get('max-forwards')).toBe('70');
});

it('remembers what was parsed until the header changes', () => {
  const h = route();
  let runs = 0;
  const read = (): string | undefined => h.parsed('Via', (value) => `${value}#${++runs}`);
  expect([read(), read()]).toEqual(['one#1', 'one#1']);
  h.replaceFirst('Via', 'uno');
  expect(read()).toBe('uno#2');
  h.prepend('Via', 'zero');
  expect(read()).toBe('zero#3');
  h.set('Via', 'only');
  expect(read()).toBe('only#4');
  h.remove('Via');
  expect(read()).toBeUndefined();
});

it('clones into a life of its own', () => {
  const h = route();
  const copy = h.clone().append('X', '1').set('Subject', 'other');
  expect([h.has('X'), h.get('Subject'), copy.get('Subject'), h.size]).toEqual([false, 'a, b', 'other', 4]);
});

it.each(['append', 'prepend', 'set', 'replaceFirst'] as const)('%s refuses a line break, which would write headers of its own', (how) => {
  expect(() => route()[how]('Via', 'x\r\nEvil: 1')).toThrow(SipSyntaxError);
  expect(() => route()[how]('Via', 'x\nEvil: 1')).toThrow(SipSyntaxError);
});
