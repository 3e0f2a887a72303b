import type { PartialMessage } from '../message/errors.js';
import { topVia } from '../message/read.js';
import type { SipRequest, Via } from '../message/types.js';
import { formatVia } from '../message/via.js';
import type { Remote } from './types.js';

/**
 * Writes into the top Via where the request really came from (RFC 3261 §18.2.1, RFC 3581 §4). What the sender claimed
 * in `received` is replaced. @throws SipSyntaxError when there is no Via to read
 */
export function stampSource(request: SipRequest | PartialMessage, from: Remote): void {
  const via = topVia(request);
  const asked = via.params.has('rport');
  const differs = via.host !== from.address;
  if (!asked && !differs && !via.params.has('received')) return;
  const params = new Map(via.params);
  params.delete('received');
  if (asked || differs) params.set('received', from.address);
  if (asked) params.set('rport', String(from.port));
  request.headers.replaceFirst('Via', formatVia({ ...via, params }));
}

/** Port of a Via that names none, by its transport. */
const defaultPort = (via: Via): number => (via.transport === 'TLS' ? 5061 : 5060);

/**
 * Where the response to a request goes (§18.2.2, RFC 3581 §4): never to `maddr`, and never to a host the sender only
 * claims, so that nobody can aim our responses at others.
 */
export function responseTarget(via: Via, from: Remote): Remote {
  if (from.proto === 'tcp' || via.params.has('rport')) return from;
  return { ...from, port: via.port ?? defaultPort(via) };
}

/** Where to connect when the TCP connection of the request is gone. */
export const responseFallback = (via: Via, from: Remote): Remote => ({ ...from, port: via.port ?? defaultPort(via) });
