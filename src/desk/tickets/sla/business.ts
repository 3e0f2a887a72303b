import type { Ms } from '../../../base/index.js';

/** When the house works from one moment up to another (ms since 1970): in order, apart from each other, cut to the two. */
export type OpenSpans = (from: number, until: number) => readonly (readonly [from: number, until: number])[];

/** Counts only the time in which a calendar is open. Moments are ms since 1970. */
export interface BusinessTime {
  /** How much of it lies between the two. */
  between(from: number, until: number): Ms;
  /** The first moment by which so much of it has passed; undefined: not within `HORIZON`. */
  after(from: number, ms: Ms): number | undefined;
}

const WEEK: Ms = 7 * 86_400_000;
/** A calendar that is closed for so long is closed for good. */
export const HORIZON: Ms = 63 * WEEK;

export function businessTime(spans: OpenSpans): BusinessTime {
  const between = (from: number, until: number): Ms => (until <= from ? 0 : spans(from, until).reduce((sum, [a, b]) => sum + (b - a), 0));
  return {
    between,
    after(from, ms) {
      if (ms <= 0) return from;
      let left = ms;
      // Most deadlines lie in this week; each further look reaches twice as far.
      for (let [start, length] = [from, WEEK]; start < from + HORIZON; [start, length] = [start + length, length * 2]) {
        for (const [a, b] of spans(start, start + length)) {
          if (left <= b - a) return a + left;
          left -= b - a;
        }
      }
      return undefined;
    },
  };
}
