import { createBuckets, createThrottle } from '../access/index.js';
import type { Ms } from '../base/index.js';
import type { Config, ExtensionConfig } from '../config/index.js';
import { extensionOf } from './directory.js';
import type { Events } from '../events/index.js';
import { createDigestServer } from './digest/server.js';
import { answer, type Answer, type SipRequest } from './request.js';

/** Proof that a request is an extension's, or what to answer instead. */
export type Proof =
  | { readonly ok: true; readonly extension: ExtensionConfig }
  | { readonly ok: false; readonly answer: Answer; readonly why: 'challenged' | 'barred' | 'stranger_throttled' | 'wrong_password' | 'throttled' | 'malformed' };

export interface Guard {
  /** Judges the digest credentials of a request that names no dialog. */
  prove(req: SipRequest): Proof;
  /** Counts a request that nobody vouches for; undefined while it may go on. */
  stranger(req: SipRequest): Answer | undefined;
}
export interface GuardOptions {
  readonly realm: string;
  readonly config: () => Config;
  readonly events: Events;
  readonly log: { warn(fields: object, message: string): void };
  /** `known`: a registered phone or a trunk, never counted. `neighbour`: somebody known has the same address. */
  readonly standing: (req: SipRequest) => 'known' | 'neighbour' | 'stranger';
  /** Phones of people who are shut out, whatever password they know. */
  readonly barred?: (extension: string) => boolean;
  /** Monotonic milliseconds. */
  readonly now?: () => Ms;
}
/** An address stays known this long after somebody there proved himself, so that the next call is not a stranger's. */
const rememberMs = 600_000;
/** How much more than a stranger may come from an address behind which somebody is known: a house full of phones. */
const neighbours = 4;
const maxRemembered = 10_000;
const monotonic = (): Ms => performance.now();

/**
 * Guests are off. Nonces are sealed to the address they were sent to, so nothing a forged source sends can get past a
 * challenge, and a challenge costs neither memory nor a look into the database.
 */
export function createGuard({ realm, config, events, log, standing, barred = () => false, now = monotonic }: GuardOptions): Guard {
  const { throttle, registration } = config().system;
  const digest = createDigestServer(realm, { lifeMs: registration.nonceMs });
  const strangers = createBuckets(throttle);
  const house = createBuckets({ perSecond: throttle.perSecond * neighbours, burst: throttle.burst * neighbours });
  const wrong = createThrottle({ failures: throttle.wrongPasswords, windowMs: throttle.windowMs, blockMs: throttle.blockMs });
  // Many users tried from one address: only the refusals go on, no longer the facts and log lines.
  const wrongOfSource = createThrottle({ failures: throttle.wrongPasswords * 10, windowMs: throttle.windowMs, blockMs: throttle.blockMs });
  const proven = new Map<string, Ms>();
  const remember = (address: string, at: Ms): void => {
    proven.delete(address);
    proven.set(address, at);
    const oldest = proven.keys().next();
    if (proven.size > maxRemembered && oldest.done !== true) proven.delete(oldest.value);
  };

  const stranger = (req: SipRequest): Answer | undefined => {
    const is = standing(req);
    if (is === 'known') return undefined;
    const [at, address] = [now(), req.source_address];
    const proved = at - (proven.get(address) ?? -Infinity) < rememberMs;
    if ((is === 'neighbour' || proved ? house : strangers).take(address, at)) return undefined;
    return answer(503, { 'Retry-After': String(Math.max(1, Math.ceil(1 / throttle.perSecond))) });
  };
  const refuse = (req: SipRequest, user: string, why: 'wrong_password' | 'unknown_user'): Proof => {
    wrongOfSource.fail(req.source_address, now());
    const count = wrong.fail(`${req.source_address} ${user}`, now());
    events.publish('registration.refused', `source:${req.source_address}`, { user, source: req.source_address, why, count });
    log.warn({ source: req.source_address, user, method: req.method, why, count }, 'wrong credentials');
    return { ok: false, why: 'wrong_password', answer: answer(403) };
  };
  const challenge = (req: SipRequest, stale: boolean): Proof =>
    ({ ok: false, why: 'challenged', answer: answer(401, { 'WWW-Authenticate': digest.challenge(req, now(), stale) }) });

  return {
    stranger,
    prove(req) {
      const slow = stranger(req);
      if (slow) return { ok: false, why: 'stranger_throttled', answer: slow };
      const judged = digest.judge(req, (user) => extensionOf(config(), user)?.ha1, now());
      switch (judged.is) {
        case 'missing': return challenge(req, false);
        case 'malformed': return { ok: false, why: 'malformed', answer: answer(400) };
        case 'stale': return challenge(req, true);
        case 'wrong': case 'unknown_user': {
          const blockedMs = Math.max(wrong.blockedMs(`${req.source_address} ${judged.user}`, now()), wrongOfSource.blockedMs(req.source_address, now()));
          if (blockedMs > 0) return { ok: false, why: 'throttled', answer: answer(403, { 'Retry-After': String(Math.ceil(blockedMs / 1000)) }) };
          return refuse(req, judged.user, judged.is === 'wrong' ? 'wrong_password' : 'unknown_user');
        }
        case 'right': break;
      }
      const extension = extensionOf(config(), judged.user);
      const blockedMs = wrong.blockedMs(`${req.source_address} ${judged.user}`, now());
      // Inside the block even the right password waits: else guessing would go on until it is hit.
      if (!extension || blockedMs > 0) return { ok: false, why: 'throttled', answer: answer(403, { 'Retry-After': String(Math.max(1, Math.ceil(blockedMs / 1000))) }) };
      if (barred(extension.number)) {
        log.warn({ source: req.source_address, user: extension.number, method: req.method }, 'the phone of somebody who is disabled');
        return { ok: false, why: 'barred', answer: answer(403, { 'X-Reason': 'this user is disabled' }) };
      }
      remember(req.source_address, now());
      strangers.forgive(req.source_address);
      house.forgive(req.source_address);
      return { ok: true, extension };
    },
  };
}
