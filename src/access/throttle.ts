import type { Ms } from '../base/index.js';

/** Counts failures by key within a window and blocks a key that reaches the limit. Memory is bounded by `maxKeys`. */
export interface Throttle {
  /** Records a failure; how many stand in the window now. */
  fail(key: string, now: Ms): number;
  /** How long the key is still blocked; 0: not at all. */
  blockedMs(key: string, now: Ms): Ms;
  /** Takes one failure back: it was none. */
  undo(key: string): void;
  forgive(key: string): void;
  size(): number;
}
export interface ThrottleLimits {
  readonly failures: number;
  readonly windowMs: Ms;
  readonly blockMs: Ms;
  readonly maxKeys?: number;
}

export function createThrottle({ failures, windowMs, blockMs, maxKeys = 10_000 }: ThrottleLimits): Throttle {
  const keys = new Map<string, { count: number; since: Ms; blockedUntil: Ms }>();
  const current = (key: string, now: Ms) => {
    const entry = keys.get(key);
    if (entry && now >= entry.blockedUntil && now - entry.since >= windowMs) {
      keys.delete(key);
      return undefined;
    }
    return entry;
  };
  return {
    fail(key, now) {
      const entry = current(key, now) ?? { count: 0, since: now, blockedUntil: 0 };
      entry.count += 1;
      if (entry.count >= failures) entry.blockedUntil = now + blockMs;
      // Moved to the end, so that the key quiet for longest is the first to go.
      keys.delete(key);
      keys.set(key, entry);
      dropOldest(keys, maxKeys);
      return entry.count;
    },
    blockedMs(key, now) {
      return Math.max(0, (current(key, now)?.blockedUntil ?? 0) - now);
    },
    undo(key) {
      const entry = keys.get(key);
      if (!entry) return;
      entry.count -= 1;
      if (entry.count < failures) entry.blockedUntil = 0;
      if (entry.count <= 0) keys.delete(key);
    },
    forgive: (key) => void keys.delete(key),
    size: () => keys.size,
  };
}

/** Lets `burst` through at once and `perSecond` after that, by key. */
export interface Buckets {
  take(key: string, now: Ms): boolean;
  forgive(key: string): void;
  size(): number;
}
export function createBuckets({ perSecond, burst, maxKeys = 10_000 }: { readonly perSecond: number; readonly burst: number; readonly maxKeys?: number }): Buckets {
  const buckets = new Map<string, { level: number; at: Ms }>();
  return {
    take(key, now) {
      const bucket = buckets.get(key) ?? { level: burst, at: now };
      bucket.level = Math.min(burst, bucket.level + (Math.max(0, now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      const granted = bucket.level >= 1;
      if (granted) bucket.level -= 1;
      buckets.delete(key);
      buckets.set(key, bucket);
      dropOldest(buckets, maxKeys);
      return granted;
    },
    forgive: (key) => void buckets.delete(key),
    size: () => buckets.size,
  };
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  if (map.size <= most) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
