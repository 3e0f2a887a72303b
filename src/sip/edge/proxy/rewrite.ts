import type { SipRequest, SipResponse } from '../../stack/index.js';
import { contactAt, type Place } from '../headers.js';
import type { HeaderLine } from '../wire/command.js';

/** Max-Forwards one lower, 70 where there was none (RFC 3261 §16.6); undefined when it is used up. */
export function oneHopFurther(request: SipRequest): SipRequest | undefined {
  const left = Number.parseInt(request.headers.get('Max-Forwards') ?? '71', 10);
  if (!(left > 0)) return undefined;
  const headers = request.headers.clone();
  headers.set('Max-Forwards', Math.min(left, 71) - 1);
  return { ...request, headers };
}

/** Without the Route that named us, or that the client had loaded beforehand (§16.4). */
export function withoutTopRoute(request: SipRequest): SipRequest {
  const headers = request.headers.clone();
  headers.removeFirst('Route');
  return { ...request, headers };
}

/** We stay in the path of the dialog, or of the registration (RFC 3327). */
export function staying(request: SipRequest, place: Place): SipRequest {
  const headers = request.headers.clone();
  const route = contactAt(place).replace('>', ';lr>');
  if (request.method === 'REGISTER') {
    headers.prepend('Path', route);
    headers.append('Require', 'path');
  } else headers.prepend('Record-Route', route);
  return { ...request, headers };
}

/** An application's own headers in place of those that came. */
export function withHeaders(request: SipRequest, lines: readonly HeaderLine[]): SipRequest {
  if (lines.length === 0) return request;
  const headers = request.headers.clone();
  for (const [name, value] of lines) headers.set(name, value);
  return { ...request, headers };
}

/** A response on its way back: our Via is taken off (§16.7). */
export function upstream(response: SipResponse): SipResponse {
  const headers = response.headers.clone();
  headers.removeFirst('Via');
  return { ...response, headers };
}

/** The order of §16.7 step 6: 6xx first, then what the caller can mend, then 4xx, 5xx, 3xx. */
export function rank(status: number): number {
  if (status >= 600) return 0;
  if ([401, 407, 415, 420, 484].includes(status)) return 1;
  if (status >= 400 && status < 500) return 2;
  return status >= 500 ? 3 : 4;
}
