import type { Vector } from '../vectors.js';

/** Each column has a place in a small space learned from the corpus; a sentence is the sum of its columns' places. */
export interface Network {
  readonly size: number;
  readonly classes: number;
  /** `size` numbers a column. */
  readonly places: Float32Array;
  /** `size` numbers a class, and one bias a class. */
  readonly outputs: Float32Array;
  readonly biases: Float32Array;
}

export const SIZE = 48;
/** Sentences shown in all, and the bounds of how often each; few suffice, for the first ones set the places. */
const SHOWN = 12_000;
const [FEWEST, MOST] = [8, 50];
const RATE = 0.5;
const START = 0.3;
/** A sentence that is this sure of its class teaches nothing, and a class so far off hardly anything: half the time is spared. */
const [ENOUGH, TRIFLE] = [0.99, 1e-3];

/**
 * Sum of subword places into a softmax (Joulin et al., 2016), by stochastic gradient with a rate that falls to 0. The order is
 * drawn from a fixed seed: the same corpus makes the same model.
 */
export function trainNetwork(vectors: readonly Vector[], labels: readonly number[], classes: number, width: number): Network {
  const draw = lottery(7);
  const places = Float32Array.from({ length: width * SIZE }, () => ((draw() - 0.5) * 2 * START) / Math.sqrt(SIZE));
  const network: Network = { size: SIZE, classes, places, outputs: new Float32Array(classes * SIZE), biases: new Float32Array(classes) };
  const rounds = Math.max(FEWEST, Math.min(MOST, Math.round(SHOWN / Math.max(1, vectors.length))));
  const order = vectors.map((_, i) => i);
  const room = { sum: new Float64Array(SIZE), blame: new Float64Array(SIZE), chances: new Float64Array(classes) };
  for (let round = 0; round < rounds; round += 1) {
    shuffle(order, draw);
    for (const i of order) learn(network, vectors[i] as Vector, labels[i] as number, RATE * (1 - round / rounds), room);
  }
  return network;
}

interface Room {
  readonly sum: Float64Array;
  readonly blame: Float64Array;
  readonly chances: Float64Array;
}

function learn(network: Network, vector: Vector, label: number, rate: number, room: Room): void {
  const { places, outputs, biases, classes } = network;
  const { sum, blame, chances } = room;
  add(network, vector, sum);
  softmax(network, sum, chances);
  if ((chances[label] as number) > ENOUGH) return;
  blame.fill(0);
  for (let c = 0; c < classes; c += 1) {
    const off = (chances[c] as number) - (c === label ? 1 : 0);
    if (Math.abs(off) < TRIFLE) continue;
    const from = c * SIZE;
    for (let d = 0; d < SIZE; d += 1) {
      const output = outputs[from + d] as number;
      blame[d] = (blame[d] as number) + off * output;
      outputs[from + d] = output - rate * off * (sum[d] as number);
    }
    biases[c] = (biases[c] as number) - 0.1 * rate * off;
  }
  for (let k = 0; k < vector.columns.length; k += 1) {
    const from = (vector.columns[k] as number) * SIZE;
    const step = rate * (vector.weights[k] as number);
    for (let d = 0; d < SIZE; d += 1) places[from + d] = (places[from + d] as number) - step * (blame[d] as number);
  }
}

/** Logarithms of the chances of the classes, up to a constant. */
export function logits(network: Network, vector: Vector): Float64Array {
  const sum = new Float64Array(network.size);
  add(network, vector, sum);
  return Float64Array.from({ length: network.classes }, (_, c) => logit(network, sum, c));
}

function add({ places, size }: Network, { columns, weights }: Vector, sum: Float64Array): void {
  sum.fill(0);
  for (let k = 0; k < columns.length; k += 1) {
    const from = (columns[k] as number) * size;
    const weight = weights[k] as number;
    for (let d = 0; d < size; d += 1) sum[d] = (sum[d] as number) + weight * (places[from + d] as number);
  }
}

function logit({ outputs, biases, size }: Network, sum: Float64Array, c: number): number {
  let total = biases[c] as number;
  for (let d = 0; d < size; d += 1) total += (outputs[c * size + d] as number) * (sum[d] as number);
  return total;
}

function softmax(network: Network, sum: Float64Array, chances: Float64Array): void {
  let most = -Infinity;
  for (let c = 0; c < network.classes; c += 1) most = Math.max(most, (chances[c] = logit(network, sum, c)));
  let all = 0;
  for (let c = 0; c < network.classes; c += 1) all += chances[c] = Math.exp((chances[c] as number) - most);
  for (let c = 0; c < network.classes; c += 1) chances[c] = (chances[c] as number) / all;
}

/** Numbers in [0, 1): linear congruential, Numerical Recipes' constants. */
export function lottery(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}
export function shuffle(order: number[], draw: () => number): void {
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}
