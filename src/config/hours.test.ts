import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hoursForm, nextChange, openAt, toHours, whenForm, type Hours } from './hours.js';
import { instantOf, localDate, nextClockTime } from '../base/index.js';

const hours = (yaml: string): Hours => toHours(hoursForm.parse(parse(yaml)));
const when = (yaml: string): Hours => toHours(whenForm.parse(parse(yaml)));
const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

describe('a week in Shanghai', () => {
  const office = hours('{ time_zone: Asia/Shanghai, weekly: { mon-fri: "09:00-18:00", sat: ["10:00-12:00", "13:00-16:00"] }, holidays: [2026-10-01..2026-10-07], dates: { 2026-12-31: "09:00-12:00", 2027-01-01: closed } }');
  it.each<[when: string, open: boolean, next: string]>([
    ['2026-11-20T00:59:59.999Z', false, '2026-11-20T01:00:00.000Z'], ['2026-11-20T01:00:00Z', true, '2026-11-20T10:00:00.000Z'],
    ['2026-11-20T10:00:00Z', false, '2026-11-21T02:00:00.000Z'], ['2026-11-21T04:30:00Z', false, '2026-11-21T05:00:00.000Z'],
    ['2026-11-22T03:00:00Z', false, '2026-11-23T01:00:00.000Z'], ['2026-10-01T02:00:00Z', false, '2026-10-08T01:00:00.000Z'],
    ['2026-12-31T04:00:00Z', false, '2027-01-02T02:00:00.000Z'],
  ])('%s: open %s, until %s', (moment, open, next) => {
    expect([openAt(office, at(moment)), iso(nextChange(office, at(moment)))]).toEqual([open, next]);
  });
});

describe('the night', () => {
  const night = hours('{ time_zone: Europe/Berlin, weekly: { daily: "22:00-06:00" } }');
  it('goes on after midnight', () => {
    expect(['2026-11-20T20:59:00Z', '2026-11-20T21:00:00Z', '2026-11-21T04:59:00Z', '2026-11-21T05:00:00Z'].map((t) => openAt(night, at(t)))).toEqual([false, true, true, false]);
  });

  // Summer time begins on 2026-03-29 (02:00 → 03:00) and ends on 2026-10-25 (03:00 → 02:00).
  it('lasts seven hours when the clock goes forward, nine when it goes back', () => {
    const length = (evening: string): number => ((nextChange(night, at(evening)) ?? 0) - at(evening)) / 3_600_000;
    expect([length('2026-03-28T21:00:00Z'), length('2026-10-24T20:00:00Z'), length('2026-06-01T20:00:00Z')]).toEqual([7, 9, 8]);
  });

  it('may begin at a time that the clock leaves out, or shows twice', () => {
    const gap = hours('{ time_zone: Europe/Berlin, weekly: { sun: "02:30-05:00" } }');
    expect(iso(nextChange(gap, at('2026-03-29T00:00:00Z')))).toBe('2026-03-29T01:00:00.000Z'); // 03:00, when the clock is put forward
    expect(iso(nextChange(gap, at('2026-10-25T00:00:00Z')))).toBe('2026-10-25T00:30:00.000Z'); // 02:30 for the first time
  });
});

it('a whole day has 23, 24 or 25 hours', () => {
  const whole = (day: string): Hours => when(`{ time_zone: Europe/Berlin, dates: { ${day}: "00:00-24:00" } }`);
  const length = (day: string): number => {
    const from = instantOf(day, 0, 'Europe/Berlin');
    expect(openAt(whole(day), from)).toBe(true);
    return ((nextChange(whole(day), from) ?? 0) - from) / 3_600_000;
  };
  expect(['2026-03-29', '2026-06-01', '2026-10-25'].map(length)).toEqual([23, 24, 25]);
});

it('what is always open, or never, never changes', () => {
  expect(nextChange(hours('{ time_zone: Asia/Shanghai, weekly: { daily: "00:00-24:00" } }'), at('2026-11-20T00:00:00Z'))).toBeUndefined();
  expect(nextChange(hours('{ time_zone: Asia/Shanghai, weekly: {} }'), at('2026-11-20T00:00:00Z'))).toBeUndefined();
});

describe('a promotion', () => {
  const promotion = when('{ time_zone: Asia/Shanghai, between: [{ from: "2026-11-10 20:00", until: "2026-11-12 00:00" }] }');
  it('is in force between two times', () => {
    expect(iso(nextChange(promotion, at('2026-11-01T00:00:00Z')))).toBe('2026-11-10T12:00:00.000Z');
    expect(iso(nextChange(promotion, at('2026-11-10T12:00:00Z')))).toBe('2026-11-11T16:00:00.000Z');
    expect(nextChange(promotion, at('2026-11-11T16:00:00Z'))).toBeUndefined();
  });

  it('cannot end before it begins', () => expect(whenForm.safeParse({ between: [{ from: '2026-11-12 00:00', until: '2026-11-10 20:00' }] }).success).toBe(false));
});

it('takes the house\'s zone where none is named', () => {
  const local = hours('{ weekly: { daily: "09:00-10:00" } }');
  expect([openAt(local, at('2026-11-20T01:30:00Z'), 'Asia/Shanghai'), openAt(local, at('2026-11-20T01:30:00Z'), 'Europe/Berlin')]).toEqual([true, false]);
});

it('wakes exactly when something changes, and never in between', () => {
  const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago');
  const span = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 23 })).map(([a, b]) => `${String(a).padStart(2, '0')}:30-${String(b).padStart(2, '0')}:00`);
  const days = fc.dictionary(fc.constantFrom('mon', 'tue-thu', 'fri', 'sat-sun', 'daily'), span, { maxKeys: 3 });
  fc.assert(fc.property(zones, days, fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z') }), (zone, weekly, now) => {
    const h = toHours(hoursForm.parse({ time_zone: zone, weekly }));
    const next = nextChange(h, now);
    const open = openAt(h, now);
    if (next === undefined) return;
    expect(openAt(h, next)).toBe(!open);
    for (let i = 1; i < 20; i += 1) expect(openAt(h, now + ((next - now) * i) / 20)).toBe(open);
  }), { numRuns: 60 });
});

describe('a time of day', () => {
  it.each<[now: string, clock: string, next: string]>([
    ['2026-11-20T00:00:00Z', '09:00', '2026-11-20T01:00:00.000Z'], ['2026-11-20T01:00:00Z', '09:00', '2026-11-21T01:00:00.000Z'],
    ['2026-11-20T20:00:00Z', '09:00', '2026-11-21T01:00:00.000Z'],
  ])('at %s, %s is next at %s in Shanghai', (now, clock, next) => expect(iso(nextClockTime(at(now), clock, 'Asia/Shanghai'))).toBe(next));

  it('knows the date in the zone', () => expect([localDate(at('2026-11-20T17:00:00Z'), 'Asia/Shanghai'), localDate(at('2026-11-20T17:00:00Z'), 'America/New_York')]).toEqual(['2026-11-21', '2026-11-20']));
});
