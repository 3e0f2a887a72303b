import { z } from 'zod';
import { date, mapOf, timeZone } from './fields.js';
import { daysAfter, instantOf, localDate, machineZone, minutesOf, weekday } from '../base/index.js';

/** Minutes after midnight; `to` may lie in the next day. */
interface Span {
  readonly from: number;
  readonly to: number;
}
/** When something is open or in force. */
export interface Hours {
  /** IANA name; undefined: the house's. */
  readonly timeZone: string | undefined;
  /** Monday first. */
  readonly weekly: readonly (readonly Span[])[];
  /** Days that have hours of their own, by date. */
  readonly dates: ReadonlyMap<string, readonly Span[]>;
  /** From one local time up to another, whatever day of the week it is. */
  readonly between: readonly { readonly from: LocalTime; readonly until: LocalTime }[];
}
interface LocalTime {
  readonly date: string;
  readonly minutes: number;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const day = DAYS.join('|');
const SPAN = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const span = z.string().regex(SPAN, 'as "09:00-18:00"; up to "24:00"');
const spans = z.union([span, z.array(span).min(1).max(20)]);
const dates = z.string().regex(/^\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?$/, 'a date as 2026-10-01, or several as 2026-10-01..2026-10-07').refine((d) => d.split('..').every((one) => date.safeParse(one).success), 'there is no such date');
const localTime = z.string().regex(/^\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d$/, 'as "2026-11-11 00:00"').refine((t) => date.safeParse(t.slice(0, 10)).success, 'there is no such date');

const weekly = mapOf(new RegExp(`^(daily|(${day})(-(${day}))?)$`), 'day of the week', `daily, one of ${DAYS.join(', ')}, or several as mon-fri`, spans);
const shared = {
  time_zone: timeZone.optional(),
  holidays: z.array(dates).max(1_000).default([]),
  dates: mapOf(/^\d{4}-\d{2}-\d{2}$/, 'date', 'as 2026-12-31', z.union([z.literal('closed'), spans])).default({}),
};
/** Opening hours as people write them. */
export const hoursForm = z.strictObject({ weekly, ...shared });
/** When a set-up is in force. */
export const whenForm = z.strictObject({
  weekly: weekly.default({}), ...shared,
  between: z.array(z.strictObject({ from: localTime, until: localTime }).refine((b) => b.from < b.until, '"until" must come after "from"')).max(1_000).default([]),
});

type Form = z.output<typeof hoursForm> & Partial<z.output<typeof whenForm>>;

export function toHours(form: Form): Hours {
  const week: Span[][] = DAYS.map(() => []);
  for (const [days, written] of Object.entries(form.weekly)) for (const d of daysIn(days)) week[d]?.push(...spansOf(written));
  const special = new Map<string, readonly Span[]>();
  for (const days of form.holidays) for (const d of datesIn(days)) special.set(d, []);
  for (const [d, written] of Object.entries(form.dates)) special.set(d, written === 'closed' ? [] : spansOf(written));
  const between = (form.between ?? []).map(({ from, until }) => ({ from: localTimeOf(from), until: localTimeOf(until) }));
  return { timeZone: form.time_zone, weekly: week, dates: special, between };
}

function daysIn(days: string): number[] {
  if (days === 'daily') return DAYS.map((_, i) => i);
  const [first = '', last = first] = days.split('-');
  const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, i) => (from + i) % 7);
}

function datesIn(written: string): string[] {
  const [first = '', last = first] = written.split('..');
  const found: string[] = [];
  for (let d = first; d <= last && found.length < 400; d = daysAfter(d, 1)) found.push(d);
  return found;
}

const spansOf = (written: string | readonly string[]): Span[] =>
  [written].flat().map((one) => {
    const [from = '', to = ''] = one.split('-');
    const [a, b] = [minutesOf(from), minutesOf(to)];
    return { from: a, to: b <= a ? b + 1_440 : b }; // past midnight
  });
const localTimeOf = (written: string): LocalTime => ({ date: written.slice(0, 10), minutes: minutesOf(written.slice(11)) });

/** From one moment up to another. */
type Interval = readonly [from: number, until: number];

/** When it is open of what begins on that local day (`2026-11-20`): its weekly spans, or those the date has of its own. */
export const openDay = (hours: Hours, day: string, zone: string): Interval[] => intervalsOn(hours, day, zone);

function intervalsOn(hours: Hours, day: string, zone: string): Interval[] {
  const spansToday = hours.dates.get(day) ?? hours.weekly[weekday(day)] ?? [];
  return spansToday.map(({ from, to }) => [instantOf(day, from, zone), to > 1_440 ? instantOf(daysAfter(day, 1), to - 1_440, zone) : instantOf(day, to, zone)]);
}
const special = (hours: Hours, zone: string): Interval[] =>
  hours.between.map(({ from, until }) => [instantOf(from.date, from.minutes, zone), instantOf(until.date, until.minutes, zone)]);

/** Whether it is open at that moment (ms since 1970). `house`: the zone where the hours name none. */
export function openAt(hours: Hours, now: number, house: string = machineZone()): boolean {
  const zone = hours.timeZone ?? house;
  const today = localDate(now, zone);
  const near = [...intervalsOn(hours, daysAfter(today, -1), zone), ...intervalsOn(hours, today, zone), ...special(hours, zone)];
  return near.some(([from, until]) => from <= now && now < until);
}

/** When it next opens or closes; undefined: never. */
export function nextChange(hours: Hours, now: number, house: string = machineZone()): number | undefined {
  const zone = hours.timeZone ?? house;
  const open = openAt(hours, now, house);
  const changes = (at: readonly Interval[]): number | undefined =>
    at.flat().filter((ms) => ms > now && openAt(hours, ms, house) !== open).sort((a, b) => a - b)[0];
  const once = changes(special(hours, zone));
  const today = localDate(now, zone);
  // A week after the last day with hours of its own, everything has happened that can.
  const last = daysAfter([today, ...hours.dates.keys()].sort().at(-1) ?? today, 8);
  for (let day = daysAfter(today, -1); day <= last; day = daysAfter(day, 1)) {
    const found = changes(intervalsOn(hours, day, zone));
    if (found !== undefined) return once === undefined ? found : Math.min(found, once);
  }
  return once;
}
