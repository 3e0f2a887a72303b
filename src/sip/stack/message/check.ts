import { SipSyntaxError } from './errors.js';
import type { Headers } from './headers.js';
import { parseNameAddr } from './name-addr.js';
import { callIdOf, contactOf, cseqOf, fromOf, topVia, toOf } from './read.js';
import { parseNumber, splitList } from './scan.js';
import type { SipMessage } from './types.js';
import { parseUri } from './uri.js';
import { parseVia } from './via.js';

const once = ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards'];

/**
 * What every later layer takes for granted: the mandatory headers are there once and read well (RFC 3261 §8.1.1), CSeq
 * names the method, addresses are addresses. @throws SipSyntaxError, to be answered 400 (RFC 4475)
 */
export function checkMessage(message: SipMessage): void {
  const { headers } = message;
  for (const name of once) if (headers.count(name) > 1) throw new SipSyntaxError(`more than one ${name}`);
  topVia(message);
  const { method } = cseqOf(message);
  if (callIdOf(message) === '') throw new SipSyntaxError('an empty Call-ID');
  checkAddress(fromOf(message).uri);
  checkAddress(toOf(message).uri);
  checkElements(headers, 'Via', parseVia);
  if (headers.has('Contact')) checkContacts(message);
  checkElements(headers, 'Route', parseNameAddr);
  checkElements(headers, 'Record-Route', parseNameAddr);
  checkNumber(headers, 'Max-Forwards', 255);
  checkNumber(headers, 'Expires', 0xffff_ffff);
  if (message.type === 'response') return;
  if (method !== message.method) throw new SipSyntaxError(`CSeq of ${method} in a ${message.method}`);
  const uri = checkAddress(message.uri);
  if (uri?.kind === 'sip' && uri.headers !== undefined) throw new SipSyntaxError('headers in the Request-URI');
}

/** Only URIs that we are to understand are taken apart; an unknown scheme is answered 416 further up. */
function checkAddress(uri: string): ReturnType<typeof parseUri> | undefined {
  return /^(?:sips?|tel):/i.test(uri) ? parseUri(uri) : undefined;
}

function checkContacts(message: SipMessage): void {
  const first = contactOf(message);
  if (first) {
    checkAddress(first.uri);
    checkElements(message.headers, 'Contact', parseNameAddr);
  } else if (message.headers.all('Contact').length > 1) throw new SipSyntaxError('a Contact beside "*"');
}

/** Each element that `parsed` has not read yet. */
function checkElements(headers: Headers, name: string, parse: (value: string) => unknown): void {
  const lines = headers.count(name);
  if (lines === 0) return;
  if (lines > 1) for (const value of headers.all(name)) parse(value);
  else {
    const value = headers.get(name) ?? '';
    if (value.includes(',')) for (const element of splitList(value)) parse(element);
    else headers.parsed(name, parse);
  }
}

function checkNumber(headers: Headers, name: string, max: number): void {
  const value = headers.get(name);
  if (value !== undefined) parseNumber(value, max, name);
}
