import { createRequest } from '../message/create.js';
import { SipSyntaxError } from '../message/errors.js';
import { parseNameAddr } from '../message/name-addr.js';
import { cseqOf } from '../message/read.js';
import type { SipRequest, SipUri } from '../message/types.js';
import { formatUri, parseUri } from '../message/uri.js';
import type { Hop } from '../transport/hop.js';
import type { Remote } from '../transport/types.js';
import type { Dialog } from './types.js';

export interface InDialogParts {
  readonly method: string;
  readonly headers?: Iterable<readonly [name: string, value: string]> | undefined;
  readonly body?: Buffer | string | undefined;
  /** Our Contact value; due in INVITE, UPDATE, SUBSCRIBE, REFER, NOTIFY. */
  readonly contact?: string | undefined;
  readonly maxForwards?: number | undefined;
}

/** RFC 3261 §12.2.1.1; no Via. Use the answered dialog from then on: its CSeq has moved. */
export function inDialogRequest(dialog: Dialog, parts: InDialogParts): { readonly dialog: Dialog; readonly request: SipRequest } {
  const localSeq = dialog.localSeq + 1;
  return { dialog: { ...dialog, localSeq }, request: build(dialog, parts, localSeq) };
}

/** ACK of a 2xx (§13.2.2.4): the CSeq number and the credentials of that INVITE. */
export function ackFor2xx(dialog: Dialog, invite: SipRequest, parts: Omit<InDialogParts, 'method' | 'contact'> = {}): SipRequest {
  const credentials = ['Authorization', 'Proxy-Authorization'].flatMap((name) => invite.headers.all(name).map((value) => [name, value] as const));
  const headers = [...credentials, ...(parts.headers ?? [])];
  return build(dialog, { ...parts, method: 'ACK', headers }, cseqOf(invite).seq);
}

function build(dialog: Dialog, parts: InDialogParts, cseq: number): SipRequest {
  const { uri, routes } = path(dialog);
  return createRequest({
    method: parts.method,
    uri,
    from: tagged(dialog.local, dialog.localTag),
    to: tagged(dialog.remote, dialog.remoteTag),
    callId: dialog.callId,
    cseq,
    maxForwards: parts.maxForwards,
    headers: [
      ...routes.map((route) => ['Route', route] as const),
      ...(parts.contact === undefined ? [] : [['Contact', parts.contact] as const]),
      ...(parts.headers ?? []),
    ],
    body: parts.body,
  });
}

const tagged = (value: string, tag: string): string => (tag === '' ? value : `${value};tag=${tag}`);

/** Past loose routers the target is the Request-URI; a strict one wants to find itself there, and the target last. */
function path({ routeSet, remoteTarget }: Dialog): { readonly uri: string; readonly routes: readonly string[] } {
  const [first, ...others] = routeSet;
  if (first === undefined || isLoose(first)) return { uri: requestUri(remoteTarget), routes: routeSet };
  return { uri: requestUri(parseNameAddr(first).uri), routes: [...others, `<${remoteTarget}>`] };
}

function isLoose(route: string): boolean {
  const uri = parseUri(parseNameAddr(route).uri);
  return uri.kind === 'sip' && uri.params.has('lr');
}

/** §19.1.1, table 1: neither headers nor a method parameter may stand in a Request-URI. */
function requestUri(text: string): string {
  const uri = parseUri(text);
  if (uri.kind !== 'sip' || (uri.headers === undefined && !uri.params.has('method'))) return text;
  const params = new Map(uri.params);
  params.delete('method');
  return formatUri({ ...uri, params, headers: undefined });
}

/**
 * §8.1.2: a loose router in the first Route, else the Request-URI; `maddr` is not followed. With `observed`, where the
 * peer's messages really come from, a request that goes straight to the peer goes there instead when the peer's Contact
 * names another host, as behind NAT (RFC 3581 in spirit), and always on the connection of a peer that came by TCP.
 * @throws SipSyntaxError (416) when that is no sip: URI, or asks for a transport we do not have
 */
export function nextHop(request: SipRequest, { observed }: { readonly observed?: Remote | undefined } = {}): Hop {
  const route = request.headers.parsed('Route', parseNameAddr);
  const loose = route && parseUri(route.uri);
  if (loose?.kind === 'sip' && loose.params.has('lr')) return hopTo(loose);
  const uri = parseUri(request.uri);
  if (observed && (uri.kind !== 'sip' || observed.proto === 'tcp' || uri.host !== observed.address))
    return { proto: observed.proto, host: observed.address, port: observed.port };
  if (uri.kind !== 'sip') throw new SipSyntaxError(`no way to a ${uri.scheme}: URI`, { status: 416, hint: 'route it to a sip: URI' });
  return hopTo(uri);
}

function hopTo({ scheme, host, port, params }: SipUri): Hop {
  const proto = params.get('transport')?.toLowerCase() ?? 'udp';
  if (scheme === 'sips' || (proto !== 'udp' && proto !== 'tcp'))
    throw new SipSyntaxError(`no transport for ${scheme}: with ${proto}`, { status: 416, hint: 'this server speaks SIP over UDP and TCP' });
  return { proto, host, port };
}
