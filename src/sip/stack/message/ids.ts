import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4_096);
let used = pool.length;

/** Cryptographically random, drawn from a pool since each draw from the system costs microseconds. */
function hex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** 80 random bits behind the magic cookie of RFC 3261 §8.1.1.7. */
export const newBranch = (): string => `z9hG4bK${hex(10)}`;
/** 64 random bits (§19.3 asks for 32). */
export const newTag = (): string => hex(8);
/** 128 random bits. */
export const newCallId = (): string => hex(16);
