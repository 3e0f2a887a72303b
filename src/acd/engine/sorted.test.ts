import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedSet } from './sorted.js';

const numbers = (...items: number[]) => {
  const set = sortedSet<number>({ key: (n) => n, tie: () => 0 });
  items.forEach((n) => set.add(n));
  return set;
};

describe('a sorted set', () => {
  it('gives its items in order, whatever order they came in', () => {
    expect([...numbers(3, 1, 2)]).toEqual([1, 2, 3]);
  });

  it('knows its first item and how many stand before another', () => {
    const set = numbers(30, 10, 20);
    expect(set.first()).toBe(10);
    expect([10, 20, 30, 25].map((n) => set.rank(n))).toEqual([0, 1, 2, -1]);
  });

  it('forgets what is deleted and says whether it was there', () => {
    const set = numbers(1, 2);
    expect([set.delete(1), set.delete(1), set.has(1), set.first(), set.size]).toEqual([true, false, false, 2, 1]);
  });

  it('is empty without complaint', () => {
    const set = numbers();
    expect([set.first(), set.size, set.rank(1), set.delete(1), [...set]]).toEqual([undefined, 0, -1, false, []]);
  });

  it('keeps order and ranks over many chunks', () => {
    const set = numbers(...Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 5_000));
    expect(set.size).toBe(5_000);
    expect([0, 511, 512, 513, 2_500, 4_999].map((n) => set.rank(n))).toEqual([0, 511, 512, 513, 2_500, 4_999]);
    expect([...set]).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
  });

  it('does what a plain sorted array does', () => {
    const step = fc.record({ add: fc.boolean(), n: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const set = numbers();
        let plain: number[] = [];
        for (const { add, n } of steps) {
          if (add && !plain.includes(n)) {
            set.add(n);
            plain = [...plain, n].sort((a, b) => a - b);
          }
          if (!add) {
            expect(set.delete(n)).toBe(plain.includes(n));
            plain = plain.filter((m) => m !== n);
          }
        }
        expect([...set]).toEqual(plain);
        expect(set.size).toBe(plain.length);
        plain.forEach((n, i) => expect(set.rank(n)).toBe(i));
      }),
    );
  });
});
