import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { name, number, pattern, plainSeconds, secretOf, toMs, writtenSecret, type SecretLookup } from './fields.js';
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

const hostUri = z.string().regex(/^(?:[sS][iI][pP][sS]?):(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(?::\d{1,5})?(?:;transport=(?:udp|tcp|UDP|TCP))?$/, 'sip:HOST, sip:HOST:PORT, with ;transport=tcp where wanted');
const host = z.strictObject({ uri: hostUri, priority: z.int().min(0).max(1000).prefault(1), weight: z.int().min(0).max(1000).prefault(1) });
/** One pattern of numbers that a trunk takes out, as people write it. */
export const routeForm = z.strictObject({
  pattern,
  priority: z.int().min(0).max(1000).prefault(1),
  weight: z.int().min(0).max(1000).prefault(1),
  cost: z.number().min(0).prefault(0),
  caller_id: number.optional(),
  format: z.enum(['e164', 'national', 'dialled']).prefault('e164'),
  strip: z.int().min(0).max(32).prefault(0),
  prepend: z.string().regex(/^[+*#0-9]{0,32}$/, 'digits').prefault(''),
});
export const didTargetShape = { entry: number.optional(), extension: number.optional() };
export const oneTarget = (t: { readonly entry?: string | undefined; readonly extension?: string | undefined }, ctx: z.RefinementCtx): void => {
  if ((t.entry === undefined) === (t.extension === undefined)) ctx.addIssue({ code: 'custom', message: 'a number leads to either an "entry" or an "extension"' });
};
const target = z.strictObject(didTargetShape).superRefine(oneTarget);
const health = z
  .strictObject({
    interval_seconds: plainSeconds(0, 3600).prefault(30),
    timeout_seconds: plainSeconds(0.1, 32).prefault(4),
    down_after: z.int().min(1).max(20).prefault(2),
    up_after: z.int().min(1).max(20).prefault(1),
  })
  .prefault({});
const cidr = z.string().refine((c) => parseCidr(c) !== undefined, { error: 'an address or block, as 203.0.113.10/32' });

/** A trunk as people write it, every default filled in; passwords are references. */
export const trunkForm = (lookup: SecretLookup) => {
  const password = writtenSecret(lookup, 'reference');
  const register = z.strictObject({
    username: z.string().min(1),
    auth_username: z.string().min(1).optional(),
    password,
    expires_seconds: plainSeconds(1, 86_400).prefault(3600),
    retry_seconds: plainSeconds(0.1, 3600).prefault(2),
    max_retry_seconds: plainSeconds(0.1, 86_400).prefault(60),
  });
  return z
    .strictObject({
      name,
      register: register.optional(),
      credentials: z.strictObject({ username: z.string().min(1), password }).optional(),
      peers: z.array(cidr).prefault([]),
      hosts: z.array(host).max(32).prefault([]),
      numbers: z.record(pattern, target).prefault({}),
      outbound: z.array(routeForm).max(1000).prefault([]),
      caller_id: number.optional(),
      emergency: z.boolean().prefault(false),
      max_calls: z.int().min(1).optional(),
      max_cps: z.number().min(0.01).optional(),
      health,
    })
    .superRefine((t, ctx) => {
      const needsHost = t.register ? 'register' : t.outbound.length > 0 ? 'outbound' : t.emergency ? 'emergency' : undefined;
      if (needsHost !== undefined && t.hosts.length === 0) ctx.addIssue({ code: 'custom', path: [needsHost], message: `trunk ${t.name} has "${needsHost}" but no "hosts"`, params: { code: 'config.missing', key: true } });
      if (t.hosts.length === 0 && t.peers.length === 0) ctx.addIssue({ code: 'custom', path: ['name'], message: `trunk ${t.name} has neither "hosts" nor "peers"`, params: { code: 'config.missing' } });
    });
};
export type TrunkForm = z.output<ReturnType<typeof trunkForm>>;
export type RouteForm = z.output<typeof routeForm>;

export const toRoute = ({ caller_id, ...route }: RouteForm): TrunkRoute => ({ ...route, callerId: caller_id });
export const toTarget = ({ entry, extension }: { readonly entry?: string | undefined; readonly extension?: string | undefined }): DidTarget => (entry === undefined ? { extension: extension ?? '' } : { entry });

export function toTrunk(t: TrunkForm, lookup: SecretLookup): TrunkConfig {
  const register = t.register && {
    username: t.register.username, authUsername: t.register.auth_username ?? t.register.username, password: secretOf(t.register.password, lookup),
    expiresMs: toMs(t.register.expires_seconds), retryMs: toMs(t.register.retry_seconds), maxRetryMs: toMs(t.register.max_retry_seconds),
  };
  const own = t.credentials && { username: t.credentials.username, password: secretOf(t.credentials.password, lookup) };
  return {
    name: t.name,
    register,
    credentials: own ?? (register && { username: register.authUsername, password: register.password }),
    peers: t.peers,
    hosts: t.hosts,
    numbers: Object.entries(t.numbers).map(([p, to]) => ({ pattern: p, target: toTarget(to) })),
    outbound: t.outbound.map(toRoute),
    callerId: t.caller_id,
    emergency: t.emergency,
    maxCalls: t.max_calls,
    maxCps: t.max_cps,
    health: { intervalMs: toMs(t.health.interval_seconds), timeoutMs: toMs(t.health.timeout_seconds), down: t.health.down_after, up: t.health.up_after },
  };
}

export const trunksFile = (lookup: SecretLookup) => z.strictObject({ trunks: z.array(trunkForm(lookup)).max(500).prefault([]) });
