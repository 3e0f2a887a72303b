import { StrowgerError } from '../base/index.js';

/** Errors of the HTTP door itself; their codes need no room in front. */
export abstract class HttpFault extends StrowgerError {
  abstract readonly status: 400 | 401 | 404 | 405 | 409 | 413 | 415 | 416 | 422 | 429 | 503;
  readonly headers: Readonly<Record<string, string>> = {};
}
export class Malformed extends HttpFault {
  readonly code = 'malformed';
  readonly status = 400;
}
export class Unauthorized extends HttpFault {
  readonly code = 'unauthorized';
  readonly status = 401;
  override readonly headers = { 'www-authenticate': 'Bearer realm="strowger"' };
  constructor(message: string) {
    super(message, { hint: 'send "Authorization: Bearer TOKEN"; the token was printed at first start, STROWGER_ADMIN_TOKEN sets another' });
  }
}
export class TooManyWrongTokens extends HttpFault {
  readonly code = 'too_many_wrong_tokens';
  readonly status = 429;
  override readonly headers: Readonly<Record<string, string>>;
  constructor(retryAfterS: number) {
    super('too many wrong tokens from this address', { hint: `wait ${retryAfterS} s; a right token is let through at once` });
    this.headers = { 'retry-after': String(retryAfterS) };
  }
}
export class NotFound extends HttpFault {
  readonly status = 404;
  constructor(readonly code: 'no_such_path' | 'no_such_call' | 'no_recording' | 'no_such_part', message: string, hint: string) {
    super(message, { hint });
  }
}
export class WrongMethod extends HttpFault {
  readonly code = 'wrong_method';
  readonly status = 405;
  override readonly headers: Readonly<Record<string, string>>;
  constructor(method: string, path: string, allowed: readonly string[]) {
    super(`${path} does not take ${method}`, { hint: `it takes ${allowed.join(', ')}` });
    this.headers = { allow: allowed.join(', ') };
  }
}
export class RecordingInProgress extends HttpFault {
  readonly code = 'recording_in_progress';
  readonly status = 409;
  constructor() {
    super('the call is still being recorded', { hint: 'ask again after its end, or for a finished part with ?part=1' });
  }
}
export class TooLarge extends HttpFault {
  readonly code = 'too_large';
  readonly status = 413;
  /** The rest of the body is not read: the client must not send its next request behind it (RFC 9110 §15.5.14). */
  override readonly headers = { connection: 'close' };
  constructor(maxBytes: number) {
    super('the body is too large', { hint: `at most ${maxBytes} bytes` });
  }
}
export class NotJson extends HttpFault {
  readonly code = 'not_json';
  readonly status = 415;
  constructor() {
    super('the body is not declared as JSON', { hint: 'send "Content-Type: application/json"' });
  }
}
export class BadRange extends HttpFault {
  readonly code = 'bad_range';
  readonly status = 416;
  override readonly headers: Readonly<Record<string, string>>;
  constructor(size: number) {
    super('the range lies outside the recording', { hint: `it has ${size} bytes` });
    this.headers = { 'content-range': `bytes */${size}` };
  }
}
export class Invalid extends HttpFault {
  readonly code = 'invalid';
  readonly status = 422;
}
export class NotReady extends HttpFault {
  readonly code = 'not_ready';
  readonly status = 503;
  override readonly headers = { 'retry-after': '1' };
  constructor(readonly degraded: readonly string[]) {
    super('calls cannot be taken now', { hint: degraded[0] ?? 'the application is starting or draining: ask again in a second' });
  }
}
