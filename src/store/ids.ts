import { randomFillSync } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** Bytes drawn at once: asking the system for ten at a time costs more than all the rest of an ID. */
const pool = new Uint8Array(8_000);
let used = pool.length;

/** Ten characters: 50 bits, of which time takes 48. */
function ofTime(ms: number): string {
  let text = '';
  for (let rest = ms, i = 0; i < 10; i += 1) {
    text = (alphabet[rest % 32] ?? '') + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Sixteen characters of five random bits each. */
function ofChance(): string {
  if (used + 16 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let text = '';
  for (const end = used + 16; used < end; used += 1) text += alphabet[(pool[used] ?? 0) & 31] ?? '';
  return text;
}

/** `call_` and 26 characters: 48 bits of time, 80 of chance (as ULID), so that IDs sort by their making. */
export const newId = (kind: string, nowMs: number = Date.now()): string => `${kind}_${ofTime(nowMs)}${ofChance()}`;
