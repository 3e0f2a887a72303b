import { beforeEach, describe, expect, it } from 'vitest';
import { createEvents, type Events } from '../events/index.js';
import { openStore, StoreError, type Store } from '../store/index.js';
import { createAdherence, type Adherence } from './adherence.js';
import type { AgentId, AgentState } from './engine/index.js';
import { testClock, type TestClock } from './office.fixture.js';

let store: Store;
let clock: TestClock;
let events: Events;
let adherence: Adherence;
const HOUR = 3_600_000;
const errors: string[] = [];
const log = { error: (_fields: object, message: string) => void errors.push(message) };
const lin = 'lin' as AgentId;

beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  errors.length = 0;
  await begin(Date.UTC(2026, 0, 1));
});
async function begin(from: number): Promise<void> {
  store = await openStore({ path: ':memory:' });
  clock = testClock(from);
  events = createEvents({ store, log, now: () => clock.wall() });
  adherence = createAdherence({ store, events, log, clock });
}
let before: AgentState = 'offline';
const is = (to: AgentState, how: { reason?: string; by?: string } = {}, agent = 'lin'): void => {
  events.publish('agent.state_changed', `agent:${agent}`, { agent, from: before, to, ...how });
  before = to;
};
const hours = (day: ReturnType<Adherence['day']>): number => Object.values(day.states).reduce((sum, ms) => sum + ms, 0) / HOUR;

describe('a day of an agent', () => {
  it('adds up how long each state lasted, and tells them in order', () => {
    clock.advance(8 * HOUR);
    is('available');
    clock.advance(2 * HOUR);
    is('away', { reason: 'lunch', by: 'phone:1001' });
    clock.advance(HOUR);
    is('available');
    clock.advance(HOUR / 2);
    const day = adherence.day(lin, '2026-01-01', 'UTC');
    expect(day.states).toMatchObject({ available: 2.5 * HOUR, away: HOUR, talking: 0, offline: 0 });
    const eight = Date.UTC(2026, 0, 1, 8);
    expect(day.intervals).toEqual([
      { state: 'available', reason: null, from: eight, until: eight + 2 * HOUR },
      { state: 'away', reason: 'lunch', from: eight + 2 * HOUR, until: eight + 3 * HOUR },
      { state: 'available', reason: null, from: eight + 3 * HOUR, until: null },
    ]);
    expect(store.run(store.db.selectFrom('agent_states').select(['state', 'by', 'until_at']).orderBy('seq'))[1]).toEqual({ state: 'away', by: 'phone:1001', until_at: eight + 3 * HOUR });
  });

  it('is cut at its midnights', () => {
    is('available');
    clock.advance(50 * HOUR);
    is('offline');
    expect(adherence.day(lin, '2026-01-02', 'UTC')).toMatchObject({ states: { available: 24 * HOUR, offline: 0 }, intervals: [{ from: Date.UTC(2026, 0, 2), until: Date.UTC(2026, 0, 3) }] });
    expect(adherence.day(lin, '2026-01-03', 'UTC').states).toMatchObject({ available: 2 * HOUR, offline: 0 });
  });

  it('is empty before the agent was known and before it has begun', () => {
    is('available');
    expect(adherence.day(lin, '2025-12-31', 'UTC').intervals).toEqual([]);
    expect(adherence.day(lin, '2026-01-02', 'UTC').intervals).toEqual([]);
    expect(adherence.day('omar' as AgentId, '2026-01-01', 'UTC').intervals).toEqual([]);
  });

  it('is not mixed up with that of another agent', () => {
    is('available');
    clock.advance(HOUR);
    is('away', {}, 'omar');
    clock.advance(HOUR);
    expect(adherence.day(lin, '2026-01-01', 'UTC').states).toMatchObject({ available: 2 * HOUR, away: 0 });
  });

  it.each<[zone: string, date: string, length: number, change: string]>([
    ['Europe/Berlin', '2026-03-29', 23, 'clocks go forward'],
    ['Europe/Berlin', '2026-10-25', 25, 'clocks go back'],
    ['America/New_York', '2026-03-08', 23, 'clocks go forward'],
    ['America/New_York', '2026-11-01', 25, 'clocks go back'],
    ['Asia/Shanghai', '2026-03-29', 24, 'nothing changes'],
    ['America/Sao_Paulo', '2018-11-04', 23, 'midnight itself is left out'],
  ])('in %s on %s has %d hours: %s', async (zone, date, length) => {
    await begin(Date.parse(`${date}T00:00:00Z`) - 48 * HOUR);
    is('available');
    clock.advance(24 * 5 * HOUR);
    expect(hours(adherence.day(lin, date, zone))).toBe(length);
  });

  it('two days together leave no gap and overlap nowhere, where clocks change', async () => {
    await begin(Date.UTC(2026, 9, 24));
    for (let i = 0; i < 60; i += 1) {
      is(i % 2 === 0 ? 'available' : 'away');
      clock.advance(HOUR);
    }
    const [one, two] = ['2026-10-25', '2026-10-26'].map((date) => adherence.day(lin, date, 'Europe/Berlin'));
    expect(one?.intervals.at(-1)?.until).toBe(two?.intervals[0]?.from);
    expect([one?.states.available, one?.states.away]).toEqual([13 * HOUR, 12 * HOUR]);
  });

  it('has no negative times when the clock of the machine was put back', () => {
    clock.advance(HOUR);
    is('available');
    clock.setWall(clock.wall() - HOUR / 2);
    is('away');
    clock.advance(HOUR);
    expect(adherence.day(lin, '2026-01-01', 'UTC').states).toMatchObject({ available: 0, away: HOUR });
  });
});

describe('the book of states', () => {
  const entered = (): number => store.run(store.db.selectFrom('agent_states').select('seq')).length;

  it('is kept up by itself, many entries at once', () => {
    for (let i = 0; i < 1_200; i += 1) is(i % 2 === 0 ? 'available' : 'away');
    expect(entered()).toBe(0);
    clock.advance(2_000);
    expect(entered()).toBe(1_200);
  });

  it('goes on where it stopped when the program is started again', () => {
    is('available');
    clock.advance(2_000);
    adherence.close();
    is('away');
    clock.advance(HOUR);
    expect(entered()).toBe(1);
    adherence = createAdherence({ store, events, log, clock });
    clock.advance(0);
    expect(entered()).toBe(2);
  });

  it('catches up when the disk takes entries again', () => {
    adherence.close();
    let full = true;
    const guarded: Store = { ...store, transaction: (work) => { if (full) throw new StoreError('store.full', 'full', {}); return store.transaction(work); } };
    adherence = createAdherence({ store: guarded, events, log, clock });
    is('available');
    clock.advance(5_000);
    expect([entered(), errors.length]).toEqual([0, 3]);
    full = false;
    clock.advance(2_000);
    expect(entered()).toBe(1);
  });
});
