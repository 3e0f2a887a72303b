import type { Ms } from '../base/index.js';

export type ThrottleLimits = { readonly most: number; readonly windowMs: Ms; readonly maxSources: number };
const usual: ThrottleLimits = { most: 10, windowMs: 60_000, maxSources: 10_000 };

/**
 * Counts wrong attempts by source within a window. Bounded: the source longest unheard of is forgotten first.
 * Time is an argument.
 */
export function wrongAttempts({ most, windowMs, maxSources }: ThrottleLimits = usual) {
  const sources = new Map<string, { count: number; since: Ms }>();
  return {
    /** @returns seconds until the source may try again; 0 while it may */
    count(source: string, now: Ms): number {
      const known = sources.get(source);
      const entry = known && now - known.since < windowMs ? known : { count: 0, since: now };
      entry.count += 1;
      sources.delete(source);
      sources.set(source, entry);
      const [oldest] = sources.keys();
      if (sources.size > maxSources && oldest !== undefined) sources.delete(oldest);
      return entry.count > most ? Math.ceil((entry.since + windowMs - now) / 1_000) : 0;
    },
    size: () => sources.size,
  };
}
