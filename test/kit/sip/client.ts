import { branchOf, callIdOf, cseq, header, need, type SipRequest, type SipResponse } from './message.js';
import type { Transport } from './transport.js';

/** RFC 3261 §17.1 base timer; tests may shorten it. */
export type Timers = { readonly t1Ms: number; readonly t2Ms: number };
export type Exchange = {
  /** Every response, 2xx retransmissions included; a 408 made here when nobody answered (`local` is then true). */
  readonly onResponse: (response: SipResponse, local: boolean) => void;
};
export type ClientSide = {
  readonly send: (request: SipRequest, exchange: Exchange) => void;
  /** Once, without transaction: ACK to a 2xx. */
  readonly sendOnce: (request: SipRequest) => void;
  readonly receive: (response: SipResponse) => boolean;
  readonly close: () => void;
};
type Pending = { exchange: Exchange; request: SipRequest; timer: NodeJS.Timeout | undefined; state: 'calling' | 'proceeding' | 'completed' };

const key = (branch: string, method: string): string => `${branch}|${method}`;

/** The ACK of a non-2xx belongs to the transaction: same branch, RFC 3261 §17.1.1.3. */
function ackOf(request: SipRequest, response: SipResponse): SipRequest {
  const keep = request.headers.filter(([n]) => /^(via|max-forwards|from|call-id|route)$/i.test(n));
  return {
    kind: 'request', method: 'ACK', uri: request.uri, body: '',
    headers: [...keep, ['To', need(response, 'To')], ['CSeq', `${cseq(request).number} ACK`]],
  };
}

/** Client transactions of one phone: retransmission on UDP, time-out after 64·T1, ACK of refusals. */
export function clientSide(protocol: Transport['protocol'], put: (request: SipRequest) => void, timers: Timers): ClientSide {
  const pending = new Map<string, Pending>();

  function arm(entry: Pending, waitMs: number, startedAt: number): void {
    entry.timer = setTimeout(() => {
      if (performance.now() - startedAt >= 64 * timers.t1Ms) return giveUp(entry);
      const invite = entry.request.method === 'INVITE';
      if (protocol === 'UDP' && !(invite && entry.state === 'proceeding')) put(entry.request);
      arm(entry, invite ? waitMs * 2 : Math.min(waitMs * 2, timers.t2Ms), startedAt);
    }, waitMs);
  }
  function giveUp(entry: Pending): void {
    // A ringing phone may ring for minutes: only silence or an unanswered non-INVITE ends by itself.
    if (entry.request.method === 'INVITE' && entry.state === 'proceeding') return;
    pending.delete(key(branchOf(entry.request), entry.request.method));
    const headers = entry.request.headers.filter(([n]) => /^(via|from|to|call-id|cseq)$/i.test(n));
    entry.exchange.onResponse({ kind: 'response', status: 408, reason: 'Request Timeout', headers, body: '' }, true);
  }
  return {
    send(request, exchange) {
      const entry: Pending = { exchange, request, timer: undefined, state: 'calling' };
      pending.set(key(branchOf(request), request.method), entry);
      put(request);
      arm(entry, timers.t1Ms, performance.now());
    },
    sendOnce: put,
    receive(response) {
      const method = cseq(response).method;
      const entry = pending.get(key(branchOf(response), method));
      if (entry === undefined || header(response, 'Call-ID') !== callIdOf(entry.request)) return false;
      if (response.status < 200) {
        entry.state = 'proceeding';
        if (method === 'INVITE') clearTimeout(entry.timer);
        entry.exchange.onResponse(response, false);
        return true;
      }
      clearTimeout(entry.timer);
      if (method === 'INVITE' && response.status >= 300) put(ackOf(entry.request, response));
      const again = entry.state === 'completed';
      entry.state = 'completed';
      // Copies of a 2xx to INVITE each want their ACK; copies of anything else are absorbed here.
      if (!again || (method === 'INVITE' && response.status < 300)) entry.exchange.onResponse(response, false);
      if (!again) setTimeout(() => pending.delete(key(branchOf(entry.request), method)), 64 * timers.t1Ms).unref();
      return true;
    },
    close() {
      for (const entry of pending.values()) clearTimeout(entry.timer);
      pending.clear();
    },
  };
}
