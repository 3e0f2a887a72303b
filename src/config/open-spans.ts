import { openDay, type Hours } from './hours.js';
import { daysAfter, machineZone } from '../base/index.js';

type Interval = readonly [from: number, until: number];
/** Local days worked out already, by hours and zone: a day costs some dozens of calls of Intl. */
const known = new WeakMap<Hours, Map<string, Map<number, readonly Interval[]>>>();
const KEPT = 5_000;
const DAY = 86_400_000;

/** When it is open from one moment up to another (ms since 1970): in order, apart from each other, cut to the two. */
export function openSpans(hours: Hours, from: number, until: number, house?: string): readonly Interval[] {
  const zone = hours.timeZone ?? house ?? machineZone();
  const days = daysOf(hours, zone);
  const spans: Interval[] = [];
  // No zone is a day away from UTC; what began the local day before may last past midnight.
  for (let day = Math.floor(from / DAY) - 2, last = Math.floor(until / DAY) + 1; day <= last; day += 1) {
    const found = days.get(day) ?? openDay(hours, daysAfter('1970-01-01', day), zone);
    if (days.size >= KEPT) days.clear();
    days.set(day, found);
    spans.push(...found);
  }
  return joined(spans).flatMap(([a, b]) => (a < until && b > from ? [[Math.max(a, from), Math.min(b, until)] as const] : []));
}

function daysOf(hours: Hours, zone: string): Map<number, readonly Interval[]> {
  const zones = known.get(hours) ?? new Map<string, Map<number, readonly Interval[]>>();
  known.set(hours, zones);
  const days = zones.get(zone) ?? new Map<number, readonly Interval[]>();
  zones.set(zone, days);
  return days;
}

function joined(spans: readonly Interval[]): Interval[] {
  const all: [number, number][] = [];
  for (const [from, until] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (until <= from) continue;
    if (last && from <= last[1]) last[1] = Math.max(last[1], until);
    else all.push([from, until]);
  }
  return all;
}
