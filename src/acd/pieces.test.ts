import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonPieces } from './pieces.js';

it('are together what JSON.stringify makes of it', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 5, withNullPrototype: false }), fc.array(fc.jsonValue(), { minLength: 0, maxLength: 700 }), (value, list) => {
      const whole = { ...value, list, deep: { deeper: { list }, none: undefined } };
      expect([...jsonPieces(whole)].join('')).toBe(JSON.stringify(whole));
    }),
    { numRuns: 200 },
  );
});

it('are many for a long list, each of them short', () => {
  const list = Array.from({ length: 1_000 }, (_, i) => ({ i }));
  const pieces = [...jsonPieces({ agents: list })];
  expect(pieces.length).toBeGreaterThan(5);
  expect(Math.max(...pieces.map((p) => p.length))).toBeLessThan(3_000);
});

it.each([null, 5, 'x', [], {}, [[1], {}]])('of %j', (value) => expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value)));
