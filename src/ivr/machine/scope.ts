import type { Scope, Value } from '../expressions/index.js';
import type { FlowState } from './types.js';

/** Names that every expression may use besides variables. */
export const SCOPE_NAMES = ['call', 'customer', 'now', 'language'] as const;

type Known = Pick<FlowState, 'variables' | 'language' | 'given' | 'now' | 'plan'>;

/** What expressions and texts see: variables by name, `call`, `customer`, and `now` in the plan's time zone. */
export function scopeOf({ variables, language, given, now, plan }: Known): Scope {
  const spoken = language ?? null;
  return { ...variables, language: spoken, call: { ...given.call, language: spoken }, customer: given.customer, now: clockOf(now, plan.timeZone) };
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `{ date: "2026-11-20", time: "09:30", year, month, day, hour, minute, weekday }`; Monday is 1. */
function clockOf(now: number, timeZone: string | undefined): Readonly<Record<string, Value>> {
  const part = Object.fromEntries(formatFor(timeZone).formatToParts(now).map(({ type, value }) => [type, value]));
  const { year = '', month = '', day = '', hour = '', minute = '', weekday = '' } = part;
  return {
    date: `${year}-${month}-${day}`, time: `${hour}:${minute}`, weekday: WEEKDAYS.indexOf(weekday) + 1,
    year: Number(year), month: Number(month), day: Number(day), hour: Number(hour), minute: Number(minute),
  };
}

/** Making one costs more than using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();
function formatFor(timeZone = ''): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...(timeZone === '' ? {} : { timeZone }), hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
}
