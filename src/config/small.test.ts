import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { inBlocks, parseCidr } from './cidr.js';
import { parseEnvFile } from './fields.js';
import { distance, nearest } from './nearest.js';
import { Secret } from './secret.js';
import { parseYaml } from './yaml.js';

describe('nearest', () => {
  it.each([['offer_second', 'offer_seconds'], ['ofer_seconds', 'offer_seconds'], ['MUSIC', 'music'], ['msuic', 'music']])('%s → %s', (word, meant) =>
    expect(nearest(word, ['offer_seconds', 'music', 'name'])).toBe(meant));
  it('does not guess wildly', () => expect(nearest('colour', ['offer_seconds', 'music'])).toBeUndefined());
  it('is a distance: zero only for equals, the same both ways', () => {
    fc.assert(fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => (distance(a, b) === 0) === (a === b) && distance(a, b) === distance(b, a)));
  });
});

describe('address blocks', () => {
  it.each<[address: string, inside: boolean]>([
    ['203.0.113.10', true], ['203.0.113.11', false], ['10.9.8.7', true], ['::ffff:10.0.0.1', true], ['2001:db8::5', true], ['2001:db9::5', false], ['garbage', false],
  ])('%s in the list: %s', (address, inside) => expect(inBlocks(['203.0.113.10/32', '10.0.0.0/8', '2001:db8::/32'])(address)).toBe(inside));
  it.each(['1.2.3.4/33', '1.2.3', '::/129', 'host', '1.2.3.4/8/8', '1.2.3.4/'])('refuses %s', (text) => expect(parseCidr(text)).toBeUndefined());
});

it('keeps a secret out of every printed form', () => {
  const s = new Secret('hunter2');
  expect([String(s), JSON.stringify({ s }), inspect({ s }), Object.values(s).join()].join(' ')).not.toContain('hunter2');
  expect(s.reveal()).toBe('hunter2');
});

it('reads an env file', () => {
  expect(Object.fromEntries(parseEnvFile('# c\nA=1\nexport B = "two words"\nC=\'x\'\nbroken line\nD=a#b\n'))).toEqual({ A: '1', B: 'two words', C: 'x', D: 'a#b' });
});

it('answers any text with a value or with faults that stand inside it', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200, unit: fc.constantFrom('a', 'b', ':', ' ', '-', '{', '}', '[', ']', '&', '*', '"', "'", '|', '>', '\n', '\t', '#', ',', '?', '!') }), (text) => {
    const parsed = parseYaml('f', text);
    if (!parsed.ok) expect(parsed.faults.every((f) => f.line >= 1 && f.column >= 1)).toBe(true);
  }));
});
