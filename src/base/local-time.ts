import type { Ms } from './types.js';

const MINUTE: Ms = 60_000;
const DAY: Ms = 86_400_000;

/** The house's own zone where none is set: that of the machine. */
export const machineZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false; // a RangeError is how Intl says that it does not know the zone
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  clocks.set(zone, made);
  return made;
}

/** What calendar and clock of the zone show, as if it were UTC. Ms. */
function shown(ms: number, zone: string): number {
  const part = Object.fromEntries(clockOf(zone).formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
const whole = (ms: number): number => Math.floor(ms / 1_000) * 1_000;
/** How far the zone's clock is ahead of UTC at that moment. */
const offset = (ms: number, zone: string): Ms => shown(ms, zone) - whole(ms);

/** `2026-11-20`: the date in the zone at that moment. */
export const localDate = (ms: number, zone: string): string => new Date(shown(ms, zone)).toISOString().slice(0, 10);

/** `2026-11-20T10:00:00`: what calendar and clock of the zone show. */
export const localClock = (ms: number, zone: string): string => new Date(shown(ms, zone)).toISOString().slice(0, 19);

/** The date so many days later; calendars alone, no clock. */
export const daysAfter = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
/** 0 is Monday. */
export const weekday = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

/**
 * When the zone's clock shows so many minutes after midnight of the date; 1440 is the next midnight. A time shown twice is taken
 * the first time; one that a forward step of the clock leaves out is the moment of that step.
 */
export function instantOf(date: string, minutes: number, zone: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`) + minutes * MINUTE;
  const [before, after] = [offset(wanted - DAY, zone), offset(wanted + DAY, zone)];
  const fitting = [wanted - before, wanted - after].filter((ms) => shown(ms, zone) === wanted);
  return fitting.length > 0 ? Math.min(...fitting) : stepBetween(wanted - after, wanted - before, zone);
}

/** When the clock is put forward between these two moments. */
function stepBetween(from: number, to: number, zone: string): number {
  const later = offset(to, zone);
  let [low, high] = [from, to];
  while (high - low > 1_000) {
    const middle = whole((low + high) / 2);
    if (offset(middle, zone) === later) high = middle;
    else low = middle;
  }
  return high;
}

/** `09:30` as minutes after midnight. */
export function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The next moment after `now` (ms since 1970) at which clocks of the zone show `HH:MM`. */
export function nextClockTime(now: number, clock: string, zone: string = machineZone()): number {
  const today = localDate(now, zone);
  const minutes = minutesOf(clock);
  return [0, 1, 2].map((days) => instantOf(daysAfter(today, days), minutes, zone)).find((ms) => ms > now) ?? now + DAY;
}
