import { sql } from 'kysely';
import type { Events, NewFact } from '../events/index.js';
import { decodeCursor, decodeTextCursor, newId, orderOf, page, StoreError, type Store, type UserTable } from '../store/index.js';
import type { Audit } from './audit/audit.js';
import { checkMatch, entryBy, notBeyond, type By } from './by.js';
import { AccessRefused } from './errors.js';
import type { Gone } from './gone.js';
import { checkPassword, type Passwords } from './passwords.js';
import type { Principal, Scope } from './permissions.js';
import type { RoleBook } from './role-book.js';
import type { Sessions } from './sessions.js';
import type { Teams } from './teams.js';

/** Somebody who logs in. Agent and extension are other things that are often the same person. */
export interface User {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  readonly agent: string | null;
  readonly extension: string | null;
  readonly disabledAt: number | null;
  readonly hasPassword: boolean;
  readonly totp: boolean;
  readonly oidcProvider: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly seenAt: number | null;
  readonly version: number;
}
export interface UserInput {
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  readonly agent: string | null;
  readonly extension: string | null;
}
export interface UserFilter {
  readonly q?: string | undefined;
  readonly team?: string | undefined;
  readonly role?: string | undefined;
  readonly disabled?: boolean | undefined;
}
/** What the list of users goes by, its own order first; `-`: the newest or last first. Whoever never logged in was seen before all others. */
export const USER_SORTS = ['-created_at', 'created_at', 'login', '-login', 'name', '-name', '-updated_at', 'updated_at', '-seen_at', 'seen_at'] as const;
export interface UserPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort?: (typeof USER_SORTS)[number] | undefined;
}
export type Viewer = { readonly principal: Principal; readonly scope: Scope };

export interface Users {
  /** As far as the viewer's permission reaches. @throws BadCursor */
  list(filter: UserFilter, page: UserPage, viewer: Viewer): { readonly items: readonly User[]; readonly nextCursor: string | undefined };
  /** @throws AccessRefused access.no_such_user, also where it lies out of the viewer's reach */
  get(id: string, viewer: Viewer): User;
  /** @throws AccessRefused */
  add(input: UserInput & { readonly password?: string | undefined; readonly oidc?: { readonly provider: string; readonly subject: string } | undefined }, by: By): Promise<User>;
  /** Disabling ends everything that is his at once. A new password ends his sessions. @throws AccessRefused */
  change(id: string, input: Partial<UserInput> & { readonly password?: string | undefined; readonly disabled?: boolean | undefined }, ifMatch: string | undefined, by: By): Promise<User>;
  /** His own doing; his other sessions end. @throws AccessRefused access.weak_password */
  setPassword(id: string, password: string, session: string, by: By): Promise<void>;
  /** Somebody who may be changed by this one. @throws AccessRefused */
  reachable(id: string, by: By): UserTable;
  row(id: string): UserTable | undefined;
  byLogin(login: string): UserTable | undefined;
  byOidc(provider: string, subject: string): UserTable | undefined;
  /** Whether it is the phone of somebody who is disabled. */
  barred(extension: string): boolean;
  /** Agents of everybody who shares a team with this one, himself among them. */
  agentsNear(principal: Principal): readonly string[];
}
export interface UsersOptions {
  readonly store: Store;
  readonly events: Events;
  readonly audit: Audit;
  readonly roles: RoleBook;
  readonly teams: Teams;
  readonly gone: Gone;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly leastPassword: () => number;
  readonly now: () => number;
}

