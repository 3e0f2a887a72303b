import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Ms } from '../../base/index.js';

/**
 * Nonces that need no memory until they are used well: time, chance, and a seal over both and the address they were
 * given to, so that nobody who cannot receive at that address ever holds one. Only used nonces are remembered, for
 * their counts (RFC 7616 §3.3, §5.5).
 */
export interface Nonces {
  make(address: string, now: Ms): string;
  /** `stale`: ours but too old, or not verifiable any more; the far end may try again with a new one. */
  check(nonce: string, address: string, now: Ms): 'fresh' | 'stale';
  /** Whether this count of this nonce is new; to be asked only once the response has proved right. */
  use(nonce: string, count: number): boolean;
  remembered(): number;
}
export interface NonceOptions {
  readonly lifeMs: Ms;
  readonly key?: Buffer;
  readonly maxRemembered?: number;
}
const chanceBytes = 9;
const timeBytes = 6;
const sealBytes = 12;
/** How far behind the highest count seen one may arrive: datagrams overtake each other. */
const windowSize = 32;

export function createNonces({ lifeMs, key = randomBytes(32), maxRemembered = 50_000 }: NonceOptions): Nonces {
  const used = new Map<string, { highest: number; seen: number }>();
  // Nonces as old as one that had to be forgotten cannot be told from replays, so they count as stale.
  let floor = -1;
  const seal = (head: Buffer, address: string): Buffer => createHmac('sha256', key).update(head).update(address).digest().subarray(0, sealBytes);
  const timeOf = (nonce: string): Ms => Buffer.from(nonce, 'base64url').readUIntBE(0, timeBytes);
  return {
    make(address, now) {
      const head = Buffer.alloc(timeBytes + chanceBytes);
      head.writeUIntBE(Math.floor(now), 0, timeBytes);
      randomBytes(chanceBytes).copy(head, timeBytes);
      return Buffer.concat([head, seal(head, address)]).toString('base64url');
    },
    check(nonce, address, now) {
      const bytes = Buffer.from(nonce, 'base64url');
      if (bytes.length !== timeBytes + chanceBytes + sealBytes || bytes.toString('base64url') !== nonce) return 'stale';
      const head = bytes.subarray(0, timeBytes + chanceBytes);
      if (!timingSafeEqual(bytes.subarray(head.length), seal(head, address))) return 'stale';
      const made = head.readUIntBE(0, timeBytes);
      return now - made <= lifeMs && (made > floor || used.has(nonce)) ? 'fresh' : 'stale';
    },
    use(nonce, count) {
      const entry = used.get(nonce);
      if (!entry) {
        used.set(nonce, { highest: count, seen: 1 });
        const oldest = used.keys().next();
        if (used.size > maxRemembered && oldest.done !== true) {
          used.delete(oldest.value);
          floor = Math.max(floor, timeOf(oldest.value));
        }
        return true;
      }
      const ahead = count - entry.highest;
      if (ahead > 0) {
        entry.seen = ahead >= windowSize ? 1 : ((entry.seen << ahead) | 1) >>> 0;
        entry.highest = count;
        return true;
      }
      const bit = (1 << -ahead) >>> 0;
      if (-ahead >= windowSize || (entry.seen & bit) !== 0) return false;
      entry.seen = (entry.seen | bit) >>> 0;
      return true;
    },
    remembered: () => used.size,
  };
}
