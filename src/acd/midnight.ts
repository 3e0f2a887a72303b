import type { Ms } from '../base/index.js';
import { daysAfter, instantOf, localDate } from '../config/index.js';
import type { Clock } from './clock.js';

/** However far away midnight is, the wall clock is looked at this often: it may be put right, and the machine may have slept. */
const LOOK: Ms = 10 * 60_000;

/** Calls `began` whenever a new day has begun in that zone since `last` (wall clock, ms). Answers how to stop. */
export function watchMidnight(clock: Clock, zone: string, last: number, began: () => void): () => void {
  let today = localDate(last, zone);
  let cancel = (): void => undefined;
  function look(): void {
    const date = localDate(clock.wall(), zone);
    // A clock put back over midnight does not begin yesterday again.
    if (date > today) {
      today = date;
      began();
    }
    const next = instantOf(daysAfter(date, 1), 0, zone);
    cancel = clock.after(Math.min(LOOK, Math.max(1, next - clock.wall())), look);
  }
  look();
  return () => cancel();
}
