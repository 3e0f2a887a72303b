import { daysAfter, instantOf, localDate } from '../base/index.js';

export interface Day {
  /** `2026-11-20` */
  readonly date: string;
  /** Its midnights, ms since 1970. */
  readonly from: number;
  readonly to: number;
}
export const dayNamed = (date: string, zone: string): Day => ({ date, from: instantOf(date, 0, zone), to: instantOf(daysAfter(date, 1), 0, zone) });
export const dayOf = (ms: number, zone: string): Day => dayNamed(localDate(ms, zone), zone);

/** Calendars are slow, so days are remembered. */
export function daysOf(zone: string): (ms: number) => Day {
  const known: Day[] = [];
  return (ms) => {
    const found = known.find((day) => ms >= day.from && ms < day.to);
    if (found) return found;
    const day = dayOf(ms, zone);
    known.unshift(day);
    known.length = Math.min(known.length, 8);
    return day;
  };
}
