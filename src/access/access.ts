import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Ms } from '../base/index.js';
import { Secret } from '../config/index.js';
import type { Store } from '../store/index.js';
import { createThrottle, type ThrottleLimits } from './throttle.js';

/** Who speaks to the API. There is one so far: whoever holds the admin token. */
export interface Principal {
  readonly id: 'admin';
  readonly role: 'admin';
}
export type Authentication =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly why: 'missing' | 'wrong' }
  | { readonly ok: false; readonly why: 'throttled'; readonly retryAfterMs: Ms };

export interface Access {
  /**
   * Judges an Authorization header (RFC 6750 §2.1) from `source`, in a time that tells nothing about the token. The
   * right token is always taken; wrong ones beyond the limit are `throttled`.
   */
  authenticate(header: string | undefined, source: string): Authentication;
  /** Present only where it was made just now: to be printed once. */
  readonly madeToken: Secret | undefined;
  readonly demoPassword: Secret;
  readonly madeDemoPassword: boolean;
}
export interface AccessOptions {
  readonly store: Store;
  /** From the environment; they win over what is stored and are not stored. */
  readonly adminToken?: Secret | undefined;
  readonly demoPassword?: Secret | undefined;
  readonly limits?: ThrottleLimits;
  /** Monotonic milliseconds. */
  readonly now?: () => Ms;
}
const defaults: ThrottleLimits = { failures: 10, windowMs: 60_000, blockMs: 60_000 };
const monotonic = (): Ms => performance.now();
const hash = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** @throws StoreError when the token or password made at the first start cannot be kept */
export function createAccess({ store, adminToken, demoPassword, limits = defaults, now = monotonic }: AccessOptions): Access {
  const { expected, made } = tokenOf(store, adminToken);
  const demo = demoOf(store, demoPassword);
  const throttle = createThrottle(limits);
  return {
    madeToken: made,
    demoPassword: demo.password,
    madeDemoPassword: demo.made,
    authenticate(header, source) {
      const token = /^Bearer +([^\s]+) *$/i.exec(header ?? '')?.[1];
      if (token !== undefined && timingSafeEqual(hash(token), expected)) return { ok: true, principal: { id: 'admin', role: 'admin' } };
      const at = now();
      const retryAfterMs = throttle.blockedMs(source, at);
      if (retryAfterMs > 0) return { ok: false, why: 'throttled', retryAfterMs };
      if (token === undefined) return { ok: false, why: 'missing' };
      throttle.fail(source, at);
      return { ok: false, why: 'wrong' };
    },
  };
}

function tokenOf(store: Store, given: Secret | undefined): { expected: Buffer; made: Secret | undefined } {
  if (given) return { expected: hash(given.reveal()), made: undefined };
  const stored = store.getMeta('access.admin_token_sha256');
  if (stored !== undefined) return { expected: Buffer.from(stored, 'hex'), made: undefined };
  const made = new Secret(randomBytes(24).toString('base64url'));
  const expected = hash(made.reveal());
  store.setMeta('access.admin_token_sha256', expected.toString('hex'));
  return { expected, made };
}

/** Kept as it is: digest needs H(user:realm:password) of extensions that may be added later. */
function demoOf(store: Store, given: Secret | undefined): { password: Secret; made: boolean } {
  if (given) return { password: given, made: false };
  const stored = store.getMeta('access.demo_password');
  if (stored !== undefined) return { password: new Secret(stored), made: false };
  const made = randomBytes(9).toString('base64url');
  store.setMeta('access.demo_password', made);
  return { password: new Secret(made), made: true };
}
