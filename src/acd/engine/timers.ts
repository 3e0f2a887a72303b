import type { Ms } from '../../base/index.js';
import { heap, type Placed } from './heap.js';

interface Timed extends Placed {
  readonly at: Ms;
  /** No two are alike. */
  readonly serial: number;
}

/** All timers, the next to ring first. */
export interface Timers<T> {
  readonly size: number;
  top(): T | undefined;
  /** The timer must not be there. */
  push(timer: T): void;
  /** Answers whether it was there. */
  remove(timer: T): boolean;
}

const BUCKET_MS = 1_024;
/** So many timers of the time that is near are sorted out anew. */
const CROWD = 4_096;
const bucketOf = ({ at }: Timed): number => Math.floor(at / BUCKET_MS);

/**
 * The timers of the next second stand in a heap; later ones lie in a bucket for each second, in no order, until it is their turn.
 * Most timers are called off before they ring: to lay one down and to take it out again touches one other, not a dozen.
 */
export function newTimers<T extends Timed>(): Timers<T> {
  const near = heap<T>({ key: (t) => t.at, tie: (t) => t.serial });
  const later = new Map<number, T[]>();
  /** The buckets that are or were in `later`, the next first. */
  const buckets = heap<{ readonly bucket: number; pos: number }>({ key: (b) => b.bucket, tie: (b) => b.bucket });
  let horizon = -Infinity;
  let crowd = CROWD;
  let size = 0;

  const lay = (timer: T): void => {
    const bucket = bucketOf(timer);
    if (bucket <= horizon) return near.push(timer);
    const there = later.get(bucket);
    if (there) timer.pos = there.push(timer) - 1;
    else {
      timer.pos = 0;
      later.set(bucket, [timer]);
      buckets.push({ bucket, pos: -1 });
    }
  };
  const comeNearer = (): void => {
    while (near.size === 0) {
      const next = buckets.top();
      if (!next) return;
      buckets.remove(next);
      horizon = next.bucket;
      const timers = later.get(next.bucket) ?? [];
      later.delete(next.bucket);
      for (const timer of timers) near.push(timer);
    }
  };
  /** A lone timer far away draws the horizon there: when many stand before it, it is drawn back. */
  const spread = (): void => {
    const first = near.top();
    if (!first || near.size <= crowd) return;
    horizon = bucketOf(first);
    for (const timer of [...near.items]) {
      if (bucketOf(timer) <= horizon) continue;
      near.remove(timer);
      lay(timer);
    }
    crowd = Math.max(CROWD, 2 * near.size);
  };

  return {
    get size() {
      return size;
    },
    top() {
      comeNearer();
      return near.top();
    },
    push(timer) {
      size += 1;
      lay(timer);
      spread();
    },
    remove(timer) {
      if (timer.pos < 0) return false;
      const there = bucketOf(timer) <= horizon ? undefined : later.get(bucketOf(timer));
      if (!there) {
        if (!near.remove(timer)) return false;
        size -= 1;
        return true;
      }
      if (there[timer.pos] !== timer) return false;
      const last = there.pop() as T;
      if (last !== timer) {
        there[timer.pos] = last;
        last.pos = timer.pos;
      }
      timer.pos = -1;
      size -= 1;
      return true;
    },
  };
}
