import { beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/index.js';
import { watchMidnight } from './midnight.js';
import { office, testClock, type Office } from './office.fixture.js';

const HOUR = 3_600_000;
const began = (zone: string, from: number, hours: number): string[] => {
  const clock = testClock(from);
  const days: string[] = [];
  watchMidnight(clock, zone, from, () => void days.push(new Date(clock.wall()).toISOString()));
  clock.advance(hours * HOUR);
  return days;
};

describe('a day begins at midnight where the centre is', () => {
  it.each<[zone: string, from: number, days: string[]]>([
    ['Asia/Shanghai', Date.UTC(2026, 2, 28, 12), ['2026-03-28T16:00:00.000Z', '2026-03-29T16:00:00.000Z']],
    ['Europe/Berlin', Date.UTC(2026, 2, 28, 12), ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']],
    ['America/New_York', Date.UTC(2026, 9, 31, 12), ['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z']],
  ])('in %s, also where a day has 23 or 25 hours', (zone, from, days) => expect(began(zone, from, 48)).toEqual(days));

  it('once, whatever is done to the clock of the machine', () => {
    const clock = testClock(Date.UTC(2026, 0, 1, 23, 50));
    let days = 0;
    watchMidnight(clock, 'UTC', clock.wall(), () => (days += 1));
    clock.advance(15 * 60_000);
    clock.setWall(Date.UTC(2026, 0, 1, 23, 58));
    clock.advance(HOUR);
    expect(days).toBe(1);
    clock.setWall(Date.UTC(2026, 0, 5, 12));
    clock.advance(11 * 60_000); // put right, or the machine slept
    expect(days).toBe(2);
  });

  it('also when the program was down at midnight', () => {
    const clock = testClock(Date.UTC(2026, 0, 2, 8));
    let days = 0;
    const stop = watchMidnight(clock, 'UTC', Date.UTC(2026, 0, 1, 20), () => (days += 1));
    expect(days).toBe(1);
    stop();
    clock.advance(48 * HOUR);
    expect(days).toBe(1);
  });
});

describe('what was counted today', () => {
  let store: Store;
  beforeEach(async () => void (store = await openStore({ path: ':memory:' })));
  const days = (room: Office): number => (room.acd.close(), store.run(store.db.selectFrom('acd_log').select('event').where('event', 'like', '%day.began%')).length);

  it('starts anew at midnight, and the log says so', () => {
    const room = office({ store });
    room.clock.advance(24 * HOUR);
    expect(days(room)).toBe(1);
  });

  it('starts anew once after a night without the program', () => {
    const first = office({ store });
    first.join('c1');
    first.clock.setWall(Date.UTC(2026, 0, 2, 9));
    expect(days(first.restart().restart())).toBe(1);
  });
});
