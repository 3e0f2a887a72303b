import type { Ms } from '../../../base/index.js';

/** When the next 20 ms tick is due. Ticks keep to a grid, so a late one does not delay those after it. */
export interface Schedule {
  /** The grid's time of the next tick. */
  dueAt: Ms;
  /** When the last one really ran. */
  ranAt: Ms;
}

export const TICK_MS: Ms = 20;
/** After a late tick the next ones follow this fast until the grid is reached again: no burst, no lasting delay. */
const CATCH_UP_MS: Ms = 8;
/** Later than this the missed ticks are given up: the process was stopped, and a receiver has long filled the gap. */
const GIVE_UP_MS: Ms = 400;

export const startSchedule = (now: Ms, tickMs = TICK_MS): Schedule => ({ dueAt: now + tickMs, ranAt: now });

/** How long to wait before the next tick; 0 or less: it is due. */
export const waitFor = (s: Schedule, now: Ms): Ms => Math.max(s.dueAt, s.ranAt + CATCH_UP_MS) - now;

/** The tick runs now. @returns how many ticks before it were given up */
export function ran(s: Schedule, now: Ms, tickMs = TICK_MS): number {
  const late = now - s.dueAt;
  const missed = late >= GIVE_UP_MS ? Math.floor(late / tickMs) : 0;
  s.dueAt += (missed + 1) * tickMs;
  s.ranAt = now;
  return missed;
}
