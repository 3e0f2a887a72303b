import { SipSyntaxError } from './errors.js';
import { endOfQuoted, formatParams, parseParams, quote, skipSpace, trimmed, unquote } from './scan.js';
import type { NameAddr } from './types.js';

/** RFC 3261 §20.10, §25.1 `name-addr` or `addr-spec`, then parameters. @throws SipSyntaxError */
export function parseNameAddr(text: string): NameAddr {
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) === 34) {
    const end = endOfQuoted(text, start);
    const open = skipSpace(text, end);
    if (text.charCodeAt(open) !== 60) throw new SipSyntaxError('a display name without an address');
    return inAngles(text, open, unquote(text.slice(start, end)));
  }
  const open = text.indexOf('<', start);
  if (open < 0) return bare(text, start);
  const display = trimmed(text, start, open);
  // Real phones send unquoted UTF-8 here; only what would make the value ambiguous is refused.
  if (/[",;:@>\\]/.test(display)) throw new SipSyntaxError(`display name ${display.slice(0, 40)} needs quotes`);
  return inAngles(text, open, display === '' ? undefined : display);
}

function inAngles(text: string, open: number, display: string | undefined): NameAddr {
  const close = text.indexOf('>', open);
  if (close < 0) throw new SipSyntaxError('"<" without ">"');
  return { display, uri: addrSpec(text.slice(open + 1, close)), params: parseParams(text, close + 1) };
}

/** Without angle brackets all parameters belong to the header, and `?` and `,` are not allowed. */
function bare(text: string, start: number): NameAddr {
  const semi = text.indexOf(';', start);
  const uri = trimmed(text, start, semi < 0 ? text.length : semi);
  if (/[?,]/.test(uri)) throw new SipSyntaxError('an address with "?" or "," needs angle brackets');
  return { display: undefined, uri: addrSpec(uri), params: parseParams(text, semi < 0 ? text.length : semi) };
}

function addrSpec(uri: string): string {
  if (uri.indexOf(':') <= 0) throw new SipSyntaxError(`"${uri.slice(0, 60)}" is no URI`);
  if (/[\s<>"]/.test(uri)) throw new SipSyntaxError('a blank, quote or angle bracket in a URI');
  return uri;
}

/** Always with angle brackets. */
export function formatNameAddr({ display, uri, params }: NameAddr): string {
  return `${display === undefined ? '' : `${quote(display)} `}<${uri}>${formatParams(params)}`;
}
