import { daysAfter, localClock, type Ms } from '../../base/index.js';
import type { TimeGroup } from '../figures.js';
import { QUARTER } from '../measures.js';
import { dayOf, daysOf, type Day } from '../zone.js';

/** From one moment up to another (ms since 1970), and what it is called in the answer. Several may have the same name. */
export interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}
const HOUR: Ms = 3_600_000;
/** No day on earth is shorter, even where the clock is put forward. */
const SHORTEST_DAY: Ms = 20 * HOUR;

/** Cuts an interval as calendar and clock of a zone do; the first and last piece are cut at its ends. */
export function spansOf(since: number, until: number, by: TimeGroup | undefined, zone: string): Span[] {
  if (by === undefined) return since < until ? [{ name: '', from: since, to: until }] : [];
  const days = daysIn(since, until, zone);
  const all = by === 'hour' || by === 'hour_of_day' ? days.flatMap((day) => hoursOf(day, zone, by)) : days.map((day) => ({ name: nameOf(day.date, by), from: day.from, to: day.to }));
  return merged(all.map((span) => ({ ...span, from: Math.max(span.from, since), to: Math.min(span.to, until) })).filter((span) => span.from < span.to));
}

/** The local days that an interval touches. */
export function daysIn(since: number, until: number, zone: string): Day[] {
  const of = daysOf(zone);
  const days: Day[] = [];
  for (let at = since; at < until; ) {
    const day = of(at);
    days.push(day);
    at = day.to;
  }
  return days;
}

function nameOf(date: string, by: Exclude<TimeGroup, 'hour' | 'hour_of_day'>): string {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  switch (by) {
    case 'day': return date;
    case 'week': return daysAfter(date, -weekday);
    case 'month': return date.slice(0, 7);
    case 'weekday': return String(weekday + 1);
  }
}

/** Twenty-four of them, but on days on which the clock is put forward or back. */
function hoursOf(day: Day, zone: string, by: 'hour' | 'hour_of_day'): Span[] {
  const spans: Span[] = [];
  const usual = day.to - day.from === 24 * HOUR && localClock(day.from, zone).endsWith('T00:00:00');
  for (let from = day.from; from < day.to; ) {
    const clock = usual ? `${day.date}T${String((from - day.from) / HOUR).padStart(2, '0')}:00:00` : localClock(from, zone);
    let to = from + HOUR;
    if (!usual) for (to = from + QUARTER; to < day.to && localClock(to, zone).slice(0, 13) === clock.slice(0, 13) && to < from + HOUR; ) to += QUARTER;
    to = Math.min(to, day.to);
    spans.push({ name: by === 'hour' ? `${clock}${offsetOf(clock, from)}` : clock.slice(11, 13), from, to });
    from = to;
  }
  return spans;
}

function offsetOf(clock: string, at: number): string {
  const minutes = Math.round((Date.parse(`${clock}Z`) - at) / 60_000);
  const pad = (n: number): string => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
}

/** Neighbours of the same name become one. */
function merged(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last && last.name === span.name && last.to === span.from) all[all.length - 1] = { ...last, to: span.to };
    else all.push(span);
  }
  return all;
}

/** A span in pieces, each of which has sums of its grain: whole days of the house where there are such, quarters of an hour elsewhere. */
export function piecesOf({ name, from, to }: Span, house: { readonly zone: string; readonly daysSince: number }): readonly { readonly name: string; readonly grain: string; readonly from: number; readonly to: number }[] {
  if (to - from < SHORTEST_DAY) return [{ name, grain: 'q', from, to }];
  const start = Math.max(from, house.daysSince);
  const first = start < to ? midnightFrom(start, house.zone) : to;
  const last = to > first ? dayOf(to, house.zone).from : first;
  if (last <= first) return [{ name, grain: 'q', from, to }];
  return [{ name, grain: 'q', from, to: first }, { name, grain: house.zone, from: first, to: last }, { name, grain: 'q', from: last, to }].filter((piece) => piece.from < piece.to);
}
function midnightFrom(at: number, zone: string): number {
  const day = dayOf(at, zone);
  return day.from === at ? at : day.to;
}
