import { SipSyntaxError } from './errors.js';
import { isToken } from './scan.js';

export type StartLine =
  | { readonly type: 'request'; readonly method: string; readonly uri: string }
  | { readonly type: 'response'; readonly status: number; readonly reason: string };

/** RFC 3261 §7.1, §7.2. @throws SipSyntaxError (505 for a request of another SIP version) */
export function parseStartLine(line: string): StartLine {
  if (line.includes('\n') || line.includes('\r')) throw new SipSyntaxError('a line break in the start line');
  if (/^SIP\//i.test(line)) return statusLine(line);
  const first = line.indexOf(' ');
  const second = line.indexOf(' ', first + 1);
  const method = line.slice(0, Math.max(0, first));
  if (!isToken(method) || second < 0) throw new SipSyntaxError(`"${line.slice(0, 60)}" is no request line`);
  const version = line.slice(second + 1);
  if (version !== 'SIP/2.0' && version.toUpperCase() !== 'SIP/2.0')
    throw new SipSyntaxError(`"${version.slice(0, 20)}" is not SIP/2.0`, { status: /^SIP\/\d+\.\d+$/i.test(version) ? 505 : 400 });
  return { type: 'request', method, uri: requestUri(line.slice(first + 1, second)) };
}

function requestUri(uri: string): string {
  if (!/^[a-z][a-z0-9+.-]*:[^\s<>"]+$/i.test(uri)) throw new SipSyntaxError(`"${uri.slice(0, 60)}" is no Request-URI`);
  return uri;
}

function statusLine(line: string): StartLine {
  const found = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(line);
  if (!found) throw new SipSyntaxError(`"${line.slice(0, 60)}" is no status line`);
  return { type: 'response', status: Number(found[1]), reason: found[2] ?? '' };
}
