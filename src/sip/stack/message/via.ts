import { SipSyntaxError } from './errors.js';
import { formatHostPort, parseHostPort } from './host.js';
import { formatParams, isToken, parseParams, skipSpace, trimmed } from './scan.js';
import type { Via } from './types.js';

/** One Via value (RFC 3261 §20.42). @throws SipSyntaxError */
export function parseVia(text: string): Via {
  let at: number;
  if (text.startsWith('SIP/2.0/')) at = 8;
  else {
    const first = text.indexOf('/');
    const second = text.indexOf('/', first + 1);
    const version = first < 0 || second < 0 ? '' : `${trimmed(text, 0, first)}/${trimmed(text, first + 1, second)}`;
    if (version.toUpperCase() !== 'SIP/2.0') throw new SipSyntaxError('a Via that is not of SIP/2.0');
    at = second + 1;
  }
  at = skipSpace(text, at);
  const start = at;
  while (at < text.length && text.charCodeAt(at) !== 32 && text.charCodeAt(at) !== 9) at++;
  const transport = text.slice(start, at).toUpperCase();
  if (!isToken(transport)) throw new SipSyntaxError('a Via without transport');
  const { host, port, end } = parseHostPort(text, skipSpace(text, at));
  return { transport, host, port, params: parseParams(text, end) };
}

export function formatVia({ transport, host, port, params }: Via): string {
  return `SIP/2.0/${transport} ${formatHostPort(host, port)}${formatParams(params)}`;
}
