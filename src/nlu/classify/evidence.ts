import type { Feature, Features } from '../features.js';
import { spaceOf, vectorOf, type Space, type Vector } from '../vectors.js';
import type { Language } from '../types.js';
import { indexOf, nearest, type Neighbours } from './nearest.js';
import { logits, trainNetwork, type Network } from './network.js';

/** A training sentence; the label one past the last intent is "none of them". */
export interface Example {
  readonly features: Features;
  readonly label: number;
}
/** What separates sentences by intent, before anything is said about how sure that is. */
export interface Separator {
  readonly intents: number;
  readonly space: Space;
  readonly network: Network;
  readonly neighbours: Neighbours;
  /** 1 for the columns that a sentence of some intent has. */
  readonly familiar: Uint8Array;
}

export function separate(examples: readonly Example[], intents: number, language: Language): Separator {
  const space = spaceOf(examples.map((e) => e.features), language);
  const vectors = examples.map((e) => vectorOf(e.features, space));
  const labels = examples.map((e) => e.label);
  const width = space.column.size;
  return { intents, space, network: trainNetwork(vectors, labels, intents + 1, width), neighbours: indexOf(vectors, labels, width), familiar: familiarOf(vectors, labels, intents, width) };
}

export function familiarOf(vectors: readonly Vector[], labels: readonly number[], intents: number, width: number): Uint8Array {
  const familiar = new Uint8Array(width);
  for (const [i, { columns }] of vectors.entries()) if ((labels[i] ?? intents) < intents) for (const column of columns) familiar[column] = 1;
  return familiar;
}

export interface Evidence {
  /** One score an intent, as logarithms of chances. */
  readonly scores: Float64Array;
  /** What tells whether the sentence belongs to any of them. */
  readonly inputs: readonly number[];
}

export function evidenceOf(features: Features, { intents, space, network, neighbours, familiar }: Separator): Evidence {
  const vector = vectorOf(features, space);
  const all = logits(network, vector);
  const scores = all.slice(0, intents);
  const elsewhere = all[intents] as number;
  const cosines = nearest(neighbours, vector, intents + 1);
  const top = scores.indexOf(Math.max(...scores));
  const first = scores[top] ?? 0;
  const energy = logSum(scores);
  const near = Math.max(0, ...cosines.slice(0, intents));
  return {
    scores,
    inputs: [
      squash(energy - elsewhere), squash(elsewhere), squash(first), squash(first - energy), near, cosines[top] ?? 0, cosines[intents] as number,
      familiarity(features.word, space, familiar), familiarity(features.concept, space, familiar), Math.log(1 + features.word.length),
    ],
  };
}

/** Far out it no longer matters how far: at most 8 either way. */
const squash = (x: number): number => x / (1 + Math.abs(x) / 8);

/** How much of what is said (rare words count more) some intent's examples say too, 0..1. */
function familiarity(said: readonly Feature[], { column, idf, rarest }: Space, familiar: Uint8Array): number {
  let [known, all] = [0, 0];
  for (const feature of said) {
    const at = column.get(feature);
    const weight = at === undefined ? rarest : (idf[at] as number);
    all += weight;
    if (at !== undefined && familiar[at] === 1) known += weight;
  }
  return all === 0 ? 0 : known / all;
}

/** log Σ exp(values × times) */
export function logSum(values: Float64Array, times = 1): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i += 1) most = Math.max(most, (values[i] as number) * times);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += Math.exp((values[i] as number) * times - most);
  return most + Math.log(sum);
}
