import { SipSyntaxError } from './errors.js';
import { Headers } from './headers.js';
import { newTag } from './ids.js';
import { toTag, topVia } from './read.js';
import { reasonPhrase } from './reasons.js';
import { isToken } from './scan.js';
import type { SipRequest, SipResponse } from './types.js';

type Fields = Iterable<readonly [name: string, value: string]>;

export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** Whole header values, tags included. */
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
  /** 70 unless told. */
  readonly maxForwards?: number | undefined;
  /** Appended after the mandatory ones, in order. */
  readonly headers?: Fields | undefined;
  readonly body?: Buffer | string | undefined;
}

/** A request without Via: the transaction layer puts its own on top. @throws SipSyntaxError on a part that would break the message */
export function createRequest(parts: RequestParts): SipRequest {
  const { method, uri } = parts;
  if (!isToken(method)) throw new SipSyntaxError(`"${method}" is no method`);
  if (uri === '' || /[\s<>"]/.test(uri)) throw new SipSyntaxError(`"${uri}" is no Request-URI`);
  const headers = new Headers();
  headers.append('Max-Forwards', String(parts.maxForwards ?? 70));
  headers.append('From', parts.from).append('To', parts.to).append('Call-ID', parts.callId);
  headers.append('CSeq', `${parts.cseq} ${method}`);
  for (const [name, value] of parts.headers ?? []) headers.append(name, value);
  return { type: 'request', method, uri, headers, body: bodyOf(parts.body) };
}

export interface ResponseParts {
  readonly reason?: string | undefined;
  /** For To when the request has none there and the status is above 100; unless told, one that is the same for all answers of a request. */
  readonly toTag?: string | undefined;
  readonly headers?: Fields | undefined;
  readonly body?: Buffer | string | undefined;
}

const tags = new WeakMap<Headers, string>();

/**
 * RFC 3261 §8.2.6: Via, From, To, Call-ID, CSeq copied, Timestamp into 100, Record-Route into 101–299 (§12.1.1).
 * @throws SipSyntaxError on a part that would break the message
 */
export function createResponse(request: Pick<SipRequest, 'headers'>, status: number, parts: ResponseParts = {}): SipResponse {
  const from = request.headers;
  const headers = new Headers();
  const reason = parts.reason ?? reasonPhrase(status);
  if (/[\r\n]/.test(reason)) throw new SipSyntaxError('a line break in the reason phrase');
  const dialog = status > 100 && status < 300;
  for (const [name, value] of from.entries()) {
    if (name === 'Via' || name === 'From' || name === 'Call-ID' || name === 'CSeq') headers.append(name, value);
    else if (name === 'To') headers.append(name, status > 100 ? withTag(request, value, parts.toTag) : value);
    else if ((name === 'Record-Route' && dialog) || (name === 'Timestamp' && status === 100)) headers.append(name, value);
  }
  for (const [name, value] of parts.headers ?? []) headers.append(name, value);
  return { type: 'response', status, reason, headers, body: bodyOf(parts.body) };
}

/** The tag that our answers to this request carry in To: its own in a dialog, else one made at the first call. */
export function answerTag(request: Pick<SipRequest, 'headers'>): string {
  const tag = toTag(request) ?? tags.get(request.headers) ?? newTag();
  tags.set(request.headers, tag);
  return tag;
}

function withTag(request: Pick<SipRequest, 'headers'>, to: string, given: string | undefined): string {
  if (toTag(request) !== undefined) return to;
  if (given !== undefined) tags.set(request.headers, given);
  return `${to};tag=${answerTag(request)}`;
}

/** The answer to a refused message; undefined when it was no request, an ACK, or lacks what an answer must copy. */
export function rejection({ partial, status }: SipSyntaxError): SipResponse | undefined {
  if (partial?.type !== 'request' || partial.method === 'ACK') return undefined;
  const { headers } = partial;
  if (!['From', 'To', 'Call-ID', 'CSeq'].every((name) => headers.has(name))) return undefined;
  try {
    topVia(partial);
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
  return createResponse({ headers: readable(headers) }, status);
}

/** A To that cannot be read goes back as it came, without a tag of ours. */
function readable(headers: Headers): Headers {
  try {
    toTag({ headers });
    return headers;
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    const copy = headers.clone();
    copy.parsed('To', () => ({ display: undefined, uri: '', params: new Map([['tag', '']]) }));
    return copy;
  }
}

const empty = Buffer.alloc(0);
const bodyOf = (body: Buffer | string | undefined): Buffer => (body === undefined ? empty : typeof body === 'string' ? Buffer.from(body) : body);
