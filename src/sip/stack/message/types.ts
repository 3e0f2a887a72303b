import type { Headers } from './headers.js';

/** A request as it stands on the wire. `uri` is the Request-URI in text; see `parseUri`. */
export interface SipRequest {
  readonly type: 'request';
  /** Case-sensitive (RFC 3261 §7.1); may be one we do not know. */
  readonly method: string;
  readonly uri: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface SipResponse {
  readonly type: 'response';
  /** 100–699 */
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

export type SipMessage = SipRequest | SipResponse;

/** Parameters in order, names in lower case; `undefined` for a flag such as `lr`, quotes kept on a quoted value. */
export type Params = ReadonlyMap<string, string | undefined>;

export interface SipUri {
  readonly kind: 'sip';
  readonly scheme: 'sip' | 'sips';
  /** Escapes resolved; `formatUri` escapes again. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Lower case; an IPv6 address stands without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
  /** What follows `?`, untouched. */
  readonly headers: string | undefined;
}
export interface TelUri {
  readonly kind: 'tel';
  readonly scheme: 'tel';
  readonly number: string;
  readonly params: Params;
}
export interface OtherUri {
  readonly kind: 'other';
  readonly scheme: string;
  /** What follows the colon. */
  readonly rest: string;
}
export type Uri = SipUri | TelUri | OtherUri;

/** The value of From, To, Contact, Route, Record-Route, Refer-To, … */
export interface NameAddr {
  /** Unquoted, escapes resolved. */
  readonly display: string | undefined;
  /** In text; see `parseUri`. */
  readonly uri: string;
  /** Header parameters (`tag`, `expires`, …), not those of the URI. */
  readonly params: Params;
}

export interface Via {
  /** Upper case: UDP, TCP, TLS, WS, … */
  readonly transport: string;
  /** Lower case; an IPv6 address stands without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** branch, received, rport, maddr, … */
  readonly params: Params;
}

export interface CSeq {
  /** 0 … 2^31 − 1 */
  readonly seq: number;
  readonly method: string;
}
