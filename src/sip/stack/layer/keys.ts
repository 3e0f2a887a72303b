import { callIdOf, cseqOf, fromTag, topVia } from '../message/read.js';
import type { SipRequest, SipResponse, Via } from '../message/types.js';
import { formatVia } from '../message/via.js';

const cookie = 'z9hG4bK';

/** RFC 3261 §17.1.3. */
export const clientKey = (branch: string, method: string): string => `${branch}|${method}`;

export function clientKeyOf(response: SipResponse): string | undefined {
  const branch = topVia(response).params.get('branch');
  return branch === undefined ? undefined : clientKey(branch, cseqOf(response).method);
}

/**
 * RFC 3261 §17.2.3, of the transaction of `method` that the request belongs to (INVITE for an ACK). Without a branch of
 * our time it is told by what RFC 2543 compares, but for the To tag, which an ACK has and its INVITE has not.
 */
export function serverKey(request: SipRequest, method: string): string {
  const via = topVia(request);
  const branch = via.params.get('branch');
  if (branch !== undefined && branch.length > cookie.length && branch.startsWith(cookie))
    return `${branch}|${via.host}|${via.port ?? ''}|${method}`;
  return `2543|${request.uri}|${fromTag(request) ?? ''}|${callIdOf(request)}|${cseqOf(request).seq}|${senderOf(via)}|${method}`;
}

/** The Via as its sender wrote it. */
function senderOf(via: Via): string {
  if (!via.params.has('received') && !via.params.has('rport')) return formatVia(via);
  const params = new Map(via.params);
  params.delete('received');
  params.delete('rport');
  return formatVia({ ...via, params });
}
