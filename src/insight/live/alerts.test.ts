import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertConfig } from '../../config/index.js';
import { step, type AlertEffect, type Standings } from './alerts.js';
import type { LiveQueue } from './figures.js';

const alert = (over: Partial<AlertConfig> = {}): AlertConfig => ({ name: 'crowded', figure: 'waiting', queue: undefined, side: 'above', value: 5, forMs: 3_000, atLeast: 1, ...over });
const queue = (waiting: number, over: Partial<LiveQueue> = {}): LiveQueue => ({
  id: 'support', name: 'Support', waiting, longestWaitMs: 0, agents: { available: 0 }, handled: {}, today: { offered: 0, answered: 0, abandoned: 0, shortAbandoned: 0, serviceLevel: null, abandonedShare: null, surveyAnswers: 0, satisfaction: null }, ...over,
});
const WALL = Date.UTC(2026, 10, 30, 6);
/** Seconds of one house, one after the other; what happened in each. */
function play(seconds: readonly { readonly alerts: readonly AlertConfig[]; readonly queues: readonly LiveQueue[] }[], state: Standings = new Map()) {
  const told = seconds.map((sample, s): readonly AlertEffect[] => {
    const [next, effects] = step(state, sample, { clock: s * 1_000, wall: WALL + s * 1_000 });
    state = next;
    return effects;
  });
  return { told: told.map((effects) => effects.map(({ type, data }) => `${type.slice(6)} ${data.queue}`)), effects: told.flat(), state };
}
const over = (alerts: readonly AlertConfig[], ...waiting: readonly number[]) => waiting.map((n) => ({ alerts, queues: [queue(n)] }));

describe('an alert', () => {
  it('is raised once after it lasted, and cleared once when it is over', () => {
    const { told, effects, state } = play(over([alert()], 6, 6, 6, 7, 8, 5, 5, 6, 6));
    expect(told).toEqual([[], [], [], ['raised support'], [], ['cleared support'], [], [], []]);
    expect(effects).toEqual([
      { type: 'alert.raised', data: { alert: 'crowded', queue: 'support', figure: 'waiting', side: 'above', threshold: 5, value: 7 } },
      { type: 'alert.cleared', data: { alert: 'crowded', queue: 'support', figure: 'waiting', value: 5, why: 'back', lasted_ms: 2_000 } },
    ]);
    expect([...state.values()].map(({ raised }) => raised)).toEqual([undefined]);
  });

  it('begins anew after a break', () => expect(play(over([alert()], 6, 6, 6, 5, 6, 6, 6, 6)).told.flat()).toEqual(['raised support']));
  it('may come at once', () => expect(play(over([alert({ forMs: 0 })], 5, 6)).told).toEqual([[], ['raised support']]));
  it('of one queue is of no other; of all queues, of each by itself', () => {
    const queues = [queue(9), queue(9, { id: 'sales' })];
    expect(play([{ alerts: [alert({ queue: 'sales', forMs: 0 })], queues }]).told).toEqual([['raised sales']]);
    expect(play([{ alerts: [alert({ forMs: 0 })], queues }, { alerts: [alert({ forMs: 0 })], queues: [queue(1), queue(9, { id: 'sales' })] }]).told).toEqual([['raised support', 'raised sales'], ['cleared support']]);
  });

  it('is cleared when it or its queue is set otherwise or removed, and raised again if the new one says so', () => {
    const [first, other] = [alert({ forMs: 0 }), alert({ forMs: 0, value: 3 })];
    expect(play([...over([first], 9), ...over([other], 9), ...over([], 9)]).told).toEqual([['raised support'], ['cleared support', 'raised support'], ['cleared support']]);
    expect(play([...over([first], 9), { alerts: [first], queues: [] }]).effects.at(-1)?.data).toMatchObject({ why: 'changed', value: null });
    expect(play([...over([alert()], 9, 9, 9), ...over([alert({ value: 4 })], 9, 9, 9), ...over([alert({ value: 4 })], 9)]).told.flatMap((some, s) => some.map((one) => [s, one]))).toEqual([[6, 'raised support']]);
  });

  it('on a share says nothing while there are too few, and nothing where there is no share', () => {
    const today = (offered: number, serviceLevel: number | null): Partial<LiveQueue> => ({ today: { offered, answered: 0, abandoned: 0, shortAbandoned: 0, serviceLevel, abandonedShare: null, surveyAnswers: 0, satisfaction: null } });
    const slow = alert({ figure: 'service_level', side: 'below', value: 0.8, forMs: 0, atLeast: 20 });
    const at = (...days: readonly Partial<LiveQueue>[]) => days.map((day) => ({ alerts: [slow, alert({ name: 'lost', figure: 'abandoned_share', value: 0, forMs: 0 })], queues: [queue(0, day)] }));
    expect(play(at(today(19, 0.1), today(20, 0.1), today(21, 0.8), today(25, 0.2), today(0, null))).told).toEqual([[], ['raised support'], ['cleared support'], ['raised support'], ['cleared support']]);
  });

  it('on satisfaction says nothing while too few have answered, whoever came', () => {
    const marks = (surveyAnswers: number, satisfaction: number | null): Partial<LiveQueue> => ({ today: { ...queue(0).today, offered: 500, surveyAnswers, satisfaction } });
    const unhappy = alert({ name: 'unhappy', figure: 'satisfaction', side: 'below', value: 3.5, forMs: 0, atLeast: 10 });
    const at = (...days: readonly Partial<LiveQueue>[]) => days.map((day) => ({ alerts: [unhappy], queues: [queue(0, day)] }));
    const { told, effects } = play(at(marks(0, null), marks(9, 1), marks(10, 3.5), marks(11, 3.49), marks(12, 3.5), marks(13, 2), marks(0, null)));
    expect(told).toEqual([[], [], [], ['raised support'], ['cleared support'], ['raised support'], ['cleared support']]);
    expect(effects.at(-1)?.data).toMatchObject({ alert: 'unhappy', figure: 'satisfaction', value: null, why: 'back' }); // the next day
  });

  it('looks at the agents and at the wait', () => {
    const alerts = [alert({ name: 'nobody', figure: 'agents_available', side: 'below', value: 1, forMs: 0 }), alert({ name: 'long', figure: 'longest_wait_s', value: 30, forMs: 0 })];
    expect(play([{ alerts, queues: [queue(0, { longestWaitMs: 30_001 })] }]).effects.map(({ data }) => [data.alert, data.value])).toEqual([['nobody', 0], ['long', 30.001]]);
    expect(play([{ alerts, queues: [queue(0, { longestWaitMs: 30_000, agents: { available: 1 } })] }]).effects).toEqual([]);
  });
});

