import { maxMessageBytes } from '../message/limits.js';
import type { Clock } from '../clock/clock.js';
import type { TransportLimits } from './types.js';

export const standardLimits: TransportLimits = {
  maxMessageBytes,
  maxConnections: 5_000,
  maxConnectionsPerSource: 50,
  maxSendBufferBytes: 1_048_576,
  connectMs: 4_000,
  partialMs: 10_000,
  strangerIdleMs: 15_000,
  idleMs: 3_600_000,
  malformedPerSecond: 20,
};

const windowMs = 1_000;
const maxSources = 10_000;

/** True for the first `perSecond` calls with a key in each second; memory is bounded by forgetting at its end. */
export function createRate(perSecond: number, clock: Clock): (key: string) => boolean {
  const counts = new Map<string, number>();
  let start = clock.now();
  return (key) => {
    if (clock.now() - start >= windowMs) {
      counts.clear();
      start = clock.now();
    }
    const count = (counts.get(key) ?? 0) + 1;
    if (count === 1 && counts.size >= maxSources) return false;
    counts.set(key, count);
    return count <= perSecond;
  };
}
