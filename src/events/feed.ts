import type { Events } from './events.js';
import type { Fact } from './facts.js';

/** The log as those read it who follow it from outside. */
export interface Feed {
  /** Facts after `seq` that are on disk, oldest first, at most `limit`: newest ones from memory, the others from the database. */
  after(seq: number, limit: number): readonly Fact[];
  /** The newest number that is on disk. */
  last(): number;
  /** Called once after something more can be read, however much it is. */
  onMore(fn: () => void): () => void;
  close(): void;
}
export interface FeedOptions {
  readonly events: Events;
  /** Facts kept in memory for those who are nearly up to date. */
  readonly keep?: number;
  /** Runs it soon, once what is being done is done. */
  readonly soon?: (run: () => void) => void;
}

export function createFeed({ events, keep = 2_000, soon = setImmediate }: FeedOptions): Feed {
  let tail: Fact[] = [];
  let waking = false;
  const listeners = new Set<() => void>();
  const wake = (): void => {
    waking = false;
    for (const listener of [...listeners]) listener();
  };
  const leave = events.subscribe('*', (fact) => {
    tail.push(fact);
    if (tail.length > 2 * keep) tail = tail.slice(-keep);
    if (waking) return;
    waking = true;
    soon(wake);
  });
  // A fact that is told but not yet on disk could get its number taken by another after a crash.
  const last = (): number => events.last() - events.waiting();
  return {
    last,
    after(seq, limit) {
      const first = tail[0];
      const found = first !== undefined && first.seq <= seq + 1 ? sliceAfter(tail, seq, limit) : events.since(seq, limit);
      const safe = last();
      return found.every((fact) => fact.seq <= safe) ? found : found.filter((fact) => fact.seq <= safe);
    },
    onMore(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
    close() {
      leave();
      listeners.clear();
    },
  };
}

/** By halving: the tail may be thousands long, and everybody who follows asks for its end. */
function sliceAfter(tail: readonly Fact[], seq: number, limit: number): readonly Fact[] {
  let [low, high] = [0, tail.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tail[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return tail.slice(low, low + limit);
}
