import { StrowgerError } from '../base/index.js';

/** Errors of the HTTP door itself; their codes need no room in front. */
export abstract class HttpFault extends StrowgerError {
  abstract readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 416 | 422 | 428 | 429 | 503;
  readonly headers: Readonly<Record<string, string>> = {};
}
export class Malformed extends HttpFault {
  readonly code = 'malformed';
  readonly status = 400;
}
/** A list that can be had in other orders only. */
export class UnknownSort extends HttpFault {
  readonly code = 'unknown_sort';
  readonly status = 400;
  constructor(known: readonly string[]) {
    super('this list is not sorted so', { hint: `sort may be ${known.join(', ')}` });
  }
}
export class Unauthorized extends HttpFault {
  readonly code = 'unauthorized';
  readonly status = 401;
  override readonly headers = { 'www-authenticate': 'Bearer realm="strowger"' };
  constructor(message: string) {
    super(message, { hint: 'send "Authorization: Bearer TOKEN"; the token was printed at first start, STROWGER_ADMIN_TOKEN sets another' });
  }
}
/** Known, but not allowed this. */
export class Forbidden extends HttpFault {
  readonly code = 'forbidden';
  readonly status = 403;
  constructor(permission: string) {
    super(`this needs the permission ${permission}`, { hint: 'GET /v1/me shows what you may; whoever may roles.write grants it' });
  }
}
/** A browser's session was used by somebody else's page, or might have been. */
export class Forged extends HttpFault {
  readonly code = 'forged';
  readonly status = 403;
  constructor(why: string) {
    super(why, { hint: 'send the csrf_token of GET /v1/me as X-CSRF-Token, from a page of the same site' });
  }
}
export class LoginRefused extends HttpFault {
  readonly status = 401;
  readonly code: 'wrong_credentials' | 'code_needed';
  constructor(why: 'wrong' | 'code_needed') {
    super(why === 'wrong' ? 'login, password or code is wrong' : 'a code of the second factor is needed', { hint: why === 'wrong' ? 'who has lost them asks an administrator' : 'send the same again with "code"' });
    this.code = why === 'wrong' ? 'wrong_credentials' : 'code_needed';
  }
}
export class LoginThrottled extends HttpFault {
  readonly code = 'login_throttled';
  readonly status = 429;
  override readonly headers: Readonly<Record<string, string>>;
  constructor(retryAfterS: number) {
    super('too many wrong tries', { hint: `wait ${retryAfterS} s, or log in from a browser that was logged in before` });
    this.headers = { 'retry-after': String(retryAfterS) };
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
  constructor(readonly code: 'no_such_path' | 'no_such_call' | 'no_recording' | 'no_such_part' | 'no_transcript' | 'no_such_flow' | 'no_such_number', message: string, hint: string) {
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
/** RFC 6585 §3: a change must say what it was made for. */
export class IfMatchMissing extends HttpFault {
  readonly code = 'if_match_missing';
  readonly status = 428;
  constructor() {
    super('this change needs If-Match', { hint: 'GET it first and send its ETag as If-Match; "*" takes whatever it is now' });
  }
}
/** The first request of that key is still being answered. */
export class SameKeyRunning extends HttpFault {
  readonly code = 'same_key_running';
  readonly status = 409;
  override readonly headers = { 'retry-after': '1' };
  constructor() {
    super('a request with this Idempotency-Key is still being answered', { hint: 'ask again in a second' });
  }
}
/** The house went down, or failed, in the middle of the first request of that key. */
export class CutShort extends HttpFault {
  readonly code = 'cut_short';
  readonly status = 409;
  constructor() {
    super('the first request with this Idempotency-Key was cut short: nobody knows whether it took effect', { hint: 'look whether it did; if not, send it with a new key' });
  }
}
/** It took effect, and its answer held a secret that is shown once and kept nowhere. */
export class AnswerWithheld extends HttpFault {
  readonly code = 'answer_withheld';
  readonly status = 409;
  constructor() {
    super('the request with this Idempotency-Key took effect; its answer held a secret, which is not kept', { hint: 'look for what it made; ask for a new secret, or remove it and make another with a new key' });
  }
}
export class TooManyRequests extends HttpFault {
  readonly code = 'too_many_requests';
  readonly status = 429;
  override readonly headers: Readonly<Record<string, string>>;
  constructor(retryAfterS: number, said: Readonly<Record<string, string>>) {
    super('too many requests', { hint: `wait ${retryAfterS} s; RateLimit says how many are left` });
    this.headers = { 'retry-after': String(retryAfterS), ...said };
  }
}
export class KeyReused extends HttpFault {
  readonly code = 'idempotency_key_reused';
  readonly status = 422;
  constructor() {
    super('this Idempotency-Key was used for another request', { hint: 'take a new key for every new request' });
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
/** Somebody asks for what comes after an event that has not happened. */
export class EventAhead extends HttpFault {
  readonly code = 'event_ahead';
  readonly status = 409;
  constructor(after: number, last: number) {
    super(`there is no event ${after} yet: the newest is ${last}`, { hint: 'the log was restored from a back-up, or this is another house: read what you keep anew and go on from there' });
  }
}
export class TooManyStreams extends HttpFault {
  readonly code = 'too_many_streams';
  readonly status = 429;
  override readonly headers = { 'retry-after': '10' };
  constructor(most: number) {
    super(`${most} event streams are open already`, { hint: 'close one, or follow several things in one stream: `type` and `subject` may be given several times' });
  }
}
export class NoTicket extends HttpFault {
  readonly code = 'no_ticket';
  readonly status = 401;
  constructor() {
    super('this WebSocket needs a ticket', { hint: 'POST /v1/ws-tickets gives one that is good once, for 60 s; put it into the URL as ?ticket=' });
  }
}
/** What stands in a URL stands in logs, histories and Referer headers. */
export class TokenInUrl extends HttpFault {
  readonly code = 'token_in_url';
  readonly status = 400;
  constructor(name: string) {
    super(`a token has no place in a URL: ?${name}=`, { hint: 'send "Authorization: Bearer TOKEN", for a WebSocket ?ticket= from POST /v1/ws-tickets; take the token you just showed out of service' });
  }
}
export class NotReady extends HttpFault {
  readonly code = 'not_ready';
  readonly status = 503;
  override readonly headers = { 'retry-after': '1' };
  constructor(readonly degraded: readonly string[]) {
    super('calls cannot be taken now', { hint: degraded[0] ?? 'the application is starting or draining: ask again in a second' });
  }
}
export class CannotTransfer extends HttpFault {
  readonly code = 'not_talking';
  readonly status = 409;
  constructor() {
    super('nobody talks with the caller who could hand him on', { hint: 'the state of the call must be talking or held, and no transfer under way' });
  }
}
/** The number plan's word, as SIP says it. */
export class TransferRefused extends HttpFault {
  readonly code = 'transfer_refused';
  readonly status = 422;
  constructor(sip: number) {
    super(`the caller cannot be handed on there (${sip})`, { hint: 'strowger numbers explain shows what the extension of the agent may dial' });
  }
}
