import type { Ms } from '../../base/index.js';
import { contactOf, parseUri, SipSyntaxError, type Remote, type SipRequest, type SipResponse } from '../stack/index.js';

/**
 * Connections of phones that registered or subscribed over TCP: a later request to that Contact goes back on the
 * connection it came from, because nobody can connect to a phone behind NAT.
 */
export interface Bindings {
  /** After a 2xx to REGISTER or SUBSCRIBE has gone out. */
  learn(request: SipRequest, answer: SipResponse, from: Remote, now: Ms): void;
  find(uri: string, now: Ms): Remote | undefined;
  /** The connection is gone. */
  forget(remote: Remote): void;
  size(): number;
}

const MAX_BINDINGS = 50_000;

export function createBindings(): Bindings {
  const bound = new Map<string, { readonly remote: Remote; readonly until: Ms }>();
  return {
    learn(request, answer, from, now) {
      const contact = contactOf(request)?.uri;
      const key = contact === undefined ? undefined : keyFor(contact);
      if (from.proto !== 'tcp' || key === undefined) return;
      bound.delete(key);
      const seconds = lifetime(request, answer);
      if (seconds <= 0) return;
      bound.set(key, { remote: from, until: now + seconds * 1000 });
      const [oldest] = bound.keys();
      if (bound.size > MAX_BINDINGS && oldest !== undefined) bound.delete(oldest);
    },
    find(uri, now) {
      if (bound.size === 0) return undefined;
      const key = keyFor(uri);
      const found = key === undefined ? undefined : bound.get(key);
      return found !== undefined && found.until > now ? found.remote : undefined;
    },
    forget(remote) {
      for (const [key, { remote: one }] of bound) if (one.port === remote.port && one.address === remote.address) bound.delete(key);
    },
    size: () => bound.size,
  };
}

/** Seconds; what the answer grants: expires of its Contact, else its Expires. */
function lifetime(request: SipRequest, answer: SipResponse): number {
  const contact = request.method === 'REGISTER' ? contactOf(answer)?.params.get('expires') : undefined;
  const seconds = Number(contact ?? answer.headers.get('Expires') ?? 0);
  return Number.isFinite(seconds) ? seconds : 0;
}

function keyFor(uri: string): string | undefined {
  try {
    const parsed = parseUri(uri);
    return parsed.kind === 'sip' ? `${parsed.user ?? ''}@${parsed.host}:${parsed.port ?? ''}` : undefined;
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}
