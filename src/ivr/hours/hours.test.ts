import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daysAfter } from '../../config/index.js';
import { FESTIVALS } from './festivals.js';
import { isOpen, loadCalendars, readCalendars, type Calendar } from './index.js';

const calendar = (text: string): Calendar => {
  const { calendars, faults } = readCalendars('office.yaml', `version: 1\ncalendars:\n  office:\n${text.replace(/^/gm, '    ')}`);
  expect(faults).toEqual([]);
  return calendars.get('office')!;
};
const at = (c: Calendar, when: string) => isOpen(c, Date.parse(when), 'Asia/Shanghai');
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

const office = () => calendar(`time_zone: Asia/Shanghai
weekly: { mon-fri: "09:00-18:00" }
public_holidays: china
workdays: [2027-02-13]
holidays: [2026-11-11, { date: 2026-12-24..2026-12-26, name: inventory }]
dates: { 2026-10-01: "10:00-12:00", 2026-12-31: closed }`);

describe('an office in Shanghai', () => {
  it.each([
    ['2026-11-20T08:59:59+08:00', false, undefined, '2026-11-20T01:00:00.000Z'],
    ['2026-11-20T09:00:00+08:00', true, undefined, '2026-11-20T10:00:00.000Z'],
    ['2026-11-20T18:00:00+08:00', false, undefined, '2026-11-23T01:00:00.000Z'],
    ['2026-02-14T10:00:00+08:00', true, undefined, '2026-02-14T10:00:00.000Z'], // Saturday, made up
    ['2026-02-17T10:00:00+08:00', false, 'spring_festival', '2026-02-24T01:00:00.000Z'],
    ['2026-09-25T10:00:00+08:00', false, 'mid_autumn', '2026-09-28T01:00:00.000Z'],
    ['2026-10-01T11:00:00+08:00', true, undefined, '2026-10-01T04:00:00.000Z'], // its own hours win
    ['2026-10-02T11:00:00+08:00', false, 'national_day', '2026-10-08T01:00:00.000Z'],
    ['2026-11-11T10:00:00+08:00', false, 'holiday', '2026-11-12T01:00:00.000Z'],
    ['2026-12-25T10:00:00+08:00', false, 'inventory', '2026-12-28T01:00:00.000Z'],
    ['2026-12-31T10:00:00+08:00', false, undefined, '2027-01-04T01:00:00.000Z'],
    ['2027-02-05T10:00:00+08:00', false, 'spring_festival', '2027-02-09T01:00:00.000Z'], // not announced: the days of the law
    ['2027-02-13T10:00:00+08:00', true, undefined, '2027-02-13T10:00:00.000Z'],
  ])('%s: open %s, holiday %s', (when, open, holiday, changes) => {
    const found = at(office(), when);
    expect([found.open, found.holiday, iso(found.nextChangeMs)]).toEqual([open, holiday, changes]);
  });
});

describe('daylight saving time', () => {
  const night = () => calendar('time_zone: America/New_York\nweekly: { daily: "22:00-03:00" }');
  it('has an hour less in spring and one more in autumn', () => {
    const hours = (from: string, until: string): number => (Date.parse(until) - Date.parse(from)) / 3_600_000;
    expect(iso(at(night(), '2026-03-08T03:30:00Z').nextChangeMs)).toBe('2026-03-08T07:00:00.000Z'); // opened at 03:00Z
    expect(hours('2026-03-08T03:00:00Z', '2026-03-08T07:00:00.000Z')).toBe(4);
    expect(iso(at(night(), '2026-11-01T03:30:00Z').nextChangeMs)).toBe('2026-11-01T08:00:00.000Z'); // opened at 02:00Z
    expect(hours('2026-11-01T02:00:00Z', '2026-11-01T08:00:00Z')).toBe(6);
  });

  it('keeps to the clock on the wall', () => {
    const berlin = calendar('time_zone: Europe/Berlin\nweekly: { mon-sun: "09:00-17:00" }');
    expect([at(berlin, '2026-03-28T08:30:00Z').open, at(berlin, '2026-03-29T07:30:00Z').open, at(berlin, '2026-03-29T06:59:00Z').open]).toEqual([true, true, false]);
  });
});

