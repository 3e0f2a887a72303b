import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { name, number, pattern, seconds, secret, type SecretLookup } from './fields.js';
import { parseCidr } from './cidr.js';
import type { Secret } from './secret.js';

export interface TrunkCredentials {
  readonly username: string;
  readonly password: Secret;
}
export interface TrunkHost {
  /** sip:HOST[:PORT][;transport=udp|tcp] */
  readonly uri: string;
  /** Lower is tried first; among equals, by weight. */
  readonly priority: number;
  readonly weight: number;
}
export interface TrunkRoute {
  readonly pattern: string;
  readonly priority: number;
  readonly weight: number;
  readonly cost: number;
  readonly callerId: string | undefined;
  /** How the number is written to the carrier: +E.164, national with trunk prefix, or as it was dialled. */
  readonly format: 'e164' | 'national' | 'dialled';
  /** Cut from the front of the number so written, then put in front of it. */
  readonly strip: number;
  readonly prepend: string;
}
export type DidTarget = { readonly entry: string } | { readonly extension: string };
export interface TrunkHealth {
  /** Between two OPTIONS to one host; 0: never asked, always taken as up. */
  readonly intervalMs: Ms;
  readonly timeoutMs: Ms;
  /** Failures in a row that take a host down, answers in a row that bring it back. */
  readonly down: number;
  readonly up: number;
}
export interface TrunkConfig {
  readonly name: string;
  readonly register: (TrunkCredentials & { readonly authUsername: string; readonly expiresMs: Ms; readonly retryMs: Ms; readonly maxRetryMs: Ms }) | undefined;
  /** For INVITEs the carrier challenges; a registering trunk uses the same. */
  readonly credentials: TrunkCredentials | undefined;
  /** Address blocks whose calls are this trunk's. */
  readonly peers: readonly string[];
  readonly hosts: readonly TrunkHost[];
  readonly numbers: readonly { readonly pattern: string; readonly target: DidTarget }[];
  readonly outbound: readonly TrunkRoute[];
  readonly callerId: string | undefined;
  /** Takes emergency calls even where no outbound pattern matches them. */
  readonly emergency: boolean;
  /** undefined: no limit. Emergency calls are never held up by either. */
  readonly maxCalls: number | undefined;
  readonly maxCps: number | undefined;
  readonly health: TrunkHealth;
}

const hostUri = z.string().regex(/^sips?:(?:\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9.-]*)(?::\d{1,5})?(?:;transport=(?:udp|tcp))?$/i, 'sip:HOST, sip:HOST:PORT, with ;transport=tcp where wanted');
const host = z.strictObject({ uri: hostUri, priority: z.int().min(0).max(1000).prefault(1), weight: z.int().min(0).max(1000).prefault(1) });
const route = z
  .strictObject({
    pattern,
    priority: z.int().min(0).max(1000).prefault(1),
    weight: z.int().min(0).max(1000).prefault(1),
    cost: z.number().min(0).prefault(0),
    caller_id: number.optional(),
    format: z.enum(['e164', 'national', 'dialled']).prefault('e164'),
    strip: z.int().min(0).max(32).prefault(0),
    prepend: z.string().regex(/^[+*#0-9]{0,32}$/, 'digits').prefault(''),
  })
  .transform(({ caller_id, ...r }): TrunkRoute => ({ ...r, callerId: caller_id }));
const target = z.strictObject({ entry: number.optional(), extension: number.optional() }).transform((t, ctx): DidTarget => {
  if (t.entry !== undefined && t.extension === undefined) return { entry: t.entry };
  if (t.extension !== undefined && t.entry === undefined) return { extension: t.extension };
  ctx.addIssue({ code: 'custom', message: 'a number leads to either an "entry" or an "extension"' });
  return z.NEVER;
});
const health = z
  .strictObject({
    interval_seconds: seconds(0, 3600).prefault(30),
    timeout_seconds: seconds(0.1, 32).prefault(4),
    down_after: z.int().min(1).max(20).prefault(2),
    up_after: z.int().min(1).max(20).prefault(1),
  })
  .prefault({})
  .transform((h): TrunkHealth => ({ intervalMs: h.interval_seconds, timeoutMs: h.timeout_seconds, down: h.down_after, up: h.up_after }));

export const trunksFile = (lookup: SecretLookup) => {
  const password = secret(lookup, 'reference');
  const register = z
    .strictObject({
      username: z.string().min(1),
      auth_username: z.string().min(1).optional(),
      password,
      expires_seconds: seconds(1, 86_400).prefault(3600),
      retry_seconds: seconds(0.1, 3600).prefault(2),
      max_retry_seconds: seconds(0.1, 86_400).prefault(60),
    })
    .transform((r) => ({ username: r.username, authUsername: r.auth_username ?? r.username, password: r.password, expiresMs: r.expires_seconds, retryMs: r.retry_seconds, maxRetryMs: r.max_retry_seconds }));
  const cidr = z.string().refine((c) => parseCidr(c) !== undefined, { error: 'an address or block, as 203.0.113.10/32' });
  const trunk = z
    .strictObject({
      name,
      register: register.optional(),
      credentials: z.strictObject({ username: z.string().min(1), password }).optional(),
      peers: z.array(cidr).prefault([]),
      hosts: z.array(host).max(32).prefault([]),
      numbers: z.record(pattern, target).prefault({}),
      outbound: z.array(route).max(1000).prefault([]),
      caller_id: number.optional(),
      emergency: z.boolean().prefault(false),
      max_calls: z.int().min(1).optional(),
      max_cps: z.number().min(0.01).optional(),
      health,
    })
    .transform((t, ctx): TrunkConfig => {
      const needsHost = t.register ? 'register' : t.outbound.length > 0 ? 'outbound' : t.emergency ? 'emergency' : undefined;
      if (needsHost !== undefined && t.hosts.length === 0) ctx.addIssue({ code: 'custom', path: [needsHost], message: `trunk ${t.name} has "${needsHost}" but no "hosts"`, params: { code: 'config.missing', key: true } });
      if (t.hosts.length === 0 && t.peers.length === 0) ctx.addIssue({ code: 'custom', path: ['name'], message: `trunk ${t.name} has neither "hosts" nor "peers"`, params: { code: 'config.missing' } });
      const registered = t.register && { username: t.register.authUsername, password: t.register.password };
      return {
        name: t.name,
        register: t.register,
        credentials: t.credentials ?? registered,
        peers: t.peers,
        hosts: t.hosts,
        numbers: Object.entries(t.numbers).map(([p, to]) => ({ pattern: p, target: to })),
        outbound: t.outbound,
        callerId: t.caller_id,
        emergency: t.emergency,
        maxCalls: t.max_calls,
        maxCps: t.max_cps,
        health: t.health,
      };
    });
  return z.strictObject({ trunks: z.array(trunk).max(500).prefault([]) });
};
