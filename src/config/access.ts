import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { parseCidr } from './cidr.js';
import { seconds } from './fields.js';

export interface AccessConfig {
  /** Browsers reach us by HTTPS: cookies are marked Secure. */
  readonly behindTls: boolean;
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly password: { readonly least: number };
  readonly sessions: { readonly idleMs: Ms; readonly longestMs: Ms };
  readonly lockout: { readonly tries: number; readonly perSource: number; readonly windowMs: Ms; readonly blockMs: Ms };
  /** Roles whose holders may do nothing with a password alone. */
  readonly secondFactor: readonly string[];
  /** What becomes of the calls of somebody who is disabled. */
  readonly disabledCalls: 'finish' | 'end';
  /** Undefined: for ever. */
  readonly auditMs: Ms | undefined;
}

const text = z.string().min(1).max(200);
export const accessFile = z.strictObject({
    access: z
      .strictObject({
        behind_tls: z.boolean().prefault(false),
        trusted_proxies: z.array(z.string().refine((block) => parseCidr(block) !== undefined, 'an address or a block as 10.0.0.0/8')).prefault([]),
        password: z.strictObject({ min_length: z.int().min(8).max(100).prefault(12) }).prefault({}),
        sessions: z.strictObject({ idle_seconds: seconds(1, 30 * 86_400).prefault(1_800), longest_seconds: seconds(1, 90 * 86_400).prefault(43_200) }).prefault({}),
        lockout: z.strictObject({ tries: z.int().min(3).max(1_000).prefault(10), per_source: z.int().min(3).max(100_000).prefault(50), window_seconds: seconds(1, 86_400).prefault(900), block_seconds: seconds(1, 86_400).prefault(900) }).prefault({}),
        second_factor: z.array(text).prefault([]),
        disabled_calls: z.enum(['finish', 'end']).prefault('finish'),
        audit_days: z.number().min(1).max(36_600).optional(),
      })
      .prefault({})
      .transform((a): AccessConfig => ({
        behindTls: a.behind_tls, trustedProxies: a.trusted_proxies, password: { least: a.password.min_length }, sessions: { idleMs: a.sessions.idle_seconds, longestMs: a.sessions.longest_seconds },
        lockout: { tries: a.lockout.tries, perSource: a.lockout.per_source, windowMs: a.lockout.window_seconds, blockMs: a.lockout.block_seconds }, secondFactor: a.second_factor, disabledCalls: a.disabled_calls,
        auditMs: a.audit_days === undefined ? undefined : Math.round(a.audit_days * 86_400_000),
      })),
  });
