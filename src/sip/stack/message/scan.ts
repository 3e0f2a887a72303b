import { SipSyntaxError } from './errors.js';
import type { Params } from './types.js';

const tokenChars = new Uint8Array(128);
for (const c of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~") tokenChars[c.charCodeAt(0)] = 1;

export const isTokenCode = (code: number): boolean => code < 128 && tokenChars[code] === 1;

/** RFC 3261 §25.1 `token`. */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isTokenCode(text.charCodeAt(i))) return false;
  return text.length > 0;
}

const isSpace = (code: number): boolean => code === 32 || code === 9;

/** Folded lines are unfolded at the door, so white space is blanks and tabs here. */
export function skipSpace(text: string, at: number): number {
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** `text` from `start` to `end` without blanks at either side. */
export function trimmed(text: string, start: number, end: number): string {
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Index after the closing quote of the quoted string that opens at `at`. @throws SipSyntaxError when it never closes */
export function endOfQuoted(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) return i + 1;
  }
  throw new SipSyntaxError('a quoted string does not end');
}

/** A whole quoted string without its quotes and backslashes. */
export function unquote(text: string): string {
  const inner = text.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\([\s\S])/g, '$1') : inner;
}

export const quote = (text: string): string => `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;

/** Splits at commas outside quotes and angle brackets. An unclosed quote swallows the rest: whoever parses the element finds it. */
export function splitList(value: string): string[] {
  if (!value.includes(',')) return [value];
  const parts: string[] = [];
  let start = 0;
  for (let end = endOfElement(value, start); ; end = endOfElement(value, start)) {
    parts.push(trimmed(value, start, end));
    if (end >= value.length) return parts;
    start = end + 1;
  }
}

/** Index of the comma that ends the list element at `start`, or the length. */
export function endOfElement(value: string, start: number): number {
  let quoted = false;
  let angled = false;
  for (let i = start; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (quoted) {
      if (code === 92) i++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 60) angled = true;
    else if (code === 62) angled = false;
    else if (code === 44 && !angled) return i;
  }
  return value.length;
}

export const noParams: Params = new Map();

/** `*( ";" name [ "=" value ] )` from `at` to the end. @throws SipSyntaxError */
export function parseParams(text: string, at: number): Params {
  at = skipSpace(text, at);
  if (at >= text.length) return noParams;
  const params = new Map<string, string | undefined>();
  while (at < text.length) {
    if (text.charCodeAt(at) !== 59) throw new SipSyntaxError(`expected ";" at "${text.slice(at, at + 20)}"`);
    const start = skipSpace(text, at + 1);
    at = start;
    while (at < text.length && isTokenCode(text.charCodeAt(at))) at++;
    if (at === start) throw new SipSyntaxError(`a parameter without a name at "${text.slice(start, start + 20)}"`);
    const name = text.slice(start, at).toLowerCase();
    at = skipSpace(text, at);
    let value: string | undefined;
    if (text.charCodeAt(at) === 61) {
      const from = skipSpace(text, at + 1);
      at = endOfParamValue(text, from);
      value = text.slice(from, at);
      at = skipSpace(text, at);
    }
    // RFC 3261 §7.3.1 forbids a second one; SIPp's scenarios append their tag to a To that has one. The first counts, as with sofia-sip.
    if (!params.has(name)) params.set(name, value);
  }
  return params;
}

function endOfParamValue(text: string, from: number): number {
  if (text.charCodeAt(from) === 34) return endOfQuoted(text, from);
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 59 || isSpace(code)) break;
    if (code === 44 || code === 34) throw new SipSyntaxError(`a parameter value may not hold "${text.charAt(at)}"`);
  }
  return at;
}

export function formatParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** Digits only, at most `max`. @throws SipSyntaxError */
export function parseNumber(text: string, max: number, what: string): number {
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) throw new SipSyntaxError(`${what} is no number`);
    n = n * 10 + digit;
    if (n > max) throw new SipSyntaxError(`${what} is above ${max}`);
  }
  if (text.length === 0) throw new SipSyntaxError(`${what} is empty`);
  return n;
}
