import type { Order } from './heap.js';

/** Items in order, with their rank; add, delete, first and rank cost far less than a scan of all. */
export interface SortedSet<T> {
  readonly size: number;
  /** The item must not be in the set yet, and must not change its place in the order while it is. Answers how many stand before it. */
  add(item: T): number;
  /** Answers whether it was there. */
  delete(item: T): boolean;
  has(item: T): boolean;
  first(): T | undefined;
  /** How many stand before it; -1 when it is not in the set. */
  rank(item: T): number;
  [Symbol.iterator](): Iterator<T>;
}

const CHUNK = 512;
/** So many empty places in front of a chunk are closed up. */
const GAP = 64;

/** Sorted; the items and their keys begin at `from`. Those who leave are mostly the first, those who come mostly the last: few have to move up. */
interface Chunk<T> {
  items: (T | undefined)[];
  keys: number[];
  from: number;
}

export const sortedSet = <T>(order: Order<T>): SortedSet<T> => new ChunkedSet(order);

/**
 * A list of short sorted arrays: each operation searches two of them and moves at most 512 references, which beats a tree up to
 * some hundred thousand items. The keys stand in arrays of their own, and it is a class: see `BinaryHeap`.
 */
class ChunkedSet<T> implements SortedSet<T> {
  size = 0;
  private readonly chunks: Chunk<T>[] = [];
  private readonly order: Order<T>;

  constructor(order: Order<T>) {
    this.order = order;
  }

  add(item: T): number {
    const { chunks } = this;
    this.size += 1;
    const key = this.order.key(item);
    const c = this.chunkOf(key, item);
    const chunk = chunks[c];
    if (!chunk) {
      chunks.push({ items: [item], keys: [key], from: 0 });
      return 0;
    }
    const i = this.within(chunk, key, item);
    const rank = this.rankAt(c, i);
    const { items, keys } = chunk;
    items.push(item);
    keys.push(key);
    for (let at = items.length - 1; at > i; at -= 1) put(chunk, at, items[at - 1], keys[at - 1] as number);
    put(chunk, i, item, key);
    if (items.length - chunk.from > CHUNK) {
      closeUp(chunk);
      chunks.splice(c + 1, 0, { items: items.splice(CHUNK / 2), keys: keys.splice(CHUNK / 2), from: 0 });
    }
    return rank;
  }

  delete(item: T): boolean {
    const [c, i] = this.find(item);
    if (i < 0) return false;
    this.size -= 1;
    const chunk = this.chunks[c] as Chunk<T>;
    const { items, keys, from } = chunk;
    if (i - from < items.length - i) {
      for (let at = i; at > from; at -= 1) put(chunk, at, items[at - 1], keys[at - 1] as number);
      items[from] = undefined;
      chunk.from += 1;
    } else {
      for (let at = i + 1; at < items.length; at += 1) put(chunk, at - 1, items[at], keys[at] as number);
      items.pop();
      keys.pop();
    }
    if (items.length === chunk.from) this.chunks.splice(c, 1);
    else if (chunk.from >= GAP) closeUp(chunk);
    return true;
  }

  has(item: T): boolean {
    return this.find(item)[1] >= 0;
  }

  first(): T | undefined {
    const [chunk] = this.chunks;
    return chunk?.items[chunk.from];
  }

  rank(item: T): number {
    const [c, i] = this.find(item);
    return i < 0 ? -1 : this.rankAt(c, i);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const { items, from } of this.chunks) for (let at = from; at < items.length; at += 1) yield items[at] as T;
  }

  /** Whether the item at this place comes before the one sought. */
  private isBefore({ items, keys }: Chunk<T>, at: number, key: number, item: T): boolean {
    const other = keys[at] as number;
    return other < key || (other === key && this.order.tie(items[at] as T) < this.order.tie(item));
  }

  /** The first place in the chunk that does not come before the item. */
  private within(chunk: Chunk<T>, key: number, item: T): number {
    let low = chunk.from;
    let high = chunk.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.isBefore(chunk, middle, key, item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The chunk where the item is or belongs: the first whose last item does not come before it. */
  private chunkOf(key: number, item: T): number {
    const { chunks } = this;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = chunks[middle] as Chunk<T>;
      if (this.isBefore(chunk, chunk.keys.length - 1, key, item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Its chunk, and its place there; -1 when it is not in the set. */
  private find(item: T): readonly [chunk: number, place: number] {
    const key = this.order.key(item);
    const c = this.chunkOf(key, item);
    const chunk = this.chunks[c];
    if (!chunk) return [c, -1];
    const i = this.within(chunk, key, item);
    return [c, chunk.items[i] === item ? i : -1];
  }

  private rankAt(c: number, place: number): number {
    let before = place - (this.chunks[c] as Chunk<T>).from;
    for (let n = 0; n < c; n += 1) {
      const { keys, from } = this.chunks[n] as Chunk<T>;
      before += keys.length - from;
    }
    return before;
  }
}

function put<T>({ items, keys }: Chunk<T>, at: number, item: T | undefined, key: number): void {
  items[at] = item;
  keys[at] = key;
}

function closeUp<T>(chunk: Chunk<T>): void {
  chunk.items.splice(0, chunk.from);
  chunk.keys.splice(0, chunk.from);
  chunk.from = 0;
}
