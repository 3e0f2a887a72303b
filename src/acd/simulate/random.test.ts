import { describe, expect, it } from 'vitest';
import { newAgenda } from './agenda.js';
import { gini, median } from './figures.js';
import { durationOf, luckFrom, randomFrom, type Spread } from './random.js';

const many = (spread: Spread, n = 20_000): number[] => {
  const random = randomFrom(7);
  return Array.from({ length: n }, () => durationOf(spread, luckFrom(random)));
};
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - middle) ** 2)));
}

describe('chance', () => {
  it('is the same for the same seed and stream, and other for another', () => {
    const draw = (seed: number, stream: number): number[] => Array.from({ length: 5 }, randomFrom(seed, stream));
    expect(draw(1, 1)).toEqual(draw(1, 1));
    expect(draw(1, 1)).not.toEqual(draw(1, 2));
    expect(draw(1, 1)).not.toEqual(draw(2, 1));
  });
  it('is even', () => {
    const random = randomFrom(3);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 100_000; i += 1) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
  it.each<[Spread, number]>([
    [{ like: 'exponential', mean: 100, cv: 1 }, 100], [{ like: 'lognormal', mean: 100, cv: 0.5 }, 50], [{ like: 'lognormal', mean: 100, cv: 1.5 }, 150], [{ like: 'fixed', mean: 100, cv: 1 }, 0],
  ])('gives durations with the mean and spread of %j', (spread, sd) => {
    const values = many(spread);
    expect(Math.abs(mean(values) - 100)).toBeLessThan(3);
    expect(Math.abs(deviation(values) - sd)).toBeLessThan(Math.max(1, sd * 0.1));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  });
});

describe('the agenda', () => {
  it('gives back by time, and of the same time what was entered first', () => {
    const agenda = newAgenda();
    const done: string[] = [];
    const random = randomFrom(5);
    const times = Array.from({ length: 500 }, () => Math.floor(random() * 50));
    times.forEach((at, i) => agenda.add(at, () => done.push(`${at}:${i}`)));
    for (let item = agenda.take(); item; item = agenda.take()) item.run();
    const expected = times.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at || a.i - b.i).map(({ at, i }) => `${at}:${i}`);
    expect(done).toEqual(expected);
    expect(agenda.nextAt()).toBeUndefined();
  });
});

describe('figures', () => {
  it('call it fair when all have the same, and unfair when one has everything', () => {
    expect(gini([5, 5, 5, 5])).toBe(0);
    expect(gini([0, 0, 0, 20])).toBe(0.75);
    expect(gini([])).toBe(0);
  });
  it('have no median of nothing', () => expect(median([])).toBeNull());
});
