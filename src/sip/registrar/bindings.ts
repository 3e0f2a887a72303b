import type { Ms } from '../../base/index.js';
import type { RegistrationTable } from '../../store/index.js';
import type { ContactAsk } from './contacts.js';

/** Where a phone was seen: behind a NAT that is not what its Contact says (RFC 3581). */
export interface Source {
  readonly proto: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';
  readonly address: string;
  readonly port: number;
}
/** A phone that can be rung: the URI it gave, and the source its REGISTER came from. */
export interface Binding extends Source {
  readonly uri: string;
  readonly callId: string;
  readonly cseq: number;
  readonly q: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly updatedAt: number;
  readonly userAgent: string | undefined;
  readonly instance: string | undefined;
}
export interface RegisterAsk {
  readonly contacts: readonly ContactAsk[] | '*';
  readonly callId: string;
  readonly cseq: number;
  readonly source: Source;
  readonly userAgent: string | undefined;
}
export interface Change {
  readonly bindings: readonly Binding[];
  readonly added: readonly Binding[];
  readonly removed: readonly { readonly binding: Binding; readonly why: 'asked' | 'replaced' }[];
}
export type Registered = { readonly ok: true; readonly change: Change } | { readonly ok: false; readonly why: 'stale_cseq' | 'too_many' };

/**
 * What a REGISTER makes of the bindings there are (RFC 3261 §10.3 step 7), all or nothing. A phone that comes back with
 * the same instance replaces its old self, so that one that moved does not ring in two places.
 */
export function register(before: readonly Binding[], ask: RegisterAsk, now: number, maxContacts: number): Registered {
  const named = (b: Binding): boolean => ask.contacts === '*' || ask.contacts.some((c) => sameContact(c, b));
  if (before.some((b) => named(b) && b.callId === ask.callId && ask.cseq < b.cseq)) return { ok: false, why: 'stale_cseq' };
  if (ask.contacts === '*') return { ok: true, change: { bindings: [], added: [], removed: before.map((binding) => ({ binding, why: 'asked' })) } };
  const wanted = ask.contacts.filter((c) => c.expiresMs > 0);
  const added = wanted.map((c): Binding => ({
    ...ask.source, uri: c.uri, callId: ask.callId, cseq: ask.cseq, q: c.q, expiresAt: now + c.expiresMs, updatedAt: now, userAgent: ask.userAgent, instance: c.instance,
  }));
  const kept = before.filter((b) => !named(b));
  if (kept.length + added.length > maxContacts) return { ok: false, why: 'too_many' };
  const removed = before.filter(named).flatMap((binding) => {
    if (added.some((a) => a.uri === binding.uri)) return [];
    return [{ binding, why: added.some((a) => a.instance !== undefined && a.instance === binding.instance) ? ('replaced' as const) : ('asked' as const) }];
  });
  return { ok: true, change: { bindings: newestFirst([...kept, ...added]), added, removed } };
}

const sameContact = (c: ContactAsk, b: Binding): boolean => c.uri === b.uri || (c.instance !== undefined && c.instance === b.instance);

/** By preference of the phone, then by who was heard from last. */
export const newestFirst = (bindings: readonly Binding[]): Binding[] => [...bindings].sort((a, b) => b.q - a.q || b.updatedAt - a.updatedAt);

export const toRow = (aor: string, b: Binding): RegistrationTable => ({
  aor, contact: b.uri, received_proto: b.proto, received_address: b.address, received_port: b.port, call_id: b.callId, cseq: b.cseq, q: b.q, expires_at: b.expiresAt,
  user_agent: b.userAgent ?? null, instance: b.instance ?? null, updated_at: b.updatedAt,
});
export const fromRow = (row: RegistrationTable): Binding => ({
  proto: row.received_proto, address: row.received_address, port: row.received_port, uri: row.contact, callId: row.call_id, cseq: row.cseq, q: row.q, expiresAt: row.expires_at,
  updatedAt: row.updated_at, userAgent: row.user_agent ?? undefined, instance: row.instance ?? undefined,
});

export const remainingMs = (b: Binding, now: number): Ms => Math.max(0, b.expiresAt - now);
