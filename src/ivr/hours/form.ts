import { z } from 'zod';
import { daysAfter, hoursForm, nameField, toHours, type Hours } from '../../config/index.js';
import { chinaIn } from './china.js';
import { FESTIVAL_NAMES, FESTIVALS, TABLE_YEARS, type Festival } from './festivals.js';

/** When a house can be reached. Never changes. */
export interface Calendar {
  readonly name: string;
  readonly hours: Hours;
  /** Days off that have a name, by date. */
  readonly holidays: ReadonlyMap<string, string>;
}

const { weekly, time_zone, dates } = hoursForm.shape;
const oneDate = z.iso.date('a date as 2026-11-20');
const someDates = hoursForm.shape.holidays.unwrap().element;
const holidayName = z.string().trim().min(1).max(60);
const festival = z.enum(FESTIVAL_NAMES);

export const calendarForm = z.strictObject({
  weekly, time_zone, dates,
  /** Days off and make-up workdays of the country. */
  public_holidays: z.literal('china').optional(),
  /** Days off by the table; `from` −1 is the day before. */
  lunar: z.array(z.union([festival, z.strictObject({ festival, from: z.int().min(-30).max(30).default(0), days: z.int().min(1).max(30).default(1) })])).max(50).default([]),
  holidays: z.array(z.union([someDates, z.strictObject({ date: someDates, name: holidayName })])).max(1_000).default([]),
  /** Open as on a Monday although they are a weekend or a holiday. */
  workdays: z.array(oneDate).max(1_000).default([]),
});
export const fileForm = z.strictObject({
  version: z.literal(1),
  calendars: z.record(nameField, calendarForm),
});
export type CalendarForm = z.output<typeof calendarForm>;
type Form = CalendarForm;

/** What is written for one date wins, then make-up workdays, then holidays. */
export function toCalendar(name: string, form: Form): Calendar {
  const plain = toHours({ weekly: form.weekly, time_zone: form.time_zone, dates: form.dates, holidays: [] });
  const country = form.public_holidays === undefined ? [] : years().map(chinaIn);
  const workdays = [...country.flatMap((c) => c.workdays), ...form.workdays];
  const holidays = new Map<string, string>([
    ...country.flatMap((c) => c.breaks).flatMap((b) => each(b.first, b.last, b.name)),
    ...form.lunar.flatMap(lunarDays),
    ...form.holidays.flatMap((h) => (typeof h === 'string' ? range(h, 'holiday') : range(h.date, h.name))),
  ]);
  for (const day of [...workdays, ...plain.dates.keys()]) if (isOpenOn(plain, day, workdays)) holidays.delete(day);
  const special = new Map([
    ...[...holidays.keys()].map((day) => [day, []] as const),
    ...workdays.map((day) => [day, plain.weekly[0] ?? []] as const),
    ...plain.dates,
  ]);
  return { name, hours: { ...plain, dates: special }, holidays };
}

const isOpenOn = (hours: Hours, day: string, workdays: readonly string[]): boolean => {
  const written = hours.dates.get(day);
  return written === undefined ? workdays.includes(day) : written.length > 0;
};
const years = (): number[] => Array.from({ length: TABLE_YEARS[1] - TABLE_YEARS[0] + 1 }, (_, i) => TABLE_YEARS[0] + i);

function lunarDays(written: Form['lunar'][number]): [string, string][] {
  const { festival: name, from, days } = typeof written === 'string' ? { festival: written, from: 0, days: 1 } : written;
  return datesOf(name).flatMap((day) => each(daysAfter(day, from), daysAfter(day, from + days - 1), name));
}
const datesOf = (name: Festival): readonly string[] => FESTIVALS[name];

function range(written: string, name: string): [string, string][] {
  const [first = '', last = first] = written.split('..');
  return each(first, last, name);
}

/** At most a year. */
function each(first: string, last: string, name: string): [string, string][] {
  const found: [string, string][] = [];
  for (let day = first; day <= last && found.length < 366; day = daysAfter(day, 1)) found.push([day, name]);
  return found;
}
