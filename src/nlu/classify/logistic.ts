/** Yes or no from a few numbers: weights for them, the bias last. */
export type Logistic = readonly number[];
export interface Case {
  readonly inputs: readonly number[];
  readonly yes: boolean;
  readonly weight: number;
}

/** Newton's method with an L2 penalty on all but the bias; a handful of inputs, so the equations are solved outright. */
export function fitLogistic(cases: readonly Case[], penalty: number, rounds = 12): Logistic {
  const size = (cases[0]?.inputs.length ?? 0) + 1;
  let weights = new Array<number>(size).fill(0);
  for (let round = 0; round < rounds; round += 1) {
    const gradient = weights.map((w, i) => (i === size - 1 ? 1e-3 * w : penalty * w));
    const hessian = weights.map((_, i) => weights.map((__, j) => (i === j ? (i === size - 1 ? 1e-3 : penalty) : 0)));
    for (const { inputs, yes, weight } of cases) {
      const p = probability(weights, inputs);
      const slope = weight * Math.max(p * (1 - p), 1e-6);
      const miss = weight * (p - (yes ? 1 : 0));
      for (let i = 0; i < size; i += 1) {
        const xi = inputs[i] ?? 1; // one past the last is the bias
        const line = hessian[i] as number[];
        gradient[i] = (gradient[i] as number) + miss * xi;
        for (let j = 0; j < size; j += 1) line[j] = (line[j] as number) + slope * xi * (inputs[j] ?? 1);
      }
    }
    const step = solve(hessian, gradient);
    weights = weights.map((w, i) => w - Math.max(-4, Math.min(4, step[i] ?? 0)));
    if (Math.max(...step.map(Math.abs)) < 1e-6) break;
  }
  return weights;
}

export function probability(weights: Logistic, inputs: readonly number[]): number {
  let sum = weights[inputs.length] ?? 0;
  for (let i = 0; i < inputs.length; i += 1) sum += (inputs[i] as number) * (weights[i] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

/** Gauss with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const rows = matrix.map((line, i) => [...line, right[i] ?? 0]);
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let k = 0; k < n; k += 1) {
    let best = k;
    for (let i = k + 1; i < n; i += 1) if (Math.abs(at(i, k)) > Math.abs(at(best, k))) best = i;
    [rows[k], rows[best]] = [rows[best] ?? [], rows[k] ?? []];
    for (let i = 0; i < n; i += 1) {
      if (i === k) continue;
      const factor = at(i, k) / at(k, k);
      rows[i] = (rows[i] ?? []).map((value, j) => value - factor * at(k, j));
    }
  }
  return right.map((_, i) => at(i, n) / at(i, i));
}
