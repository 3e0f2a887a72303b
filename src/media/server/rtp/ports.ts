import type { Ms } from '../../../base/index.js';

/** Even port numbers of a range, handed out round robin so that a freed one is reused as late as possible. */
export interface PortPool {
  readonly first: number;
  readonly pairs: number;
  readonly restMs: Ms;
  next: number;
  readonly taken: Set<number>;
  /** Freed ports rest: late packets of the old call must not reach a new one. */
  readonly restUntil: Map<number, Ms>;
}

export function createPortPool(range: { readonly min: number; readonly max: number }, restMs: Ms): PortPool {
  const first = range.min + (range.min & 1);
  return { first, pairs: Math.max(0, Math.floor((range.max - first + 1) / 2)), restMs, next: 0, taken: new Set(), restUntil: new Map() };
}

/** @returns the next free even port, marked as taken; undefined: all are taken or resting */
export function takePort(pool: PortPool, now: Ms): number | undefined {
  for (let tried = 0; tried < pool.pairs; tried += 1) {
    const port = pool.first + 2 * pool.next;
    pool.next = (pool.next + 1) % pool.pairs;
    if (pool.taken.has(port) || (pool.restUntil.get(port) ?? now) > now) continue;
    pool.restUntil.delete(port);
    pool.taken.add(port);
    return port;
  }
  return undefined;
}

export function freePort(pool: PortPool, port: number, now: Ms): void {
  if (pool.taken.delete(port)) pool.restUntil.set(port, now + pool.restMs);
}