describe('lunar festivals', () => {
  // ICU knows the Chinese calendar: an independent witness, but for two months whose new moon falls within minutes of midnight in Beijing
  // (2027-02-06 23:56, 2030-02-03 00:07), where its astronomy is off by one day.
  const disputed = ['2027-02', '2030-02'];
  const chinese = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric' });
  const dayOf = (date: string): string => chinese.format(new Date(`${date}T04:00:00Z`));
  it.each([['spring_festival', '1/1'], ['lantern', '1/15'], ['dragon_boat', '5/5'], ['qixi', '7/7'], ['mid_autumn', '8/15'], ['double_ninth', '9/9']] as const)('%s is on %s of the Chinese calendar', (name, day) => {
    for (const date of FESTIVALS[name].filter((d) => !disputed.includes(d.slice(0, 7)))) expect(dayOf(date), date).toBe(day);
    expect(FESTIVALS[name].map((date) => date.slice(0, 4))).toEqual(['2026', '2027', '2028', '2029', '2030']);
  });

  it('counts the days between the first and the fifteenth', () => {
    for (const [i, date] of FESTIVALS.spring_festival.entries()) expect(daysAfter(date, 14)).toBe(FESTIVALS.lantern[i]);
  });

  it('has Qingming 15 or so days after the equinox', () => {
    for (const date of FESTIVALS.qingming) expect(date.slice(5)).toMatch(/^04-0[45]$/);
  });

  it('can be several days around the day', () => {
    const c = calendar('time_zone: Asia/Shanghai\nweekly: { daily: "00:00-24:00" }\nlunar: [qixi, { festival: spring_festival, from: -1, days: 3 }]');
    const closed = (from: string, days: number): string[] => Array.from({ length: days }, (_, n) => daysAfter(from, n)).filter((d) => !at(c, `${d}T12:00:00+08:00`).open);
    expect(closed('2029-02-08', 12)).toEqual(['2029-02-12', '2029-02-13', '2029-02-14']);
    expect(at(c, '2030-08-05T12:00:00+08:00')).toMatchObject({ open: false, holiday: 'qixi' });
  });
});

describe('the folder', () => {
  let dir = '';
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'strowger-calendars-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const write = (name: string, text: string): void => writeFileSync(join(dir, name), text);

  it('gives the calendars of all its files', () => {
    write('a.yaml', 'version: 1\ncalendars: { shop: { weekly: { daily: "08:00-20:00" } } }');
    write('b.yaml', 'version: 1\ncalendars: { office: { weekly: { mon: "09:00-12:00" } } }');
    const { calendars, faults } = loadCalendars(dir);
    expect([[...calendars.keys()], faults]).toEqual([['shop', 'office'], []]);
  });

  it('says what is wrong, and where', () => {
    write('a.yaml', 'version: 1\ncalendars:\n  shop:\n    weekly: { mondey: "08:00-20:00" }\n    lunar: [christmas]\n    wokdays: []\n');
    write('b.yaml', 'version: 1\ncalendars: { office: { weekly: { mon: "09:00-12:00" } } }');
    write('c.yaml', 'version: 1\ncalendars: { office: { weekly: { mon: "09:00-12:00" } } }');
    mkdirSync(join(dir, 'd.yaml'));
    const { calendars, faults } = loadCalendars(dir);
    expect([...calendars.keys()]).toEqual(['office']);
    expect(faults.map((f) => [f.line, f.code, f.hint])).toEqual([
      [6, 'config.unknown_key', 'did you mean "workdays"?'],
      [4, 'config.wrong_value', expect.stringContaining('daily')],
      [5, 'config.wrong_value', undefined],
      [1, 'dialplan.duplicate_calendar', 'keep one of them'],
      [1, 'config.unreadable', expect.anything()],
    ].sort((a, b) => faults.findIndex((f) => f.code === a[1]) - faults.findIndex((f) => f.code === b[1])));
  });

  it('may be missing', () => expect(loadCalendars(join(dir, 'none'))).toMatchObject({ calendars: new Map(), faults: [] }));
});
