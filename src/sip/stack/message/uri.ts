import { SipSyntaxError } from './errors.js';
import { formatHostPort, parseHostPort } from './host.js';
import { noParams, trimmed } from './scan.js';
import type { Params, SipUri, Uri } from './types.js';

/** RFC 3261 §19.1, RFC 3966; other schemes are taken apart at the colon only. @throws SipSyntaxError */
export function parseUri(text: string): Uri {
  const colon = text.indexOf(':');
  if (colon <= 0) throw new SipSyntaxError(`no scheme in URI "${text.slice(0, 60)}"`);
  if (/[\s<>"]/.test(text)) throw new SipSyntaxError('a blank, quote or angle bracket in a URI');
  const scheme = text.slice(0, colon).toLowerCase();
  switch (scheme) {
    case 'sip':
    case 'sips':
      return sipUri(scheme, text, colon + 1);
    case 'tel': {
      const semi = endAt(text, ';', colon + 1, text.length);
      if (semi === colon + 1) throw new SipSyntaxError('a tel: URI without number');
      return { kind: 'tel', scheme, number: text.slice(colon + 1, semi), params: uriParams(text, semi, text.length) };
    }
    default:
      if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) throw new SipSyntaxError(`"${scheme.slice(0, 20)}" is no URI scheme`);
      return { kind: 'other', scheme, rest: text.slice(colon + 1) };
  }
}

function sipUri(scheme: 'sip' | 'sips', text: string, start: number): SipUri {
  const at = text.indexOf('@', start);
  let user: string | undefined;
  let password: string | undefined;
  if (at >= 0) {
    const colon = endAt(text, ':', start, at);
    user = unescaped(text.slice(start, colon));
    if (user === '') throw new SipSyntaxError('a SIP URI with an empty user');
    if (colon < at) password = unescaped(text.slice(colon + 1, at));
  }
  const { host, port, end } = parseHostPort(text, at < 0 ? start : at + 1);
  const question = endAt(text, '?', end, text.length);
  const next = text.charCodeAt(end);
  if (end < text.length && next !== 59 && next !== 63) throw new SipSyntaxError(`"${text.slice(end, end + 20)}" after the host of a SIP URI`);
  const headers = question < text.length ? text.slice(question + 1) : undefined;
  return { kind: 'sip', scheme, user, password, host, port, params: uriParams(text, end, question), headers };
}

/** Index of `what` in [from, end), else `end`. */
function endAt(text: string, what: string, from: number, end: number): number {
  const i = text.indexOf(what, from);
  return i < 0 || i > end ? end : i;
}

function uriParams(text: string, from: number, end: number): Params {
  if (from >= end) return noParams;
  const params = new Map<string, string | undefined>();
  for (const part of text.slice(from + 1, end).split(';')) {
    const equals = part.indexOf('=');
    const name = unescaped(trimmed(part, 0, equals < 0 ? part.length : equals)).toLowerCase();
    if (name !== '') params.set(name, equals < 0 ? undefined : part.slice(equals + 1));
  }
  return params;
}

/** Escapes that are no UTF-8 stay as they are. @throws SipSyntaxError on a `%` without two hexadecimal digits */
function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  if (/%(?![0-9a-fA-F]{2})/.test(text)) throw new SipSyntaxError('"%" without two hexadecimal digits in a URI');
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // the only way left to fail: bytes that are no UTF-8
  }
}

/** RFC 3261 §25.1 `user`: unreserved and user-unreserved stay, all else is escaped. */
const escapeUser = (text: string): string =>
  /^[\w\-.!~*'()&=+$,;?/]*$/.test(text) ? text : encodeURIComponent(text).replace(/%(26|3D|2B|24|2C|3B|3F|2F)/g, decodeURIComponent);

export function formatUri(uri: Uri): string {
  if (uri.kind === 'other') return `${uri.scheme}:${uri.rest}`;
  const params = formatUriParams(uri.params);
  if (uri.kind === 'tel') return `tel:${uri.number}${params}`;
  const password = uri.password === undefined ? '' : `:${escapeUser(uri.password)}`;
  const user = uri.user === undefined ? '' : `${escapeUser(uri.user)}${password}@`;
  const headers = uri.headers === undefined ? '' : `?${uri.headers}`;
  return `${uri.scheme}:${user}${formatHostPort(uri.host, uri.port)}${params}${headers}`;
}

function formatUriParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) {
    const escaped = /^[\w\-.!~*'()[\]/:&+$]*$/.test(name) ? name : encodeURIComponent(name);
    text += value === undefined ? `;${escaped}` : `;${escaped}=${value}`;
  }
  return text;
}
