/** Items in order, with their rank; add, delete, first and rank cost far less than a scan of all. */
export interface SortedSet<T> {
  readonly size: number;
  /** The item must not be in the set yet, and must not change its place in the order while it is. */
  add(item: T): void;
  /** Answers whether it was there. */
  delete(item: T): boolean;
  has(item: T): boolean;
  first(): T | undefined;
  /** How many stand before it; -1 when it is not in the set. */
  rank(item: T): number;
  [Symbol.iterator](): Iterator<T>;
}

const CHUNK = 512;

/**
 * A list of short sorted arrays: each operation searches two of them and moves at most 512 references, which beats a
 * tree up to some hundred thousand items. `compare` is a total order: only an item itself compares as 0.
 */
export function sortedSet<T>(compare: (a: T, b: T) => number): SortedSet<T> {
  const chunks: T[][] = [];
  let size = 0;

  /** The chunk where the item is or belongs: the first whose last item does not come before it. */
  const chunkOf = (item: T): number => {
    const at = firstIndex(chunks.length, (i) => compare(lastOf(chunks[i]), item) >= 0);
    return at === chunks.length && at > 0 ? at - 1 : at;
  };
  const within = (chunk: readonly T[], item: T): number => firstIndex(chunk.length, (i) => compare(chunk[i] as T, item) >= 0);
  const find = (item: T): readonly [chunk: number, index: number] | undefined => {
    const c = chunkOf(item);
    const chunk = chunks[c];
    if (!chunk) return undefined;
    const i = within(chunk, item);
    return i < chunk.length && compare(chunk[i] as T, item) === 0 ? [c, i] : undefined;
  };

  return {
    get size() {
      return size;
    },
    add(item) {
      size += 1;
      const c = chunkOf(item);
      const chunk = chunks[c];
      if (!chunk) {
        chunks.push([item]);
        return;
      }
      chunk.splice(within(chunk, item), 0, item);
      if (chunk.length > CHUNK) chunks.splice(c + 1, 0, chunk.splice(CHUNK / 2));
    },
    delete(item) {
      const [c, i] = find(item) ?? [];
      if (c === undefined || i === undefined) return false;
      const chunk = chunks[c] as T[];
      chunk.splice(i, 1);
      if (chunk.length === 0) chunks.splice(c, 1);
      size -= 1;
      return true;
    },
    has: (item) => find(item) !== undefined,
    first: () => chunks[0]?.[0],
    rank(item) {
      const [c, i] = find(item) ?? [];
      if (c === undefined || i === undefined) return -1;
      let before = i;
      for (let n = 0; n < c; n += 1) before += (chunks[n] as T[]).length;
      return before;
    },
    *[Symbol.iterator]() {
      for (const chunk of chunks) yield* chunk;
    },
  };
}

const lastOf = <T>(chunk: readonly T[] | undefined): T => (chunk as T[])[(chunk as T[]).length - 1] as T;

/** The first index for which `true` holds, given that it holds for all after it; `length` when there is none. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
