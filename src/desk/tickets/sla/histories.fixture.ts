import fc from 'fast-check';
import { hoursForm, openSpans, toHours } from '../../../config/index.js';
import { businessTime, nextMoment, sla, startSla, TARGETS, type BusinessTime, type Policy, type SlaEffect, type SlaEvent } from './index.js';
import { openMinutes, reference, type RefCalendar, type RefEvent, type RefGoal, type RefPolicy } from './reference.fixture.js';

const MINUTE = 60_000;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** Each window has the clock put forward or back in it, where the zone does that. */
export const WINDOWS = [Date.UTC(2026, 2, 6), Date.UTC(2026, 2, 26), Date.UTC(2026, 3, 2), Date.UTC(2026, 9, 1), Date.UTC(2026, 9, 23), Date.UTC(2026, 9, 29)];
const WINDOW_MINUTES = 4 * 1_440;
const LONGEST = 5 * 1_440;

const office = (from: string, to: string): RefCalendar['week'] => ({ 1: [[from, to]], 2: [[from, to]], 3: [[from, '12:00'], ['13:30', to]], 4: [[from, to]], 5: [[from, '16:15']] });
const CALENDARS: readonly RefCalendar[] = [
  { zone: 'Asia/Shanghai', week: office('09:00', '18:00'), special: { '2026-03-09': [], '2026-10-31': [['10:00', '14:00']] } },
  { zone: 'Europe/Berlin', week: { 0: [['01:00', '04:00']], 1: [['00:00', '24:00']], 5: [['22:00', '06:00']], 6: [['02:30', '12:00'], ['11:00', '13:00']] }, special: { '2026-03-27': [['08:00', '09:00']] } },
  { zone: 'America/New_York', week: { ...office('08:30', '17:00'), 0: [['00:30', '01:30'], ['02:15', '02:45']] }, special: { '2026-11-03': [] } },
  { zone: 'Australia/Lord_Howe', week: Object.fromEntries(DAYS.map((_, i) => [i, [['00:00', '24:00']] as const])), special: {} },
];
/** Never open at all. */
const NEVER: RefCalendar = { zone: 'Asia/Shanghai', week: {}, special: {} };

type Spans = readonly (readonly [from: string, to: string])[];
/** The same calendar as people write it in tickets.yaml. */
function engineCalendar(c: RefCalendar): BusinessTime {
  const span = (s: Spans): string[] => s.map(([a, b]) => `${a}-${b}`);
  const weekly: Record<string, string[]> = Object.fromEntries(Object.entries<Spans>(c.week).map(([d, s]) => [DAYS[Number(d)] ?? '', span(s)]));
  const dates = Object.fromEntries(Object.entries(c.special).map(([d, s]) => [d, s.length === 0 ? 'closed' : span(s)] as const));
  const hours = toHours(hoursForm.parse({ time_zone: c.zone, weekly, dates }));
  return businessTime((from, until) => openSpans(hours, from, until));
}

const ALL = [...CALENDARS, NEVER];
const engines = ALL.map(engineCalendar);
const tables = new Map<number, readonly Uint8Array[]>();
const tablesOf = (start: number): readonly Uint8Array[] => {
  const made = tables.get(start) ?? [...CALENDARS.map((c) => openMinutes(c, start, WINDOW_MINUTES + LONGEST)), new Uint8Array(WINDOW_MINUTES + LONGEST)];
  tables.set(start, made);
  return made;
};

const goal: fc.Arbitrary<RefGoal> = fc.integer({ min: 1, max: 2_000 }).chain((target) =>
  fc.record({ target: fc.constant(target), warn: fc.option(fc.integer({ min: 0, max: target - 1 }), { nil: null }), escalate: fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { maxLength: 2 }).map((e) => e.sort((a, b) => a - b)) }));
