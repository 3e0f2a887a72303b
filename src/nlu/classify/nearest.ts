import type { Vector } from '../vectors.js';

/** The training sentences by column: those of column c stand at `starts[c]` up to `starts[c + 1]`. */
export interface Neighbours {
  readonly labels: readonly number[];
  readonly starts: Int32Array;
  readonly sentences: Int32Array;
  readonly weights: Float64Array;
}

export function indexOf(vectors: readonly Vector[], labels: readonly number[], width: number): Neighbours {
  const starts = new Int32Array(width + 1);
  for (const { columns } of vectors) for (const column of columns) starts[column + 1] = (starts[column + 1] as number) + 1;
  for (let c = 0; c < width; c += 1) starts[c + 1] = (starts[c + 1] as number) + (starts[c] as number);
  const next = starts.slice();
  const [sentences, weights] = [new Int32Array(starts[width] as number), new Float64Array(starts[width] as number)];
  for (const [i, vector] of vectors.entries())
    for (let k = 0; k < vector.columns.length; k += 1) {
      const column = vector.columns[k] as number;
      const at = next[column] as number;
      next[column] = at + 1;
      sentences[at] = i;
      weights[at] = vector.weights[k] as number;
    }
  return { labels, starts, sentences, weights };
}

/** For each class the cosine with the nearest of its sentences, 0..1. */
export function nearest({ labels, starts, sentences, weights }: Neighbours, vector: Vector, classes: number): Float64Array {
  const cosines = new Float64Array(labels.length);
  for (let k = 0; k < vector.columns.length; k += 1) {
    const column = vector.columns[k] as number;
    const weight = vector.weights[k] as number;
    const end = starts[column + 1] as number;
    for (let at = starts[column] as number; at < end; at += 1) {
      const sentence = sentences[at] as number;
      cosines[sentence] = (cosines[sentence] as number) + weight * (weights[at] as number);
    }
  }
  const best = new Float64Array(classes);
  for (let i = 0; i < cosines.length; i += 1) {
    const label = labels[i] as number;
    if ((cosines[i] as number) > (best[label] as number)) best[label] = cosines[i] as number;
  }
  return best;
}
