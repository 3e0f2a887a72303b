import type { TrunkHealth } from '../../config/index.js';

/** Belief about one host: `against` counts answers in a row that speak against it. */
export interface HostHealth {
  readonly up: boolean;
  readonly against: number;
}
/** A host is believed up until it has failed. */
export const startHealth: HostHealth = { up: true, against: 0 };

/** One more sign of life, or of none; turning takes as many in a row as the trunk says. */
export function observe(before: HostHealth, alive: boolean, { down, up }: Pick<TrunkHealth, 'down' | 'up'>): HostHealth {
  if (alive === before.up) return before.against === 0 ? before : { up: before.up, against: 0 };
  const against = before.against + 1;
  return against >= (before.up ? down : up) ? { up: alive, against: 0 } : { up: before.up, against };
}

/** Any answer to OPTIONS is a sign of life, but one that says "out of service" or stands for a timeout (RFC 3261 §11). */
export const isAlive = (status: number): boolean => status !== 503 && status !== 408 && status !== 0;
