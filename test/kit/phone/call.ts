import type { Media } from '../rtp/media.js';
import type { Header, SipRequest, SipResponse } from '../sip/message.js';
import type { Direction } from '../sip/sdp.js';

export type CallState = 'calling' | 'ringing' | 'talking' | 'ended';
/** How a call ended; `status` is the final answer to INVITE, 0 where it was answered and then hung up. */
export type CallEnd = {
  readonly by: 'us' | 'them' | 'refused' | 'cancelled' | 'timeout' | 'no_ack';
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
};
export type Call = {
  readonly direction: 'out' | 'in';
  readonly callId: string;
  readonly media: Media;
  /** The INVITE as received, or as first sent. */
  readonly invite: () => SipRequest;
  readonly state: () => CallState;
  readonly end: () => CallEnd | undefined;
  /** performance.now() of what happened. */
  readonly times: { readonly invited: number; readonly rang: number | undefined; readonly answered: number | undefined; readonly ended: number | undefined };
  readonly from: { readonly user: string; readonly display: string };
  /** Of the INVITE on an incoming call, of the newest response on an outgoing one. */
  readonly header: (name: string) => string | undefined;
  readonly responses: readonly SipResponse[];
  /** Requests that came inside the dialog, in order. */
  readonly requests: readonly SipRequest[];
  /** 180 or 183 came (outgoing) or was sent (incoming). */
  readonly ringing: (ms?: number) => Promise<void>;
  /** @throws CallFailed when it ends unanswered */
  readonly answered: (ms?: number) => Promise<void>;
  readonly ended: (ms?: number) => Promise<CallEnd>;
  /** Conditions on anything above. */
  readonly until: (what: string, ms: number, test: () => boolean) => Promise<void>;
  /** Incoming: a provisional answer, 183 with SDP when `earlyMedia`. */
  readonly ring: (earlyMedia?: boolean) => void;
  readonly answer: () => void;
  readonly reject: (status: number, reason?: string) => void;
  /** Outgoing, before the answer. A 2xx that crosses it is acknowledged and ended with BYE. */
  readonly cancel: () => void;
  /** Whatever fits the state: CANCEL, 603 or BYE. */
  readonly hangUp: () => void;
  /** The status of the BYE. */
  readonly bye: () => Promise<number>;
  /** The status of the re-INVITE. */
  readonly reinvite: (direction?: Direction) => Promise<number>;
  readonly hold: () => Promise<number>;
  readonly resume: () => Promise<number>;
  /** Any request in the dialog: INFO, REFER, MESSAGE, UPDATE. */
  readonly send: (method: string, headers?: readonly Header[], body?: string) => Promise<SipResponse>;
};

export class CallFailed extends Error {
  constructor(readonly end: CallEnd) {
    super(`call ended: ${end.by} ${String(end.status)} ${end.reason}`);
    this.name = 'CallFailed';
  }
}
