import { describe, expect, it } from 'vitest';
import { theoryOf } from './erlang.js';

const queue = { arrivalsPerHour: 120, meanHandlingS: 180, meanPatienceS: null, agents: 8, thresholdS: 20 };

describe('Erlang C', () => {
  it('is what the tables say for 6 erlangs and 8 agents', () => {
    const theory = theoryOf(queue);
    expect(theory).toMatchObject({ model: 'Erlang C', abandonedShare: 0, occupancy: 0.75 });
    expect(theory?.waitingShare).toBeCloseTo(0.35698, 4);
    expect(theory?.asaS).toBeCloseTo(32.128, 2);
    expect(theory?.serviceLevel).toBeCloseTo(0.71415, 4);
  });
  it('is M/M/1 with one agent', () => {
    expect(theoryOf({ ...queue, arrivalsPerHour: 10, agents: 1 })).toMatchObject({ waitingShare: 0.5, asaS: 180 });
  });
  it('does not exist where there is more work than the agents can do', () => {
    expect(theoryOf({ ...queue, agents: 6 })).toBeUndefined();
  });
  it('stands a thousand agents, where Halfin and Whitt say about a third waits', () => {
    expect(theoryOf({ ...queue, arrivalsPerHour: 19_500, agents: 1_000 })?.waitingShare).toBeCloseTo(0.32, 1);
  });
});

describe('Erlang A', () => {
  const impatient = { ...queue, meanPatienceS: 120, agents: 6 };
  it('keeps its books: who abandons is the waiting by the patience', () => {
    const theory = theoryOf(impatient);
    // Little's law for those in line: the share that gives up is the mean wait of all by the mean patience.
    expect(theory?.abandonedShare).toBeGreaterThan(0.1);
    expect(theory?.occupancy).toBeCloseTo((1 - (theory?.abandonedShare ?? 0)) * (120 / 3600) * 180 / 6, 6);
  });
  it('becomes Erlang C where nobody gives up for a year', () => {
    const [a, c] = [theoryOf({ ...queue, meanPatienceS: 3e7 }), theoryOf(queue)];
    for (const key of ['serviceLevel', 'asaS', 'waitingShare', 'occupancy'] as const) expect(a?.[key]).toBeCloseTo(c?.[key] ?? 0, 2);
  });
  it('loses nobody and nothing at a threshold of nought', () => {
    const theory = theoryOf({ ...impatient, thresholdS: 0 });
    expect(theory?.serviceLevel).toBeCloseTo(1 - (theory?.waitingShare ?? 0), 6);
  });
  it('stands a great overload', () => {
    const theory = theoryOf({ ...impatient, arrivalsPerHour: 12_000 });
    expect(theory?.abandonedShare).toBeCloseTo(1 - 6 / 600, 3);
    expect(theory?.occupancy).toBeCloseTo(1, 4);
  });
});
