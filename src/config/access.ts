import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { parseCidr } from './cidr.js';
import { secret, seconds, type SecretLookup } from './fields.js';
import type { Secret } from './secret.js';

/** A provider of OpenID Connect that people may log in by. */
export interface OidcConfig {
  /** In addresses, and beside each user it knows. Never changed. */
  readonly name: string;
  readonly label: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly scopes: readonly string[];
  /** Which roles holders of which values of a claim have. */
  readonly roles: { readonly claim: string; readonly map: Readonly<Record<string, string>>; readonly everyone: readonly string[] };
}
export interface AccessConfig {
  readonly oidc: readonly OidcConfig[];
  /** As browsers know us: `https://desk.example`; set wherever there is a provider. */
  readonly publicUrl: string | undefined;
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

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const origin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
/** What goes over it is what people are known by. */
const safe = (text: string): boolean => URL.canParse(text) && (new URL(text).protocol === 'https:' || (new URL(text).protocol === 'http:' && LOOPBACK.has(new URL(text).hostname)));
const provider = (lookup: SecretLookup) => z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/, 'small letters, digits, - and _'), label: z.string().min(1).max(100).optional(),
    issuer: z.string().refine(safe, 'an address with https: (http: on this machine alone)'), client_id: z.string().min(1).max(300), client_secret: secret(lookup, 'reference'),
    scopes: z.array(z.string().min(1).max(100)).prefault(['openid', 'profile', 'email']).refine((all) => all.includes('openid'), 'openid must be among them'),
    roles: z.strictObject({ claim: z.string().min(1).max(200).prefault('groups'), map: z.record(z.string(), text).prefault({}), everyone: z.array(text).prefault([]) }),
  })
  .transform((p): OidcConfig => ({ name: p.name, label: p.label ?? p.name, issuer: p.issuer, clientId: p.client_id, clientSecret: p.client_secret, scopes: p.scopes, roles: p.roles }));
export const accessFile = (lookup: SecretLookup) => z.strictObject({
    access: z
      .strictObject({
        behind_tls: z.boolean().prefault(false),
        trusted_proxies: z.array(z.string().refine((block) => parseCidr(block) !== undefined, 'an address or a block as 10.0.0.0/8')).prefault([]),
        password: z.strictObject({ min_length: z.int().min(8).max(100).prefault(12) }).prefault({}),
        sessions: z.strictObject({ idle_seconds: seconds(1, 30 * 86_400).prefault(1_800), longest_seconds: seconds(1, 90 * 86_400).prefault(43_200) }).prefault({}),
        lockout: z.strictObject({ tries: z.int().min(3).max(1_000).prefault(10), per_source: z.int().min(3).max(100_000).prefault(50), window_seconds: seconds(1, 86_400).prefault(900), block_seconds: seconds(1, 86_400).prefault(900) }).prefault({}),
        public_url: z.string().refine((url) => origin(url) && safe(url), 'an address as https://desk.example, without path').optional(), oidc: z.array(provider(lookup)).max(20).prefault([]),
        second_factor: z.array(text).prefault([]),
        disabled_calls: z.enum(['finish', 'end']).prefault('finish'),
        audit_days: z.number().min(1).max(36_600).optional(),
      })
      .superRefine((a, ctx) => {
        if (a.oidc.length > 0 && a.public_url === undefined) ctx.addIssue({ code: 'custom', path: ['oidc'], message: 'providers send people back to an address of ours', params: { hint: 'add public_url: https://desk.example' } });
        if (new Set(a.oidc.map(({ name }) => name)).size < a.oidc.length) ctx.addIssue({ code: 'custom', path: ['oidc'], message: 'two providers have the same name' });
      })
      .prefault({})
      .transform((a): AccessConfig => ({
        oidc: a.oidc, publicUrl: a.public_url,
        behindTls: a.behind_tls, trustedProxies: a.trusted_proxies, password: { least: a.password.min_length }, sessions: { idleMs: a.sessions.idle_seconds, longestMs: a.sessions.longest_seconds },
        lockout: { tries: a.lockout.tries, perSource: a.lockout.per_source, windowMs: a.lockout.window_seconds, blockMs: a.lockout.block_seconds }, secondFactor: a.second_factor, disabledCalls: a.disabled_calls,
        auditMs: a.audit_days === undefined ? undefined : Math.round(a.audit_days * 86_400_000),
      })),
  });