export function createUsers(o: UsersOptions): Users {
  const { store, events, audit, roles, gone, now } = o;
  const { db } = store;
  const row = (id: string): UserTable | undefined => store.run(db.selectFrom('users').selectAll().where('id', '=', id))[0];
  let barred = readBarred(store);
  const seen = (id: string, viewer: Viewer): UserTable => {
    const found = row(id);
    if (!found || !within(userOf(found), viewer)) throw new AccessRefused('access.no_such_user', `there is no user "${id}"`, 'GET /v1/users lists them');
    return found;
  };
  /** Rows, facts and the line of the audit log, or nothing. */
  const commit = (facts: readonly NewFact[], work: () => void): void => {
    if (!events.publishAll(facts, work)) throw new StoreError('store.full', 'the change could not be written', { hint: 'see /healthz' });
    barred = readBarred(store);
  };
  return {
    row,
    reachable(id, by) {
      const found = seen(id, by);
      notBeyond(roles.rights(userOf(found).roles), by, found.login);
      return found;
    },
    async setPassword(id, password, session, by) {
      const user = seen(id, by);
      checkPassword(password, [user.login, user.name, user.email], o.leastPassword());
      const hashed = await o.passwords.hash(password);
      const at = Math.round(now());
      commit([{ type: 'user.changed', subject: `user:${id}`, data: { user: id, by: by.principal.id } }], () => {
        store.change(db.updateTable('users').set({ password: hashed, password_at: at, updated_at: at }).where('id', '=', id));
        o.sessions.endOthers(id, session);
        audit.append(entryBy(by, 'user.change', id, { after: { password_set: true } }));
      });
    },
    byLogin: (login) => store.run(db.selectFrom('users').selectAll().where('login', '=', login.toLowerCase()))[0],
    byOidc: (provider, subject) => store.run(db.selectFrom('users').selectAll().where('oidc_provider', '=', provider).where('oidc_subject', '=', subject))[0],
    barred: (extension) => barred.has(extension),
    agentsNear: (principal) => agentsNear(store, principal),
    list(filter, { limit, cursor, sort = USER_SORTS[0] }, viewer) {
      const { by, way, beyond } = orderOf(sort);
      const ofOwn = sort === USER_SORTS[0] ? undefined : sort;
      const key = by === 'seen_at' ? sql<number>`coalesce(seen_at, 0)` : sql<number | string>`${sql.ref(by)}`;
      let query = db.selectFrom('users').selectAll().orderBy(key, way).orderBy('id', way).limit(limit + 1);
      const has = (column: 'teams' | 'roles', id: string) => sql<boolean>`instr(${sql.ref(column)}, ${`"${id}"`}) > 0`;
      if (filter.q !== undefined) query = query.where(sql<boolean>`instr(lower(login || ' ' || name || ' ' || coalesce(email, '')), ${filter.q.toLowerCase()}) > 0`);
      if (filter.team !== undefined) query = query.where(has('teams', filter.team));
      if (filter.role !== undefined) query = query.where(has('roles', filter.role));
      if (filter.disabled !== undefined) query = query.where('disabled_at', filter.disabled ? 'is not' : 'is', null);
      if (viewer.scope !== 'all') query = query.where((e) => e.or([e('id', '=', viewer.principal.id), ...(viewer.scope === 'team' ? viewer.principal.teams.map((id) => has('teams', id)) : [])]));
      if (cursor !== undefined) {
        const { at, id } = by === 'login' || by === 'name' ? decodeTextCursor(cursor, ofOwn) : decodeCursor(cursor, ofOwn);
        query = query.where(sql<boolean>`(${key}, id) ${sql.raw(beyond)} (${at}, ${id})`);
      }
      const { items, nextCursor } = page(store.run(query), limit, (r) => ({ at: r[by as SortedBy] ?? 0, id: r.id }), ofOwn);
      return { items: items.map(userOf), nextCursor };
    },
    get: (id, viewer) => userOf(seen(id, viewer)),
    async add({ password, oidc, ...input }, by) {
      if (password !== undefined) checkPassword(password, [input.login, input.name, input.email], o.leastPassword());
      const hashed = password === undefined ? null : await o.passwords.hash(password);
      check(o, input, undefined, by);
      const at = Math.round(now());
      const made: UserTable = {
        ...stored(input), id: newId('usr', at), disabled_at: null, password: hashed, password_at: hashed === null ? null : at, totp: null, totp_at: null, totp_step: null, recovery: '[]',
        oidc_provider: oidc?.provider ?? null, oidc_subject: oidc?.subject ?? null, created_at: at, updated_at: at, seen_at: null, version: 1,
      };
      commit([{ type: 'user.created', subject: `user:${made.id}`, data: { user: made.id, by: by.principal.id } }], () => {
        store.change(db.insertInto('users').values(made));
        audit.append(entryBy(by, 'user.create', made.id, { after: audited(made) }));
      });
      return userOf(made);
    },
    async change(id, { password, disabled, ...input }, ifMatch, by) {
      if (password !== undefined) checkPassword(password, [input.login ?? seen(id, by).login, input.name ?? seen(id, by).name], o.leastPassword());
      const hashed = password === undefined ? undefined : await o.passwords.hash(password);
      const before = seen(id, by);
      checkMatch(before.version, ifMatch);
      notBeyond(roles.rights(userOf(before).roles), by, before.login);
      check(o, { ...userOf(before), ...input }, before, by);
      const at = Math.round(now());
      const after: UserTable = {
        ...before, ...stored({ ...userOf(before), ...input }), updated_at: at, version: before.version + 1,
        disabled_at: disabled === undefined ? before.disabled_at : disabled ? (before.disabled_at ?? at) : null, ...(hashed === undefined ? {} : { password: hashed, password_at: at }),
      };
      commit(factsOf(before, after, by), () => {
        store.change(db.updateTable('users').set(after).where('id', '=', id));
        if (hashed !== undefined || (disabled === true && before.disabled_at === null)) o.sessions.endOthers(id, undefined);
        audit.append(entryBy(by, 'user.change', id, { before: audited(before), after: { ...audited(after), ...(hashed === undefined ? {} : { password_set: true }) } }));
      });
      if (after.disabled_at !== null || hashed !== undefined || before.roles !== after.roles || before.teams !== after.teams || before.agent !== after.agent) gone.endUser(id);
      return userOf(after);
    },
  };
}

