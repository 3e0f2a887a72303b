import { join } from 'node:path';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Ms } from '../base/index.js';
import { Secret, type AccessConfig } from '../config/index.js';
import type { Events } from '../events/index.js';
import type { Store, UserTable } from '../store/index.js';
import { createAudit, type Audit } from './audit/audit.js';
import { keyFile } from './key-file.js';
import { createGone, type Gone } from './gone.js';
import { createKeys, type Keys } from './keys.js';
import { createPasswords } from './passwords.js';
import { admin, type Principal } from './permissions.js';
import { keyPrincipal, userPrincipal } from './principals.js';
import { createRoleBook, type RoleBook } from './role-book.js';
import { createLogin, type Login } from './login.js';
import { createOidc, type Oidc } from './oidc.js';
import { createSeal, type Seal } from './seal.js';
import { createSecondFactor, type SecondFactor } from './second-factor.js';
import { createSessions, type Sessions } from './sessions.js';
import { createTeams, type Teams } from './teams.js';
import { createThrottle, type ThrottleLimits } from './throttle.js';
import { createUsers, userOf, type Users } from './users.js';

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
  readonly users: Users;
  readonly teams: Teams;
  readonly roles: RoleBook;
  readonly keys: Keys;
  readonly audit: Audit;
  readonly gone: Gone;
  readonly sessions: Sessions;
  readonly login: Login;
  readonly oidc: Oidc;
  readonly secondFactor: SecondFactor;
  /** With the key that lies beside the database. */
  readonly seal: Seal;
  /** Whoever is logged in with this cookie. */
  session(token: string): Principal | undefined;
  /** What this user must do before he may anything, in a session that a password opened. */
  needs(user: string, credential: string): readonly 'second_factor'[];
  /** Ends lines of sessions and keys whose time is over, and cuts the audit log to its age; to be called now and then. */
  sweep(): void;
}
export interface AccessOptions {
  readonly store: Store;
  readonly events: Events;
  readonly log: { error(fields: object, message: string): void };
  /** As it holds now: the `access` of config/access.yaml. */
  readonly config: () => AccessConfig;
  /** Where the key and the anchors of the audit log lie; left out: in memory, for tests. */
  readonly folder?: string | undefined;
  /** From the environment; they win over what is stored and are not stored. */
  readonly adminToken?: Secret | undefined;
  readonly demoPassword?: Secret | undefined;
  readonly limits?: ThrottleLimits;
  /** Monotonic milliseconds. */
  readonly now?: () => Ms;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}
const defaults: ThrottleLimits = { failures: 10, windowMs: 60_000, blockMs: 60_000 };
const monotonic = (): Ms => performance.now();
const hash = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** @throws StoreError when the token or password made at the first start cannot be kept @throws BadKeyFile */
export function createAccess({ store, events, log, config, folder, adminToken, demoPassword, limits = defaults, now = monotonic, clock = Date.now }: AccessOptions): Access {
  const { expected, made } = tokenOf(store, adminToken);
  const demo = demoOf(store, demoPassword);
  const throttle = createThrottle(limits);
  const gone = createGone();
  const audit = createAudit({ store, folder, log, now: clock });
  const roles = createRoleBook({ store, events, audit, now: clock, onChange: () => gone.endAll() });
  const teams = createTeams({ store, audit, now: clock });
  const sessions = createSessions({ store, events, audit, gone, limits: () => config().sessions, now: clock });
  const passwords = createPasswords();
  const seal = createSeal(folder === undefined ? randomBytes(32) : keyFile(join(folder, 'access.key')).key);
  const secondFactor = createSecondFactor({ store, events, audit, seal, now: clock });
  const users = createUsers({ sessions, store, events, audit, roles, teams, gone, passwords, leastPassword: () => config().password.least, now: clock });
  const keys = createKeys({ store, events, audit, gone, now: clock });
  const login = createLogin({ users, sessions, secondFactor, passwords, seal, audit, limits: config().lockout, now });
  const owes = (user: UserTable, how: 'password' | 'oidc'): boolean => how === 'password' && user.totp_at === null && userOf(user).roles.some((role) => config().secondFactor.includes(role));
  const holder = (token: string): Principal | undefined => {
    if (timingSafeEqual(hash(token), expected)) return admin;
    const key = keys.find(token);
    return key && keyPrincipal(key, key.owner === null ? undefined : users.row(key.owner), { roles, gone });
  };
  return {
    madeToken: made,
    demoPassword: demo.password,
    madeDemoPassword: demo.made,
    users, teams, roles, keys, audit, gone, sessions, login, secondFactor, seal, oidc: createOidc({ users, sessions, seal, audit, config, clock }),
    session(token) {
      const found = sessions.find(token);
      const user = found && users.row(found.user);
      return user && userPrincipal(user, found.id, owes(user, found.how), { roles, gone });
    },
    needs(id, credential) {
      const user = users.row(id);
      const how = sessions.list(id).find((s) => s.id === credential)?.how;
      return user && how !== undefined && owes(user, how) ? ['second_factor'] : [];
    },
    sweep() {
      const held = gone.credentials();
      for (const credential of [...sessions.over(held), ...keys.over(held)]) gone.end(credential);
      const { auditMs } = config();
      if (auditMs !== undefined) audit.cut(clock() - auditMs);
    },
    authenticate(header, source) {
      const token = /^Bearer +([^\s]+) *$/i.exec(header ?? '')?.[1];
      const principal = token === undefined ? undefined : holder(token);
      if (principal) return { ok: true, principal };
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
