import { branchOf, callIdOf, cseq, need, param, serialize, values, type Header, type SipRequest, type SipResponse } from './message.js';
import type { Timers } from './client.js';
import type { Reply, Transport } from './transport.js';

export type Answer = {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: readonly Header[];
  readonly body?: string;
  readonly toTag?: string;
};
/** A request that waits for our answer. */
export type Incoming = { readonly request: SipRequest; readonly respond: (answer: Answer) => void };
export type ServerSide = {
  /** @returns the request when it is new, undefined when it was a copy and has been dealt with */
  readonly receive: (request: SipRequest, reply: Reply) => Incoming | undefined;
  readonly close: () => void;
};

const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying', 180: 'Ringing', 183: 'Session Progress', 200: 'OK', 202: 'Accepted', 404: 'Not Found', 480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist', 486: 'Busy Here', 487: 'Request Terminated', 488: 'Not Acceptable Here', 491: 'Request Pending',
  500: 'Server Internal Error', 503: 'Service Unavailable', 603: 'Decline',
};

function responseTo(request: SipRequest, answer: Answer): SipResponse {
  const to = need(request, 'To');
  const tagged = answer.toTag !== undefined && param(to, 'tag') === undefined ? `${to};tag=${answer.toTag}` : to;
  return {
    kind: 'response', status: answer.status, reason: answer.reason ?? REASONS[answer.status] ?? 'Answer', body: answer.body ?? '',
    headers: [
      ...values(request, 'Via').map((via): Header => ['Via', via]),
      ...values(request, 'Record-Route').map((route): Header => ['Record-Route', route]),
      ['From', need(request, 'From')], ['To', tagged], ['Call-ID', callIdOf(request)], ['CSeq', need(request, 'CSeq')],
      ...(answer.headers ?? []),
    ],
  };
}

/**
 * Server transactions of one phone. A copy of a request gets the last answer again; a final answer to INVITE is repeated
 * until its ACK arrives (RFC 3261 §13.3.1.4, §17.2.1), `unacknowledged` hears of it after 64·T1.
 */
export function serverSide(
  transport: Transport,
  allowed: (response: SipResponse) => boolean,
  timers: Timers,
  unacknowledged: (localTag: string) => void,
): ServerSide {
  const seen = new Map<string, { last: string | undefined; reply: Reply }>();
  const repeating = new Map<string, NodeJS.Timeout>();
  const ackKey = (message: SipRequest): string => `${callIdOf(message)}|${String(cseq(message).number)}`;

  function repeat(request: SipRequest, tag: string, data: string, reply: Reply, waitMs: number, startedAt: number): void {
    repeating.set(ackKey(request), setTimeout(() => {
      if (performance.now() - startedAt >= 64 * timers.t1Ms) {
        repeating.delete(ackKey(request));
        unacknowledged(tag);
        return;
      }
      reply(data);
      repeat(request, tag, data, reply, Math.min(waitMs * 2, timers.t2Ms), startedAt);
    }, waitMs));
  }
  return {
    receive(request, reply) {
      if (request.method === 'ACK') {
        clearTimeout(repeating.get(ackKey(request)));
        repeating.delete(ackKey(request));
        return { request, respond: () => undefined };
      }
      const id = `${branchOf(request)}|${request.method}|${callIdOf(request)}`;
      const known = seen.get(id);
      if (known !== undefined) {
        if (known.last !== undefined) known.reply(known.last);
        return undefined;
      }
      const entry: { last: string | undefined; reply: Reply } = { last: undefined, reply };
      seen.set(id, entry);
      setTimeout(() => seen.delete(id), 128 * timers.t1Ms).unref();
      return {
        request,
        respond(answer) {
          const response = responseTo(request, answer);
          const data = serialize(response);
          const put: Reply = (text) => { if (allowed(response)) reply(text); };
          entry.last = data;
          entry.reply = put;
          put(data);
          const again = answer.status >= 200 && request.method === 'INVITE' && (transport.protocol === 'UDP' || answer.status < 300);
          const tag = param(need(response, 'To'), 'tag') ?? '';
          if (again) repeat(request, tag, data, put, timers.t1Ms, performance.now());
        },
      };
    },
    close() {
      for (const timer of repeating.values()) clearTimeout(timer);
      repeating.clear();
    },
  };
}
