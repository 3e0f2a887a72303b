import { isSupportedCountry, type CountryCode } from 'libphonenumber-js';
import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { number, seconds } from './fields.js';

/** How long bindings and nonces live (RFC 3261 §10.3, RFC 7616 §3.3). */
export interface RegistrationConfig {
  readonly minExpiresMs: Ms;
  readonly maxExpiresMs: Ms;
  readonly defaultExpiresMs: Ms;
  readonly maxContacts: number;
  readonly nonceMs: Ms;
}
/** What a stranger may do before answers become cheap refusals. Known phones and trunks are never counted. */
export interface ThrottleConfig {
  /** Requests a second one unknown address may send, and how many at once. */
  readonly perSecond: number;
  readonly burst: number;
  /** Wrong passwords of one source for one user within the window; then refused for the block. */
  readonly wrongPasswords: number;
  readonly windowMs: Ms;
  readonly blockMs: Ms;
}
export interface SystemConfig {
  readonly drainMs: Ms;
  readonly rtpTimeoutMs: Ms;
  /** How long a trunk host may give no provisional answer before the next one is tried. */
  readonly provisionalTimeoutMs: Ms;
  /** How long a phone or the far end rings. */
  readonly ringTimeoutMs: Ms;
  readonly homeCountry: CountryCode;
  readonly emergencyNumbers: readonly string[];
  /** Numbers outside the home country: refused unless allowed; with `prefixes` only those, as "+44". */
  readonly international: { readonly allowed: boolean; readonly prefixes: readonly string[] };
  readonly features: { readonly available: string; readonly away: string };
  readonly maskNumbers: boolean;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  readonly synchronous: 'normal' | 'full';
  readonly registration: RegistrationConfig;
  readonly throttle: ThrottleConfig;
}

const country = z
  .string()
  .refine((c) => isSupportedCountry(c), { error: 'a country of two capital letters, as CN' })
  .transform((c) => c);

const registration = z
  .strictObject({
    min_expires_seconds: seconds(1, 86_400).prefault(30),
    max_expires_seconds: seconds(1, 86_400).prefault(3600),
    default_expires_seconds: seconds(1, 86_400).prefault(3600),
    max_contacts: z.int().min(1).max(50).prefault(5),
    nonce_seconds: seconds(1, 3600).prefault(300),
  })
  .prefault({})
  .transform((r): RegistrationConfig => ({
    minExpiresMs: r.min_expires_seconds,
    maxExpiresMs: Math.max(r.min_expires_seconds, r.max_expires_seconds),
    defaultExpiresMs: r.default_expires_seconds,
    maxContacts: r.max_contacts,
    nonceMs: r.nonce_seconds,
  }));

const throttle = z
  .strictObject({
    requests_per_second: z.number().min(0.1).max(10_000).prefault(50),
    burst: z.int().min(1).max(100_000).prefault(500),
    wrong_passwords: z.int().min(1).max(1000).prefault(10),
    window_seconds: seconds(1, 86_400).prefault(60),
    block_seconds: seconds(1, 86_400).prefault(60),
  })
  .prefault({})
  .transform((t): ThrottleConfig => ({ perSecond: t.requests_per_second, burst: t.burst, wrongPasswords: t.wrong_passwords, windowMs: t.window_seconds, blockMs: t.block_seconds }));

export const systemFile = z
  .strictObject({
    drain_seconds: seconds(0, 3600).prefault(30),
    rtp_timeout_seconds: seconds(1, 86_400).prefault(60),
    provisional_timeout_seconds: seconds(0.1, 60).prefault(3),
    ring_timeout_seconds: seconds(1, 600).prefault(60),
    home_country: country.prefault('CN'),
    emergency_numbers: z.array(number).prefault(['110', '119', '120', '122', '112', '911', '999']),
    international: z
      .strictObject({ allowed: z.boolean().prefault(false), prefixes: z.array(z.string().regex(/^\+[1-9]\d{0,6}$/, 'a prefix as +44')).prefault([]) })
      .prefault({}),
    features: z.strictObject({ available: number.prefault('*45'), away: number.prefault('*46') }).prefault({}),
    mask_numbers: z.boolean().prefault(true),
    log_level: z.enum(['trace', 'debug', 'info', 'warn', 'error']).prefault('info'),
    synchronous: z.enum(['normal', 'full']).prefault('normal'),
    registration,
    throttle,
  })
  .transform((s): SystemConfig => ({
    drainMs: s.drain_seconds,
    rtpTimeoutMs: s.rtp_timeout_seconds,
    provisionalTimeoutMs: s.provisional_timeout_seconds,
    ringTimeoutMs: s.ring_timeout_seconds,
    homeCountry: s.home_country,
    emergencyNumbers: s.emergency_numbers,
    international: s.international,
    features: s.features,
    maskNumbers: s.mask_numbers,
    logLevel: s.log_level,
    synchronous: s.synchronous,
    registration: s.registration,
    throttle: s.throttle,
  }));
