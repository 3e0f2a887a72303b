import { SipSyntaxError } from './errors.js';
import { isToken, parseNumber, skipSpace, trimmed } from './scan.js';
import type { CSeq } from './types.js';

/** RFC 3261 §20.16. @throws SipSyntaxError */
export function parseCSeq(text: string): CSeq {
  const start = skipSpace(text, 0);
  let end = start;
  while (end < text.length && text.charCodeAt(end) > 32) end++;
  const method = trimmed(text, end, text.length);
  if (!isToken(method)) throw new SipSyntaxError('a CSeq without method');
  return { seq: parseNumber(text.slice(start, end), 0x7fff_ffff, 'CSeq'), method };
}
