import { describe, expect, it } from 'vitest';
import { runSimple, type SimpleFigures, type SimpleScenario } from './simple.js';

const base: SimpleScenario = { arrivals_per_hour: 120, mean_handling_s: 180, mean_patience_s: null, agents: 10, hours: 20, seed: 1, threshold_s: 20 };
const KEYS = ['service_level', 'asa_s', 'abandoned_share', 'occupancy', 'waiting_share'] as const;

/** By how many standard errors each figure is off. Short runs: so is the bench's, which takes its time. */
const mostContacts = 25_000;
function offBy(scenario: SimpleScenario): Record<string, number> {
  const outcome = runSimple(scenario, { mostContacts });
  const of = (f: SimpleFigures | null, key: (typeof KEYS)[number]): number => f?.[key] ?? NaN;
  return Object.fromEntries(KEYS.map((key) => {
    const error = of(outcome.standard_error, key);
    const off = Math.abs(of(outcome, key) - of(outcome.analytical, key));
    return [key, off < 1e-5 ? 0 : off / error];
  }));
}

describe('the engine in a world that theory knows', () => {
  it.each([
    ['Erlang C', base],
    ['Erlang C with one agent', { ...base, agents: 1, arrivals_per_hour: 10, hours: 10 }],
    ['Erlang A', { ...base, agents: 6, mean_patience_s: 120 }],
    ['Erlang A in great overload', { ...base, agents: 3, mean_patience_s: 60 }],
    ['Erlang A with many agents', { ...base, agents: 100, arrivals_per_hour: 2_000, mean_patience_s: 90, hours: 2 }],
  ])('agrees with %s within the error of the simulation', (_, scenario) => {
    for (const off of Object.values(offBy(scenario))) expect(off).toBeLessThan(4);
  });

  it('gives the same figures for the same seed, and others for another', () => {
    const small = { ...base, agents: 4, mean_patience_s: 30, hours: 20 };
    const once = runSimple(small, { mostContacts: 5_000 });
    expect(runSimple(small, { mostContacts: 5_000 })).toEqual(once);
    expect(runSimple(small, { mostContacts: 5_000, seed: 2 }).contacts).not.toBe(once.contacts);
  });

  it('says how sure it is, and simulates longer where it is not', () => {
    const [short, long] = [1_000, 30_000].map((most) => runSimple({ ...base, hours: 1 }, { mostContacts: most }));
    expect(long?.simulated_hours).toBeGreaterThan((short?.simulated_hours ?? 0) * 10);
    expect(long?.standard_error.waiting_share).toBeLessThan((short?.standard_error.waiting_share ?? 0) / 2);
  });

  it('knows that there is no theory where the line grows without end', () => {
    const outcome = runSimple({ ...base, agents: 5, hours: 10 }, { mostContacts: 5_000 });
    expect(outcome.analytical).toBeNull();
    expect(outcome.occupancy).toBeCloseTo(1, 2);
  });
});
