import { describe, expect, it } from 'vitest';
import { adjusted, plain, type Controls } from './estimate.js';
import { randomFrom } from './random.js';

/** Thirty stretches whose share depends on how many happened to come, with a little noise of its own. */
function stretches(seed: number): { readonly above: number[]; readonly below: number[]; readonly controls: Controls[] } {
  const random = randomFrom(seed);
  const controls = Array.from({ length: 30 }, (): Controls => [random() * 0.2 - 0.1, random() * 0.2 - 0.1]);
  const below = controls.map(() => 1_000);
  return { controls, below, above: controls.map(([arrivals, handling]) => 1_000 * (0.3 + 0.5 * arrivals + 0.8 * handling + 0.01 * (random() - 0.5))) };
}

describe('an estimate', () => {
  it('is sum by sum, with an error that is as large as it is off', () => {
    const offs = Array.from({ length: 200 }, (_, seed) => {
      const { above, below } = stretches(seed + 1);
      const { value, error } = plain(above, below);
      return (value - 0.3) / error;
    });
    const spread = Math.sqrt(offs.reduce((sum, z) => sum + z * z, 0) / offs.length);
    expect(spread).toBeGreaterThan(0.85);
    expect(spread).toBeLessThan(1.2);
  });

  it('is much surer when what chance was off is taken out, and still as sure as it says', () => {
    const offs = Array.from({ length: 200 }, (_, seed) => {
      const { above, below, controls } = stretches(seed + 1);
      const better = adjusted(above, below, controls);
      expect(better.error).toBeLessThan(plain(above, below).error / 5);
      return (better.value - 0.3) / better.error;
    });
    const spread = Math.sqrt(offs.reduce((sum, z) => sum + z * z, 0) / offs.length);
    expect(spread).toBeLessThan(1.3);
  });

  it('of too few stretches is plain, and of one knows no error', () => {
    const { above, below, controls } = stretches(1);
    expect(adjusted(above.slice(0, 5), below.slice(0, 5), controls.slice(0, 5))).toEqual(plain(above.slice(0, 5), below.slice(0, 5)));
    expect(plain([3], [10])).toEqual({ value: 0.3, error: Infinity });
  });
});
