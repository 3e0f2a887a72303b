import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** RFC 6238 as every authenticator app speaks it: SHA-1, six digits, 30 s; one step of clock error is forgiven. */
const period = 30;
const window = 1;
const totpOf = (secret: string, login: string): TOTP => new TOTP({ issuer: 'Strowger', label: login, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period });

export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;
export const totpUri = (secret: string, login: string): string => totpOf(secret, login).toString();

/** The step a code belongs to, where it is right and later than the last one used; else undefined. */
export function stepOf(secret: string, code: string, now: number, last: number | null): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = totpOf(secret, '').validate({ token: code, timestamp: now, window });
  if (delta === null) return undefined;
  const step = Math.floor(now / 1_000 / period) + delta;
  return last !== null && step <= last ? undefined : step;
}

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
/** Ten codes for the day the phone is lost: each good once, 79 bits of chance. */
export const newRecoveryCodes = (): readonly string[] => Array.from({ length: 10 }, () => Array.from({ length: 4 }, () => [...randomBytes(4)].map((b) => alphabet[b % alphabet.length] ?? '').join('')).join('-'));
export const recoveryHash = (code: string): string => createHash('sha256').update(code.toLowerCase().replace(/[^a-z0-9]/g, '')).digest('hex');
