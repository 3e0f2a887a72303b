import { SipSyntaxError } from './errors.js';
import { parseNumber, skipSpace } from './scan.js';

export interface HostPort {
  readonly host: string;
  readonly port: number | undefined;
  /** Index of what follows. */
  readonly end: number;
}

const isHostCode = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || c === 46 || c === 45 || (c >= 65 && c <= 90) || c === 95;

/** `host [ ":" port ]` at `at`; blanks around the colon are allowed as in Via (RFC 3261 §25.1). @throws SipSyntaxError */
export function parseHostPort(text: string, at: number): HostPort {
  let end: number;
  let host: string;
  if (text.charCodeAt(at) === 91) {
    end = text.indexOf(']', at) + 1;
    host = text.slice(at + 1, end - 1).toLowerCase();
    if (end === 0 || !/^[0-9a-f:.]+$/.test(host) || !host.includes(':')) throw new SipSyntaxError('not an IPv6 reference');
  } else {
    end = at;
    while (end < text.length && isHostCode(text.charCodeAt(end))) end++;
    if (end === at) throw new SipSyntaxError(`no host at "${text.slice(at, at + 20)}"`);
    host = text.slice(at, end).toLowerCase();
  }
  const colon = skipSpace(text, end);
  if (text.charCodeAt(colon) !== 58) return { host, port: undefined, end };
  const start = skipSpace(text, colon + 1);
  end = start;
  while (end < text.length && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return { host, port: parseNumber(text.slice(start, end), 65_535, 'the port'), end };
}

export function formatHostPort(host: string, port: number | undefined): string {
  const bare = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? bare : `${bare}:${port}`;
}
