/** Where an item stands in a heap; -1 while it is in none. An item can be in one heap at a time. */
export interface Placed {
  pos: number;
}

/** A binary heap that knows where its items are, so that any of them can be taken out in logarithmic time. */
export interface Heap<T extends Placed> {
  readonly size: number;
  /** The first in order. */
  top(): T | undefined;
  /** Its key; Infinity when empty. */
  topKey(): number;
  /** The item must be in no heap. */
  push(item: T): void;
  /** Answers whether it was there. */
  remove(item: T): boolean;
  /** The first in order that will do. Looks at those only that come before it, and their neighbours. */
  firstThat(wanted: (item: T) => boolean): T | undefined;
  /** All, in order. */
  inOrder(): T[];
  /** All, in no order: not to be changed meanwhile. */
  readonly items: readonly T[];
}

/** How items are ordered: by a number, and where that is equal by another that no two share. Neither may change while inside. */
export interface Order<T> {
  readonly key: (item: T) => number;
  readonly tie: (item: T) => number;
}

export const heap = <T extends Placed>(order: Order<T>): Heap<T> => new BinaryHeap(order);

/**
 * The keys stand in an array of their own, so that a search walks through plain numbers and touches hardly an item: with fifty
 * thousand items spread over the memory that is most of the cost. For the same reason a class: there are thousands of heaps, and
 * closures of their own would cost each of them more memory than its items.
 */
class BinaryHeap<T extends Placed> implements Heap<T> {
  readonly items: T[] = [];
  private readonly keys: number[] = [];
  private readonly order: Order<T>;

  constructor(order: Order<T>) {
    this.order = order;
  }

  get size(): number {
    return this.items.length;
  }

  top(): T | undefined {
    return this.items[0];
  }

  topKey(): number {
    return this.keys.length === 0 ? Infinity : (this.keys[0] as number);
  }

  push(item: T): void {
    const key = this.order.key(item);
    this.items.push(item);
    this.keys.push(key);
    this.up(key, item, this.items.length - 1);
  }

  remove(item: T): boolean {
    const { items, keys } = this;
    const at = item.pos;
    if (at < 0 || items[at] !== item) return false;
    item.pos = -1;
    const last = items.pop() as T;
    const key = keys.pop() as number;
    if (last !== item) {
      if (at > 0 && this.before(key, last, (at - 1) >> 1)) this.up(key, last, at);
      else this.down(key, last, at);
    }
    return true;
  }

  firstThat(wanted: (item: T) => boolean): T | undefined {
    const { items, keys } = this;
    const first = items[0];
    if (first === undefined || wanted(first)) return first;
    return search(items, (a, b) => this.before(keys[a] as number, items[a] as T, b), wanted);
  }

  inOrder(): T[] {
    const { key, tie } = this.order;
    return [...this.items].sort((a, b) => key(a) - key(b) || tie(a) - tie(b));
  }

  private before(key: number, item: T, at: number): boolean {
    const other = this.keys[at] as number;
    return key < other || (key === other && this.order.tie(item) < this.order.tie(this.items[at] as T));
  }

  private put(key: number, item: T, at: number): void {
    this.items[at] = item;
    this.keys[at] = key;
    item.pos = at;
  }

  private up(key: number, item: T, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(key, item, parent)) break;
      this.put(this.keys[parent] as number, this.items[parent] as T, at);
      at = parent;
    }
    this.put(key, item, at);
  }

  private down(key: number, item: T, from: number): void {
    const { items, keys } = this;
    const { length } = items;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && this.before(keys[child + 1] as number, items[child + 1] as T, child)) child += 1;
      if (this.before(key, item, child)) break;
      this.put(keys[child] as number, items[child] as T, at);
      at = child;
    }
    this.put(key, item, at);
  }
}

/** Best first: the children of those turned down, the first of them next. */
function search<T>(items: readonly T[], before: (a: number, b: number) => boolean, wanted: (item: T) => boolean): T | undefined {
  const edge: number[] = [1, 2].filter((at) => at < items.length);
  while (edge.length > 0) {
    let best = 0;
    for (let i = 1; i < edge.length; i += 1) if (before(edge[i] as number, edge[best] as number)) best = i;
    const at = edge[best] as number;
    const item = items[at] as T;
    if (wanted(item)) return item;
    edge[best] = edge[edge.length - 1] as number;
    edge.pop();
    for (const child of [2 * at + 1, 2 * at + 2]) if (child < items.length) edge.push(child);
  }
  return undefined;
}
