import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FIELDS, PERMISSIONS, type Scope } from './permissions.js';
import { beyond, BUILT_IN, shared, united, type Rights } from './roles.js';

const rights = fc.record({
  permissions: fc.dictionary(fc.constantFrom(...PERMISSIONS), fc.constantFrom<Scope>('own', 'team', 'all')), fields: fc.subarray([...FIELDS]),
}) as fc.Arbitrary<Rights>;

it('what is shared goes beyond neither, and neither goes beyond what they are together', () => {
  fc.assert(fc.property(rights, rights, (a, b) => {
    const [less, more] = [shared(a, b), united([a, b])];
    expect([beyond(less, a), beyond(less, b), beyond(a, more), beyond(b, more)]).toEqual([[], [], [], []]);
    expect(beyond(united([a, a]), a)).toEqual([]);
  }));
});

it('says by name what goes beyond', () => {
  expect(beyond({ permissions: { 'calls.read': 'all', 'queues.read': 'own' }, fields: ['calls.numbers'] }, { permissions: { 'calls.read': 'team', 'queues.read': 'all' }, fields: [] })).toEqual(['calls.read', 'calls.numbers']);
});

it('has the built-in roles of the house, in both languages', () => {
  expect(BUILT_IN.map((r) => r.id)).toEqual(['admin', 'supervisor', 'agent', 'designer', 'engineer', 'app', 'auditor']);
  for (const { names } of BUILT_IN) expect([names['zh-CN'], names.en]).toEqual([expect.stringMatching(/[一-鿿]/), expect.stringMatching(/^[A-Z]/)]);
  expect(beyond({ permissions: Object.fromEntries(PERMISSIONS.map((p) => [p, 'all'])), fields: FIELDS }, BUILT_IN[0]!)).toEqual([]);
});