it('raised and cleared take turns, and nothing is raised before its time: whatever the figures and the settings do, over restarts', () => {
  const moment = fc.record({ waiting: fc.integer({ min: 0, max: 10 }), passMs: fc.integer({ min: 0, max: 4_000 }), restart: fc.boolean(), there: fc.integer({ min: 0, max: 9 }).map((n) => n > 0), rule: fc.constantFrom(0, 0, 0, 0, 1, 2) });
  const rules = [[alert()], [alert({ value: 2, forMs: 1_500 })], []];
  fc.assert(fc.property(fc.array(moment, { maxLength: 60 }), (moments) => {
    let state: Standings = new Map();
    let [clock, up] = [0, false];
    let beyond: { since: number; value: number } | undefined;
    for (const { waiting, passMs, restart, there, rule } of moments) {
      clock += passMs;
      // What is raised is kept; a new clock begins anywhere.
      if (restart) state = new Map([...state].filter(([, { raised }]) => raised).map(([key, standing]) => [key, JSON.parse(JSON.stringify(standing)) as typeof standing]));
      const [one] = rules[rule]!;
      const isBeyond = there && one !== undefined && waiting > one.value;
      if (!isBeyond || restart || beyond?.value !== one.value) beyond = isBeyond ? { since: clock, value: one.value } : undefined;
      const [next, effects] = step(state, { alerts: rules[rule]!, queues: there ? [queue(waiting)] : [] }, { clock, wall: WALL + clock });
      for (const { type } of effects) {
        expect(type).toBe(up ? 'alert.cleared' : 'alert.raised');
        up = !up;
        if (type === 'alert.raised') expect(clock - beyond!.since).toBeGreaterThanOrEqual(one!.forMs);
      }
      if (!isBeyond) expect(up).toBe(false);
      if (beyond && one && clock - beyond.since >= one.forMs) expect(up).toBe(true);
      expect([...next.values()].some(({ raised }) => raised)).toBe(up);
      state = next;
    }
  }), { numRuns: 500 });
});