type SortedBy = 'created_at' | 'login' | 'name' | 'updated_at' | 'seen_at';

export const userOf = (row: UserTable): User => ({
  id: row.id, login: row.login, name: row.name, email: row.email, roles: JSON.parse(row.roles) as string[], teams: JSON.parse(row.teams) as string[], agent: row.agent, extension: row.extension, disabledAt: row.disabled_at,
  hasPassword: row.password !== null, totp: row.totp_at !== null, oidcProvider: row.oidc_provider, createdAt: row.created_at, updatedAt: row.updated_at, seenAt: row.seen_at, version: row.version,
});
const stored = ({ login, name, email, roles, teams, agent, extension }: UserInput) =>
  ({ login: login.toLowerCase(), name, email, roles: JSON.stringify([...new Set(roles)]), teams: JSON.stringify([...new Set(teams)]), agent, extension });
const audited = (row: UserTable) => {
  const { login, name, email, roles, teams, agent, extension, disabledAt } = userOf(row);
  return { login, name, email, roles, teams, agent, extension, disabled: disabledAt !== null };
};

const within = (user: User, { principal, scope }: Viewer): boolean => scope === 'all' || user.id === principal.id || (scope === 'team' && user.teams.some((team) => principal.teams.includes(team)));

/** @throws AccessRefused where a name, a link or a grant cannot be */
function check({ store, roles, teams }: UsersOptions, input: UserInput, before: UserTable | undefined, by: By): void {
  const { scope, principal } = by;
  const mine = before !== undefined && before.id === principal.id;
  if (scope === 'own' && !mine) throw new AccessRefused('access.out_of_reach', 'you may change nobody but yourself');
  if (scope === 'team' && !mine && !(input.teams.length > 0 && input.teams.every((team) => principal.teams.includes(team)))) throw new AccessRefused('access.out_of_reach', 'you may give people your own teams only', `yours: ${principal.teams.join(', ') || 'none'}`);
  if (mine && scope !== 'all' && !sameWhere(userOf(before), input)) throw new AccessRefused('access.out_of_reach', 'you may not change your own roles, teams, agent or extension');
  input.roles.forEach((role) => void roles.get(role));
  input.teams.forEach((team) => void teams.get(team));
  notBeyond(roles.rights(input.roles), by, 'this role');
  const taken = (column: 'login' | 'agent' | 'extension', value: string | null): string | undefined =>
    value === null ? undefined : store.run(store.db.selectFrom('users').select(['id', 'login']).where(column, '=', value)).find((found) => found.id !== before?.id)?.login;
  if (taken('login', input.login.toLowerCase()) !== undefined) throw new AccessRefused('access.login_taken', `the login "${input.login}" is taken`, 'take another');
  for (const [column, code] of [['agent', 'access.agent_taken'], ['extension', 'access.extension_taken']] as const) {
    const holder = taken(column, input[column]);
    if (holder !== undefined) throw new AccessRefused(code, `the ${column} "${input[column] ?? ''}" belongs to ${holder}`, 'take it from there first');
  }
}
const sameWhere = (a: UserInput, b: UserInput): boolean => JSON.stringify([a.roles, a.teams, a.agent, a.extension]) === JSON.stringify([b.roles, b.teams, b.agent, b.extension]);

function factsOf(before: UserTable, after: UserTable, { principal }: By): NewFact[] {
  const [user, by, subject] = [after.id, principal.id, `user:${after.id}` as const];
  if (before.disabled_at === null && after.disabled_at !== null) return [{ type: 'user.disabled', subject, data: { user, by, ...(after.extension === null ? {} : { extension: after.extension }) } }];
  if (before.disabled_at !== null && after.disabled_at === null) return [{ type: 'user.enabled', subject, data: { user, by } }];
  return [{ type: 'user.changed', subject, data: { user, by } }];
}

const readBarred = (store: Store): ReadonlySet<string> =>
  new Set(store.run(store.db.selectFrom('users').select('extension').where('disabled_at', 'is not', null).where('extension', 'is not', null)).flatMap(({ extension }) => extension ?? []));

function agentsNear(store: Store, principal: Principal): readonly string[] {
  const near = principal.teams.length === 0 ? [] : store.run(store.db.selectFrom('users').select(['agent', 'teams']).where('agent', 'is not', null)).filter((u) => (JSON.parse(u.teams) as string[]).some((team) => principal.teams.includes(team)));
  return [...new Set([...(principal.agent === null ? [] : [principal.agent]), ...near.flatMap((u) => u.agent ?? [])])];
}
