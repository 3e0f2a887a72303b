import type { Ms } from '../../base/index.js';

/** So many of something within a window of time, by key; who was quiet for longest is forgotten first. */
export interface Budget {
  /** Answers whether there was one left. */
  take(key: string): boolean;
}

export function createBudget({ most, windowMs, now, keys = 50_000 }: { readonly most: () => number; readonly windowMs: Ms; readonly now: () => Ms; readonly keys?: number }): Budget {
  const buckets = new Map<string, { left: number; at: Ms }>();
  return {
    take(key) {
      const before = buckets.get(key) ?? { left: most(), at: now() };
      const filled = Math.min(most(), before.left + (Math.max(0, now() - before.at) / windowMs) * most());
      const well = filled >= 1;
      buckets.delete(key);
      buckets.set(key, { left: well ? filled - 1 : filled, at: now() });
      const [oldest] = buckets.keys();
      if (buckets.size > keys && oldest !== undefined) buckets.delete(oldest);
      return well;
    },
  };
}
