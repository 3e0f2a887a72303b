import type { Ms } from '../../base/index.js';
import type { Remote } from '../stack/index.js';

export interface StrangerLimits {
  /** Requests that may come at once from one address and port that has never been accepted. */
  readonly burst: number;
  readonly perSecond: number;
  /** The same for all ports of an address together, and for everybody. */
  readonly addressBurst: number;
  readonly addressPerSecond: number;
  readonly totalBurst: number;
  readonly totalPerSecond: number;
  /** Refusals sent a second; beyond it strangers get no answer at all. */
  readonly refusalsPerSecond: number;
  /** How long an acceptance counts. */
  readonly trustMs: Ms;
  /** Entries kept of each kind; the oldest goes first. */
  readonly maxEntries: number;
}
export const defaultStrangerLimits: StrangerLimits = {
  burst: 400, perSecond: 100, addressBurst: 2_000, addressPerSecond: 400, totalBurst: 5_000, totalPerSecond: 1_000,
  refusalsPerSecond: 200, trustMs: 3_600_000, maxEntries: 20_000,
};

export type Verdict = 'welcome' | 'refuse' | 'ignore';
/** Limits those who have never been accepted; whoever has (a registered phone, a trunk that answers) is never counted. */
export interface Strangers {
  judge(from: Remote, now: Ms): Verdict;
  /** The application said yes to this address and port, or it said yes to us. */
  accept(from: Remote, now: Ms): void;
  known(from: Remote, now: Ms): boolean;
  size(): number;
}

type Bucket = { left: number; at: Ms };

export function createStrangers(limits: StrangerLimits = defaultStrangerLimits): Strangers {
  const accepted = new Map<string, Ms>();
  const ports = new Map<string, Bucket>();
  const addresses = new Map<string, Bucket>();
  const total: Bucket = { left: limits.totalBurst, at: 0 };
  const refusals: Bucket = { left: limits.refusalsPerSecond, at: 0 };
  const key = (from: Remote): string => `${from.address}|${from.port}`;
  const known = (from: Remote, now: Ms): boolean => {
    const until = accepted.get(key(from));
    return until !== undefined && until > now;
  };
  const bucket = (buckets: Map<string, Bucket>, name: string, burst: number, now: Ms): Bucket => {
    const found = buckets.get(name) ?? { left: burst, at: now };
    buckets.delete(name);
    buckets.set(name, found);
    shrink(buckets, limits.maxEntries);
    return found;
  };
  return {
    known,
    judge(from, now) {
      if (known(from, now)) return 'welcome';
      // Narrow before wide: what one port has too much of must not be taken from its neighbours.
      const within =
        take(bucket(ports, key(from), limits.burst, now), limits.burst, limits.perSecond, now) &&
        take(bucket(addresses, from.address, limits.addressBurst, now), limits.addressBurst, limits.addressPerSecond, now) &&
        take(total, limits.totalBurst, limits.totalPerSecond, now);
      if (within) return 'welcome';
      return take(refusals, limits.refusalsPerSecond, limits.refusalsPerSecond, now) ? 'refuse' : 'ignore';
    },
    accept(from, now) {
      const name = key(from);
      accepted.delete(name);
      accepted.set(name, now + limits.trustMs);
      ports.delete(name);
      shrink(accepted, limits.maxEntries);
    },
    size: () => accepted.size + ports.size + addresses.size,
  };
}

function take(bucket: Bucket, burst: number, perSecond: number, now: Ms): boolean {
  bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
  bucket.at = now;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

function shrink(map: Map<string, unknown>, max: number): void {
  if (map.size <= max) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
