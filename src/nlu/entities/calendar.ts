import type { Now } from '../types.js';

const DAY_MS = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-20`: the date in the zone at that moment. An unknown zone is taken for UTC: a date is better than none. */
export function today({ atMs, timeZone }: Now): string {
  return clockOf(timeZone).format(atMs);
}
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const options = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat('en-CA', { ...options, timeZone: zone });
  } catch {
    made = new Intl.DateTimeFormat('en-CA', { ...options, timeZone: 'UTC' }); // RangeError is how Intl says it does not know the zone
  }
  clocks.set(zone, made);
  return made;
}

export const plusDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
/** 0 is Monday. */
export const weekdayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

/** The weekday so many weeks after this one (0: this calendar week, Monday first). */
export const inWeek = (from: string, weeks: number, weekday: number): string => plusDays(from, weeks * 7 + weekday - weekdayOf(from));
/** The next such weekday; today counts. */
export const coming = (from: string, weekday: number): string => plusDays(from, (weekday - weekdayOf(from) + 7) % 7);

/** The date, or undefined where the calendar has none (31 April). */
export function dateOf(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.toISOString().slice(0, 10) : undefined;
}
/** The next such day of the year; today counts. Without a month the next such day of a month. */
export function upcoming(from: string, month: number | undefined, day: number): string | undefined {
  const [year = 1970, now = 1] = from.split('-').map(Number);
  for (let ahead = 0; ahead < 12; ahead += 1) {
    const at = month ?? ((now - 1 + ahead) % 12) + 1;
    const date = dateOf(year + (month === undefined ? Math.floor((now - 1 + ahead) / 12) : ahead), at, day);
    if (date !== undefined && date >= from) return date;
  }
  return undefined;
}
/** The same day so many months later, or the last of that month. */
export function plusMonths(from: string, months: number, day: number): string | undefined {
  const [year = 1970, month = 1] = from.split('-').map(Number);
  const at = month - 1 + months;
  return dateOf(year + Math.floor(at / 12), (((at % 12) + 12) % 12) + 1, day);
}
export const clock = (hour: number, minute: number): string | undefined =>
  hour >= 0 && hour < 24 && minute >= 0 && minute < 60 ? `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` : undefined;
