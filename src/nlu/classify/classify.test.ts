import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featuresOf } from '../features.js';
import { spaceOf, vectorOf, type Vector } from '../vectors.js';
import { logSum } from './evidence.js';
import { fitLogistic, probability } from './logistic.js';
import { indexOf, nearest } from './nearest.js';
import { logits, lottery, shuffle, trainNetwork } from './network.js';

const sentences = ['cancel my order', 'cancel the order', 'stop my order', 'when do you open', 'opening hours please', 'are you open'];
const labels = [0, 0, 0, 1, 1, 1];
const features = sentences.map((s) => featuresOf(s, 'en'));
const space = spaceOf(features, 'en');
const vectors = features.map((f) => vectorOf(f, space));
const vector = (text: string): Vector => vectorOf(featuresOf(text, 'en'), space);

describe('vectors', () => {
  it('have length 1, or 0 where nothing is known', () => {
    for (const v of vectors) expect(Math.hypot(...v.weights)).toBeCloseTo(1, 9);
    expect(vector('zzz').columns).toHaveLength(0);
  });
  it('rise in columns, for any sentence', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const { columns, weights } = vector(text);
      expect([...columns]).toEqual([...columns].sort((a, b) => a - b));
      expect(weights.every(Number.isFinite)).toBe(true);
    }));
  });
});

describe('features', () => {
  it('are the same for digits of any value, for case and for width', () => {
    expect(featuresOf('order 123', 'en')).toEqual(featuresOf('ORDER ９', 'en'));
  });
  it('tell that two words name one thing', () => {
    const [one, other] = [featuresOf('call off my order', 'en').concept, featuresOf('cancel my purchase', 'en').concept];
    expect(one.filter((f) => other.includes(f))).toHaveLength(2);
  });
  it('of Chinese hold the sound, so that a wrong character is half right', () => {
    const [said, heard] = [featuresOf('取消订单', 'zh-CN'), featuresOf('取消定单', 'zh-CN')];
    expect(heard.sound).toEqual(said.sound);
    expect(heard.word).not.toEqual(said.word);
  });
});

describe('the network', () => {
  const network = trainNetwork(vectors, labels, 2, space.column.size);
  it('puts sentences like those it saw with them', () => {
    for (const [text, label] of [['please cancel order', 0], ['open hours', 1]] as const) {
      const [a = 0, b = 0] = logits(network, vector(text));
      expect(a > b ? 0 : 1).toBe(label);
    }
  });
  it('is the same every time', () => expect(trainNetwork(vectors, labels, 2, space.column.size)).toEqual(network));
});

it('the nearest of each class is found as by comparing all', () => {
  const index = indexOf(vectors, labels, space.column.size);
  const query = vector('cancel the opening order');
  const dot = (v: Vector): number => v.columns.reduce((sum, c, i) => sum + (v.weights[i] ?? 0) * (query.weights[query.columns.indexOf(c)] ?? 0), 0);
  const best = [0, 1].map((label) => Math.max(...vectors.filter((_, i) => labels[i] === label).map(dot)));
  for (const [label, cosine] of nearest(index, query, 2).entries()) expect(cosine).toBeCloseTo(best[label] ?? 0, 9);
});

describe('logistic regression', () => {
  it('finds the share where the inputs say nothing', () => {
    const cases = Array.from({ length: 40 }, (_, i) => ({ inputs: [0], yes: i < 10, weight: 1 }));
    expect(probability(fitLogistic(cases, 0.1), [0])).toBeCloseTo(0.25, 2);
  });
  it('rises with what speaks for yes, and stays finite when all is clear', () => {
    const cases = Array.from({ length: 20 }, (_, i) => ({ inputs: [i - 10, 1], yes: i >= 10, weight: 1 }));
    const weights = fitLogistic(cases, 0.05);
    expect(probability(weights, [5, 1])).toBeGreaterThan(0.9);
    expect(probability(weights, [-5, 1])).toBeLessThan(0.1);
    expect(weights.every(Number.isFinite)).toBe(true);
  });
  it('says nothing without cases', () => expect(probability(fitLogistic([], 0.05), [])).toBe(0.5));
});

it('logSum survives large numbers', () => expect(logSum(Float64Array.of(1_000, 1_000))).toBeCloseTo(1_000 + Math.log(2)));

it('a shuffle keeps all and is drawn from its seed', () => {
  const order = (seed: number) => {
    const list = Array.from({ length: 50 }, (_, i) => i);
    shuffle(list, lottery(seed));
    return list;
  };
  expect([...order(3)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(order(3)).toEqual(order(3));
  expect(order(3)).not.toEqual(order(4));
});
