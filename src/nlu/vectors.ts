import { SHARES, type Feature, type Features, type Kind, type Shares } from './features.js';
import type { Language } from './types.js';

/** A sentence as the classifier sees it: columns in rising order with their weights; its length is 1, or 0 where nothing is known. */
export interface Vector {
  readonly columns: Int32Array;
  readonly weights: Float64Array;
}
const KINDS: readonly Kind[] = ['word', 'pair', 'char', 'sound', 'concept', 'both'];

/** The features of the training sentences: which column each has, and how much it tells (idf). */
export interface Space {
  readonly column: ReadonlyMap<Feature, number>;
  readonly idf: Float64Array;
  readonly shares: Shares;
  /** The idf of a feature that no sentence had. */
  readonly rarest: number;
}

export function spaceOf(sentences: readonly Features[], language: Language, shares: Shares = SHARES[language]): Space {
  const column = new Map<Feature, number>();
  const seenIn: number[] = [];
  for (const sentence of sentences)
    for (const kind of KINDS)
      for (const feature of new Set(sentence[kind])) {
        const at = column.get(feature) ?? column.size;
        column.set(feature, at);
        seenIn[at] = (seenIn[at] ?? 0) + 1;
      }
  return { column, idf: Float64Array.from(seenIn, (n) => 1 + Math.log((1 + sentences.length) / (1 + n))), shares, rarest: 1 + Math.log(1 + sentences.length) };
}

export function vectorOf(sentence: Features, { column, idf, shares }: Space): Vector {
  const weight = new Map<number, number>();
  for (const kind of KINDS) if (shares[kind] > 0) addKind(weight, sentence[kind], column, idf, shares[kind]);
  const columns = Int32Array.from(weight.keys()).sort();
  const weights = Float64Array.from(columns, (c) => weight.get(c) ?? 0);
  const length = Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0));
  if (length > 0) for (let i = 0; i < weights.length; i += 1) weights[i] = (weights[i] ?? 0) / length;
  return { columns, weights };
}

/** Each kind is brought to its share, however many of its features are known. */
function addKind(weight: Map<number, number>, features: readonly Feature[], column: ReadonlyMap<Feature, number>, idf: Float64Array, share: number): void {
  const count = new Map<number, number>();
  for (const feature of features) {
    const at = column.get(feature);
    if (at !== undefined) count.set(at, (count.get(at) ?? 0) + 1);
  }
  let square = 0;
  for (const [at, n] of count) square += ((1 + Math.log(n)) * (idf[at] as number)) ** 2;
  const scale = share / Math.sqrt(square);
  for (const [at, n] of count) weight.set(at, scale * (1 + Math.log(n)) * (idf[at] as number));
}