const policy: fc.Arbitrary<RefPolicy> = fc.option(fc.record({ response: goal, update: goal, resolution: goal }, { requiredKeys: [] }), { nil: null, freq: 8 });
const what = fc.oneof(
  { arbitrary: fc.constantFrom('answered', 'paused', 'resumed', 'resolved', 'reopened').map((w) => ({ what: w }) as const), weight: 8 },
  { arbitrary: fc.constant({ what: 'merged' } as const), weight: 1 },
  { arbitrary: policy.map((p) => ({ what: 'policy', policy: p }) as const), weight: 2 },
  { arbitrary: fc.nat({ max: ALL.length - 1 }).map((calendar) => ({ what: 'calendar', calendar }) as const), weight: 2 },
);
/** `looks`: between the events, as timers and restarts make them. */
const story = (windows: readonly number[]) => fc.record({
  window: fc.constantFrom(...windows), begin: fc.integer({ min: 0, max: WINDOW_MINUTES }), minutes: fc.integer({ min: 1, max: LONGEST - 1 }),
  calendar: fc.nat({ max: ALL.length - 1 }), policy, events: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), what), { maxLength: 12 }), looks: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
});
export type Story = ReturnType<typeof story> extends fc.Arbitrary<infer T> ? T : never;
export const stories = story;

const toPolicy = (p: RefPolicy): Policy | null => p && {
  name: 'p', goals: Object.fromEntries(Object.entries(p).map(([target, g]) => [target, { targetMs: g.target * MINUTE, warnMs: g.warn === null ? null : g.warn * MINUTE, escalateMs: g.escalate.map((e) => e * MINUTE) }])),
};
const toEvent = (e: RefEvent): SlaEvent =>
  e.what === 'policy' ? { type: 'policy_set', policy: toPolicy(e.policy) } : e.what === 'calendar' ? { type: 'calendar_set', calendar: String(e.calendar) } : { type: e.what };

/** What the engine and what the reference say of the same history, in the same words. */
export function bothOf({ window, begin, minutes, calendar, policy: first, events, looks }: Story) {
  const end = begin + minutes;
  const history: RefEvent[] = events.map(([share, e]) => ({ minute: begin + Math.floor(share * minutes), ...e })).sort((a, b) => a.minute - b.minute);
  const expected = reference(tablesOf(window), begin, end, { calendar, policy: first }, history);
  const calendars = (name: string): BusinessTime => engines[Number(name)] ?? engineCalendar(NEVER);
  const instant = (minute: number): number => window + minute * MINUTE;
  let state = startSla(instant(begin), String(calendar), toPolicy(first));
  const effects: SlaEffect[] = [];
  const broken: string[] = [];
  const step = (event: SlaEvent, at: number): void => {
    const promised = nextMoment(state, calendars);
    const [next, did] = sla(state, event, at, calendars);
    const earliest = did.flatMap((e) => (e.do === 'met' ? [] : [e.at])).sort((a, b) => a - b)[0];
    // A timer set by nextMoment must never come too late for what then happened, nor for nothing.
    if (earliest !== undefined && earliest < at && earliest !== promised) broken.push(`told at ${earliest}, but the next moment was ${promised}`);
    state = next;
    effects.push(...did);
  };
  const all = [...history.map((e) => ({ minute: e.minute, event: toEvent(e) })), ...looks.map((share) => ({ minute: begin + Math.floor(share * minutes), event: { type: 'time_passed' as const } }))].sort((a, b) => a.minute - b.minute);
  for (const { minute, event } of all) step(event, instant(minute));
  step({ type: 'time_passed' }, instant(end));
  const minuteOf = (at: number): number => (at - window) / MINUTE;
  const told = effects.flatMap((e) => (e.do === 'met' ? [] : [{ minute: minuteOf(e.at), clock: e.target, what: e.do === 'escalate' ? `escalate ${e.level}` : e.do }]));
  const result = (r: typeof state.response) => r && { minute: minuteOf(r.at), business: r.businessMs / MINUTE, within: r.within };
  const sorted = <T extends { minute: number; clock: string; what: string }>(list: readonly T[]): string[] => list.map((t) => `${t.minute} ${t.clock} ${t.what}`).sort();
  return {
    engine: { told: sorted(told), results: { response: result(state.response), resolution: result(state.resolution) }, spent: Object.fromEntries(TARGETS.map((t) => [t, state.clocks[t].spentMs / MINUTE])) },
    reference: { told: sorted(expected.told), results: expected.results, spent: expected.spent },
    broken,
  };
}
