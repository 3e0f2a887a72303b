import { createRequest } from '../message/create.js';
import { SipSyntaxError } from '../message/errors.js';
import { callIdOf, cseqOf } from '../message/read.js';
import type { SipRequest, SipResponse } from '../message/types.js';
import { formatHostPort } from '../message/host.js';
import { TransportError } from '../transport/errors.js';
import type { Local, Remote, Transport } from '../transport/types.js';

type Fields = Iterable<readonly [name: string, value: string]>;

/** A copy with our Via on top (RFC 3261 §18.1.1), asking for rport (RFC 3581 §3). */
export function withVia(request: SipRequest, transport: Transport, to: Remote, local: Local | undefined, branch: string): SipRequest {
  const headers = request.headers.clone();
  headers.prepend('Via', `SIP/2.0/${to.proto.toUpperCase()} ${sentBy(transport, to, local)};branch=${branch};rport`);
  return { ...request, headers };
}

function sentBy(transport: Transport, to: Remote, local: Local | undefined): string {
  try {
    const { host, port } = transport.sentBy(to, local);
    return formatHostPort(host, port);
  } catch (error) {
    // Sending will fail for the same reason, and reports it where failures to send are reported.
    if (error instanceof TransportError) return 'unreachable.invalid';
    throw error;
  }
}

function mandatory(headers: SipRequest['headers'], name: string): string {
  const value = headers.get(name);
  if (value === undefined) throw new SipSyntaxError(`no ${name}`);
  return value;
}

/** What ACK and CANCEL of a request share: its top Via, Request-URI, From, Call-ID, CSeq number and Route. */
function hopByHop(invite: SipRequest, method: string, to: string, more: Fields = []): SipRequest {
  const { headers } = invite;
  const via = headers.clone().removeFirst('Via') ?? mandatory(headers, 'Via');
  const request = createRequest({
    method,
    uri: invite.uri,
    from: mandatory(headers, 'From'),
    to,
    callId: callIdOf(invite),
    cseq: cseqOf(invite).seq,
    headers: [...headers.all('Route').map((route) => ['Route', route] as const), ...more],
  });
  request.headers.prepend('Via', via);
  return request;
}

/** §17.1.1.3 */
export const ackOf = (invite: SipRequest, response: SipResponse): SipRequest => hopByHop(invite, 'ACK', mandatory(response.headers, 'To'));

/** §9.1 */
export const cancelOf = (invite: SipRequest, headers?: Fields): SipRequest => hopByHop(invite, 'CANCEL', mandatory(invite.headers, 'To'), headers);
