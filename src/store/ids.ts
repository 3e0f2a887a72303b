import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const encode = (value: bigint, length: number): string => {
  let text = '';
  for (let rest = value; text.length < length; rest >>= 5n) text = (alphabet[Number(rest & 31n)] ?? '') + text;
  return text;
};

/** `call_` and 26 characters: 48 bits of time, 80 of chance (as ULID), so that IDs sort by their making. */
export function newId(kind: string, nowMs: number = Date.now()): string {
  const chance = BigInt(`0x${randomBytes(10).toString('hex')}`);
  return `${kind}_${encode(BigInt(nowMs), 10)}${encode(chance, 16)}`;
}
