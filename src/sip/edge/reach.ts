import { isIP } from 'node:net';
import { locate, parseUri, SipSyntaxError, type ClientHandlers, type ClientTx, type Dialog, type Hop, type Local, type Remote, type SipRequest, type Transactions, type Uri } from '../stack/index.js';
import { Refused } from './errors.js';

/** Where a URI, or `host[:port]` as `proxy` options have it, sends a request. @throws Refused for what we have no transport for */
export function hopOf(text: string): Hop {
  const bare = text.trim().replace(/^<|>$/g, '');
  const uri = parsed(/^(?:sips?|tel):/i.test(bare) ? bare : `sip:${bare}`);
  if (uri.kind !== 'sip' || uri.host === '') throw new Refused(`invalid request-uri: ${text}`);
  const transport = (uri.params.get('transport') ?? 'udp').toLowerCase();
  if (uri.scheme === 'sips' || (transport !== 'udp' && transport !== 'tcp')) throw new Refused('requested protocol/transport not available');
  return { proto: transport, host: uri.host, port: uri.port };
}

function parsed(text: string): Uri {
  try {
    return parseUri(text);
  } catch (error) {
    if (error instanceof SipSyntaxError) throw new Refused(`invalid request-uri: ${text}`, { cause: error });
    throw error;
  }
}

/** Addresses in order of preference; at once where the hop is an address already. Rejects with TransportError for a name nobody knows. */
export function resolve(hop: Hop): readonly Remote[] | Promise<readonly Remote[]> {
  return isIP(hop.host) === 0 ? locate(hop) : [{ proto: hop.proto, address: hop.host, port: hop.port ?? 5060 }];
}

/**
 * Whether requests of a dialog go to where the peer's last message came from instead of its Contact: always on a
 * connection, on UDP when the Contact names another place (drachtio-server's rule for both directions).
 */
export function behindNat({ observed, role, remoteTarget }: Dialog): boolean {
  if (observed === undefined) return false;
  if (observed.proto === 'tcp') return true;
  try {
    const contact = parseUri(remoteTarget);
    if (contact.kind !== 'sip') return false;
    return contact.host !== observed.address || (role === 'uas' && contact.port !== undefined && contact.port !== observed.port);
  } catch (error) {
    if (error instanceof SipSyntaxError) return true;
    throw error;
  }
}

/** A request on its way, to the next address when the first cannot be reached (RFC 3263 §4.3). */
export interface Attempt {
  tx(): ClientTx;
}

export function attempt(transactions: Transactions, request: SipRequest, remotes: readonly Remote[], handlers: ClientHandlers, local?: Local): Attempt {
  const [first, ...others] = remotes;
  if (first === undefined) throw new Refused('no address to send to');
  const send = (to: Remote): ClientTx =>
    transactions.request(
      request,
      to,
      {
        ...handlers,
        onTransportError(error) {
          const next = others.shift();
          if (next === undefined) handlers.onTransportError(error);
          else tx = send(next);
        },
      },
      { local: local?.proto === to.proto ? local : undefined },
    );
  let tx = send(first);
  return { tx: () => tx };
}
