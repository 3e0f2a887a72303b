import type { Events } from '../events/index.js';
import { newId, StoreError, type RoleTable, type Store } from '../store/index.js';
import type { Audit } from './audit/audit.js';
import { checkMatch, entryBy, notBeyond, type By } from './by.js';
import { AccessRefused } from './errors.js';
import { FIELDS, PERMISSIONS, type Field, type Permission, type Scope } from './permissions.js';
import { BUILT_IN, united, type Rights, type Role } from './roles.js';

export interface RoleInput extends Rights {
  readonly names: Role['names'];
}
/** Built-in roles and the house's own. Own ones lie in memory, and in the store for the next process. */
export interface RoleBook {
  all(): readonly Role[];
  /** @throws AccessRefused access.no_such_role */
  get(id: string): Role;
  /** What these roles grant together; those that are gone grant nothing. */
  rights(ids: readonly string[]): Rights;
  /** @throws AccessRefused */
  add(role: RoleInput, by: By): Role;
  /** @throws AccessRefused */
  change(id: string, role: Partial<RoleInput>, ifMatch: string | undefined, by: By): Role;
  /** @throws AccessRefused while somebody has it */
  remove(id: string, ifMatch: string | undefined, by: By): void;
}
export interface RoleBookOptions {
  readonly store: Store;
  readonly events: Events;
  readonly audit: Audit;
  readonly now: () => number;
  /** What a role grants has changed. */
  readonly onChange: () => void;
}

export function createRoleBook({ store, events, audit, now, onChange }: RoleBookOptions): RoleBook {
  const { db } = store;
  const own = new Map(store.run(db.selectFrom('roles').selectAll().orderBy('id')).map((row) => [row.id, roleOf(row)]));
  const known = new Map<string, Rights>();
  const get = (id: string): Role => {
    const found = BUILT_IN.find((role) => role.id === id) ?? own.get(id);
    if (!found) throw new AccessRefused('access.no_such_role', `there is no role "${id}"`, 'GET /v1/roles lists them');
    return found;
  };
  const ownOnly = (id: string): Role => {
    const role = get(id);
    if (role.builtIn) throw new AccessRefused('access.built_in', `the role "${id}" is built in`, 'POST /v1/roles makes one of your own');
    return role;
  };
  const free = (names: Role['names'], but?: string): void => {
    const twin = [...BUILT_IN, ...own.values()].find((r) => r.id !== but && (r.names.en === names.en || r.names['zh-CN'] === names['zh-CN']));
    if (twin) throw new AccessRefused('access.name_taken', `there is a role of that name: ${twin.id}`, 'take other names');
  };
  const keep = (role: Role | undefined, before: Role | undefined, by: By): void => {
    const id = (role ?? before)?.id ?? '';
    const written = events.publishAll([{ type: 'role.changed', subject: 'system', data: { role: id, by: by.principal.id } }], () => {
      store.change(db.deleteFrom('roles').where('id', '=', id));
      if (role) store.change(db.insertInto('roles').values(rowOf(role, now())));
      audit.append(entryBy(by, role ? (before ? 'role.change' : 'role.create') : 'role.remove', id, { before: before && shown(before), after: role && shown(role) }));
    });
    if (!written) throw new StoreError('store.full', 'the change could not be written', { hint: 'see /healthz' });
    if (role) own.set(id, role);
    else own.delete(id);
    known.clear();
    onChange();
  };
  return {
    all: () => [...BUILT_IN, ...own.values()],
    get,
    rights(ids) {
      const name = ids.join(' ');
      const found = known.get(name) ?? united(ids.flatMap((id) => BUILT_IN.find((role) => role.id === id) ?? own.get(id) ?? []));
      if (known.size > 1_000) known.clear();
      known.set(name, found);
      return found;
    },
    add(input, by) {
      notBeyond(input, by, 'this role');
      free(input.names);
      const role: Role = { id: newId('role', now()), builtIn: false, version: 1, ...input };
      keep(role, undefined, by);
      return role;
    },
    change(id, input, ifMatch, by) {
      const before = ownOnly(id);
      checkMatch(before.version, ifMatch);
      const role: Role = { ...before, ...input, version: before.version + 1 };
      notBeyond(before, by, 'this role');
      notBeyond(role, by, 'this role');
      free(role.names, id);
      keep(role, before, by);
      return role;
    },
    remove(id, ifMatch, by) {
      const before = ownOnly(id);
      checkMatch(before.version, ifMatch);
      notBeyond(before, by, 'this role');
      const [holder] = store.run(db.selectFrom('users').select('login').where('roles', 'like', `%"${id}"%`).limit(1));
      if (holder) throw new AccessRefused('access.role_in_use', `${holder.login} has this role`, 'take it from everybody first');
      keep(undefined, before, by);
    },
  };
}

const shown = ({ names, permissions, fields }: Role) => ({ names, permissions, fields });
const rowOf = ({ id, names, permissions, fields, version }: Role, at: number): RoleTable =>
  ({ id, names: JSON.stringify(names), permissions: JSON.stringify(permissions), fields: JSON.stringify(fields), created_at: at, version });

function roleOf({ id, names, permissions, fields, version }: RoleTable): Role {
  return { id, names: JSON.parse(names) as Role['names'], builtIn: false, version, permissions: permissionsIn(permissions), fields: fieldsIn(fields) };
}
const isScope = (value: unknown): value is Scope => value === 'own' || value === 'team' || value === 'all';
/** What another version knew and this one does not is left out. */
export const permissionsIn = (text: string): Rights['permissions'] =>
  Object.fromEntries(Object.entries(JSON.parse(text) as Record<string, unknown>).filter((entry): entry is [Permission, Scope] => (PERMISSIONS as readonly string[]).includes(entry[0]) && isScope(entry[1])));
export const fieldsIn = (text: string): readonly Field[] => (JSON.parse(text) as string[]).filter((f): f is Field => (FIELDS as readonly string[]).includes(f));
