import type { Value } from './types.js';
import type { Survey } from './walk.js';

/** Something came out, or went wrong, that no flow can use. */
export class Unusable extends Error {}

/** About what takes 10 ms. */
const MOST_WORK = 250_000;
const MOST_VALUES = 100_000;

/** How large the data is, by its longest list (or text, where that may become one) and by the number of its values. */
function sizeOf(root: unknown, splits: boolean): { readonly longest: number; readonly values: number } {
  let [longest, values] = [1, 0];
  const toVisit: unknown[] = [root];
  while (toVisit.length > 0 && values <= MOST_VALUES) {
    const value = toVisit.pop();
    values += 1;
    if (typeof value === 'string' && splits) longest = Math.max(longest, value.length);
    else if (typeof value === 'object' && value !== null) {
      const inner: unknown[] = Object.values(value);
      longest = Math.max(longest, inner.length);
      for (const one of inner) toVisit.push(one);
    }
  }
  return { longest, values };
}

/** Every node of the expression, for every item of the longest list, as deep as lists are gone through. */
export function tooMuchWork(data: unknown, { nodes, loops, splits }: Pick<Survey, 'nodes' | 'loops' | 'splits'>): boolean {
  const { longest, values } = sizeOf(data, splits);
  return values > MOST_VALUES || nodes * longest ** loops > MOST_WORK;
}

/** What CEL answers as JSON has it: whole numbers as numbers, times as ISO 8601. @throws Unusable */
export function toValue(result: unknown, depth = 0): Value {
  if (depth > 50) throw new Unusable('the result is nested too deep');
  if (result === null || typeof result === 'string' || typeof result === 'boolean') return result;
  if (typeof result === 'number') return finite(result);
  if (typeof result === 'bigint') return finite(Number(result));
  if (result instanceof Date) return result.toISOString();
  if (result instanceof Map) return Object.fromEntries([...result].map(([key, value]) => [String(key), toValue(value, depth + 1)]));
  if (Array.isArray(result)) return result.map((one) => toValue(one, depth + 1));
  if (typeof result === 'object' && Object.getPrototypeOf(result) === Object.prototype)
    return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, toValue(value, depth + 1)]));
  throw new Unusable('the result is neither text, number, yes or no, list nor map');
}

function finite(n: number): number {
  if (Number.isFinite(n)) return n;
  throw new Unusable('the result is not a number');
}
