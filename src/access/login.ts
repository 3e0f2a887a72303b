import { randomBytes } from 'node:crypto';
import type { Ms } from '../base/index.js';
import type { UserTable } from '../store/index.js';
import type { Audit } from './audit/audit.js';
import type { Passwords } from './passwords.js';
import type { Seal } from './seal.js';
import type { SecondFactor } from './second-factor.js';
import type { From, Session, Sessions } from './sessions.js';
import { createThrottle, type Throttle, type ThrottleLimits } from './throttle.js';
import type { Users } from './users.js';

export interface Credentials {
  readonly login: string;
  readonly password: string;
  readonly code?: string | undefined;
  /** What `device` was at an earlier log-in from this browser. */
  readonly device?: string | undefined;
}
export type LoggedIn =
  | { readonly is: 'in'; readonly user: UserTable; readonly session: Session; readonly token: string; readonly device: string }
  /** `code_needed`: the password is right, and a second factor is asked for. */
  | { readonly is: 'refused'; readonly why: 'wrong' | 'code_needed' }
  | { readonly is: 'refused'; readonly why: 'throttled'; readonly retryAfterMs: Ms };
export interface Login {
  /** @throws StoreError @throws AccessRefused access.busy */
  attempt(given: Credentials, from: From): Promise<LoggedIn>;
  /** Whether this is his password, counted like a log-in: for changes that ask for it again. */
  proves(user: UserTable, password: string, from: From): Promise<boolean>;
}
export interface LoginOptions {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly secondFactor: SecondFactor;
  readonly passwords: Passwords;
  readonly seal: Seal;
  readonly audit: Audit;
  /** As the process began with it. */
  readonly limits: { readonly tries: number; readonly perSource: number; readonly windowMs: Ms; readonly blockMs: Ms };
  /** Monotonic milliseconds. */
  readonly now: () => Ms;
}

/**
 * Guesses are counted three ways: by address, by name, and, for a browser or address from which that name was logged in before, apart
 * from all others. So strangers who lock a name lock it for strangers, and only for a while.
 */
export function createLogin({ users, sessions, secondFactor, passwords, seal, audit, limits, now }: LoginOptions): Login {
  const counted = (failures: number): ThrottleLimits => ({ failures, windowMs: limits.windowMs, blockMs: limits.blockMs });
  const [bySource, byName] = [createThrottle(counted(limits.perSource)), createThrottle(counted(limits.tries))];
  const keyOf = (login: string, user: UserTable | undefined, device: string | undefined, source: string): string => {
    const [id = '', proof = ''] = device?.split('.') ?? [];
    if (user && seal.signed(`device:${user.id}:${id}`, proof)) return `${login} device ${id}`;
    return user && sessions.knows(user.id, source) ? `${login} at ${source}` : login;
  };
  const note = (login: string, user: UserTable | undefined, from: From, why: string): void =>
    audit.append({ actor: user?.id ?? 'unknown', actorName: user?.login ?? 'unknown', action: 'login', object: named(login), outcome: 'failed', after: { why }, source: from.source, request: from.request });
  const waits = (...counts: readonly (readonly [Throttle, string])[]): Ms => Math.max(...counts.map(([throttle, key]) => throttle.blockedMs(key, now())));
  const proves = async (user: UserTable | undefined, login: string, password: string, key: string, source: string): Promise<{ readonly right: boolean; readonly waitMs: Ms; readonly again: () => void }> => {
    const waitMs = waits([bySource, source], [byName, key]);
    if (waitMs > 0) return { right: false, waitMs, again: () => undefined };
    // Counted before it is known, so that a thousand guesses at once are a thousand.
    bySource.fail(source, now());
    byName.fail(key, now());
    const right = await passwords.verify(user !== undefined && user.disabled_at === null ? user.password : null, password).catch((busy: unknown) => {
      for (const [throttle, one] of [[bySource, source], [byName, key]] as const) throttle.undo(one); // nobody looked at it
      throw busy;
    });
    return { right: right && user?.login === login, waitMs: 0, again: () => (bySource.undo(source), byName.forgive(key)) };
  };
  return {
    async attempt({ login: asked, password, code, device }, from) {
      const login = asked.toLowerCase();
      const known = users.byLogin(login);
      const { right, waitMs, again } = await proves(known, login, password, keyOf(login, known, device, from.source), from.source);
      if (waitMs > 0) return { is: 'refused', why: 'throttled', retryAfterMs: waitMs };
      // He may have been disabled while the password was being checked.
      const user = known && users.row(known.id);
      if (!right || !user || user.disabled_at !== null) {
        note(login, user, from, user === undefined ? 'unknown' : user.disabled_at === null ? 'wrong_password' : 'disabled');
        return { is: 'refused', why: 'wrong' };
      }
      if (user.totp_at !== null) {
        // Still counted: else asking without a code would wipe out wrong ones.
        if (code === undefined) return { is: 'refused', why: 'code_needed' };
        if (secondFactor.use(user, code) === undefined) {
          note(login, user, from, 'wrong_code');
          return { is: 'refused', why: 'wrong' };
        }
      }
      again();
      const id = randomBytes(12).toString('base64url');
      return { is: 'in', user, ...sessions.open(user, 'password', from), device: `${id}.${seal.sign(`device:${user.id}:${id}`)}` };
    },
    async proves(user, password, from) {
      const { right, again } = await proves(user, user.login, password, `${user.login} again`, from.source);
      if (right) again();
      else note(user.login, user, from, 'wrong_password');
      return right;
    },
  };
}

/** Somebody may have typed his password where the name goes. */
const named = (login: string): string => (/^[a-z0-9][a-z0-9._@+-]{0,99}$/.test(login) ? login : '(not a name)');
