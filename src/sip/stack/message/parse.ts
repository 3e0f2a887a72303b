import { checkMessage } from './check.js';
import { SipSyntaxError, type PartialMessage } from './errors.js';
import { Headers } from './headers.js';
import { maxHeaderLines, maxLineChars, maxMessageBytes } from './limits.js';
import { headerName } from './names.js';
import { isToken, parseNumber, trimmed } from './scan.js';
import { parseStartLine, type StartLine } from './start-line.js';
import type { SipMessage } from './types.js';

/** Start line and headers of a message whose body is still to come. */
export interface Head {
  readonly start: StartLine;
  readonly headers: Headers;
  readonly partial: PartialMessage;
  /** undefined when the message has no Content-Length. */
  readonly contentLength: number | undefined;
}

/**
 * One datagram. Line ends before the start line are skipped (RFC 3261 §7.5), bytes after Content-Length dropped (§18.3).
 * @throws SipSyntaxError with status 400, 505 or 513 and, where the sender can be answered, `partial`
 */
export function parseMessage(data: Buffer): SipMessage {
  let from = 0;
  while (data[from] === 13 || data[from] === 10) from++;
  const end = data.indexOf('\r\n\r\n', from);
  const head = parseHead(data.toString('utf8', from, Math.min(end < 0 ? data.length : end, from + maxMessageBytes)));
  const { partial } = head;
  if (data.length - from > maxMessageBytes) throw new SipSyntaxError(`a message of ${data.length} bytes`, { status: 513, partial });
  if (end < 0) throw new SipSyntaxError('no empty line after the headers', { partial });
  const body = data.subarray(end + 4);
  if (head.contentLength === undefined) return complete(head, body);
  if (head.contentLength > body.length)
    throw new SipSyntaxError(`Content-Length ${head.contentLength}, but ${body.length} bytes of body`, { partial });
  return complete(head, body.subarray(0, head.contentLength));
}

/** @throws SipSyntaxError when the message says something that RFC 3261 does not let it say */
export function complete({ start, headers, partial }: Head, body: Buffer): SipMessage {
  const message: SipMessage = { ...start, headers, body };
  try {
    checkMessage(message);
  } catch (error) {
    throw located(error, partial);
  }
  return message;
}

/** Everything before the empty line. @throws SipSyntaxError, with whatever could be read in `partial` */
export function parseHead(text: string): Head {
  const firstEnd = text.indexOf('\r\n');
  const line = firstEnd < 0 ? text : text.slice(0, firstEnd);
  const headers = new Headers();
  const partial: PartialMessage = { type: line.startsWith('SIP/') ? 'response' : 'request', method: methodOf(line), headers };
  let fault = hasBareNul(text) ? new SipSyntaxError('a NUL among the headers', { partial }) : undefined;
  const note = (error: unknown): void => {
    fault ??= located(error, partial);
  };
  if (firstEnd >= 0) readFields(text, firstEnd + 2, headers, note);
  let start: StartLine | undefined;
  let contentLength: number | undefined;
  try {
    start = parseStartLine(line);
    contentLength = contentLengthOf(headers);
  } catch (error) {
    note(error);
  }
  if (fault) throw fault;
  if (!start) throw new SipSyntaxError('no start line', { partial });
  return { start, headers, partial, contentLength };
}

/** A NUL is allowed in a quoted pair only (RFC 4475 §3.1.1.2). */
const hasBareNul = (text: string): boolean => text.includes('\0') && /(?:^|[^\\])\0/.test(text);

function readFields(text: string, from: number, headers: Headers, note: (error: unknown) => void): void {
  for (let lines = 0; from < text.length; lines++) {
    if (lines >= maxHeaderLines) return note(new SipSyntaxError(`more than ${maxHeaderLines} header lines`, { status: 513 }));
    let end = lineEnd(text, from);
    let folded = false;
    // §7.3.1: a line that starts with a blank continues the one before; each counts against the limit.
    while (isBlank(text, end + 2) && lines < maxHeaderLines) {
      end = lineEnd(text, end + 2);
      folded = true;
      lines++;
    }
    if (end - from > maxLineChars) return note(new SipSyntaxError(`a header of ${end - from} characters`, { status: 513 }));
    try {
      readField(folded ? text.slice(from, end).replace(/[ \t]*\r\n[ \t]+/g, ' ') : text.slice(from, end), headers);
    } catch (error) {
      note(error);
    }
    from = end + 2;
  }
}

function readField(line: string, headers: Headers): void {
  const colon = line.indexOf(':');
  const name = trimmed(line, 0, Math.max(0, colon));
  if (headerName(name).name === name && !isToken(name)) throw new SipSyntaxError(`"${line.slice(0, 40)}" is no header`);
  headers.append(name, trimmed(line, colon + 1, line.length));
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\r\n', from);
  return end < 0 ? text.length : end;
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || code === 9;
}

/** @throws SipSyntaxError also when given twice (RFC 4475 §3.3.9) */
function contentLengthOf(headers: Headers): number | undefined {
  const value = headers.get('Content-Length');
  if (value === undefined) return undefined;
  if (headers.count('Content-Length') > 1) throw new SipSyntaxError('more than one Content-Length');
  return parseNumber(value, 0x7fff_ffff, 'Content-Length');
}

function methodOf(line: string): string | undefined {
  const space = line.indexOf(' ');
  const method = space < 0 ? line : line.slice(0, space);
  return isToken(method) ? method : undefined;
}

/** Bugs pass through; what is wrong with the message gets what could be read of it. */
function located(error: unknown, partial: PartialMessage): SipSyntaxError {
  if (!(error instanceof SipSyntaxError)) throw error;
  return error.partial ? error : new SipSyntaxError(error.message, { status: error.status, partial, cause: error });
}
