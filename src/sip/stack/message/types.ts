type Parse<T> = (value: string) => T;

/** An ordered multimap of header fields. Names compare without case and compact forms are the long ones (`v` is Via). */
export interface Headers {
  /** The first field's whole value, unfolded; for a list header it may hold commas. */
  get(name: string): string | undefined;
  /** All values; those of list headers (Via, Route, Contact, Allow, …) split at their commas. */
  all(name: string): string[];
  has(name: string): boolean;
  /** How many fields of that name there are, elements of a list uncounted. */
  count(name: string): number;
  /** Replaces every field of that name, in the place of the first. @throws SipSyntaxError when a value holds a line break, as the next three */
  set(name: string, value: string | number | readonly string[]): this;
  /** Before the first of that name; at the top if there is none. */
  prepend(name: string, value: string): this;
  append(name: string, value: string): this;
  /** Puts `value` in the place of the first value (of a list header: the first element). */
  replaceFirst(name: string, value: string): this;
  /** Takes away the first value (of a list header: the first element) and answers it. */
  removeFirst(name: string): string | undefined;
  /** @returns whether there was one */
  remove(name: string): boolean;
  /** Fields in order as [name in its usual spelling, value]. */
  entries(): IterableIterator<readonly [name: string, value: string]>;
  /** The fields as they go on the wire, each with its line end, but for Content-Length, which `serialize` writes. */
  text(): string;
  readonly size: number;
  clone(): Headers;
  /** The first value put through `parse`, remembered until the header changes. Use one `parse` for a name. */
  parsed<T>(name: string, parse: Parse<T>): T | undefined;
}

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
