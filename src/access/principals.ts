import type { AccessKeyTable, UserTable } from '../store/index.js';
import type { Gone } from './gone.js';
import type { Principal } from './permissions.js';
import { fieldsIn, permissionsIn, type RoleBook } from './role-book.js';
import { shared, type Rights } from './roles.js';
import { userOf } from './users.js';

const nothing: Rights = { permissions: {}, fields: [] };
type Who = Omit<Principal, 'may' | 'sees'>;
const allowed = (who: Who, { permissions, fields }: Rights): Principal => ({ ...who, may: (permission) => permissions[permission], sees: (field) => fields.includes(field) });

/** A user as he comes with a session; undefined while he is disabled. Who still owes a second factor may nothing. */
export function userPrincipal(row: UserTable, credential: string, owes: boolean, { roles, gone }: { readonly roles: RoleBook; readonly gone: Gone }): Principal | undefined {
  if (row.disabled_at !== null) return undefined;
  const { id, login, teams, agent, extension, roles: held } = userOf(row);
  return allowed({ id, kind: 'user', name: login, teams, roles: held, user: id, agent, extension, credential, gone: gone.signal(credential, id) }, owes ? nothing : roles.rights(held));
}

/** A key: what it was given, and never more than its owner may today. */
export function keyPrincipal(key: AccessKeyTable, owner: UserTable | undefined, { roles, gone }: { readonly roles: RoleBook; readonly gone: Gone }): Principal | undefined {
  const given: Rights = { permissions: permissionsIn(key.permissions), fields: fieldsIn(key.fields) };
  if (key.owner !== null && (!owner || owner.disabled_at !== null)) return undefined;
  const who = { id: key.id, kind: 'key', name: key.name, credential: key.id, gone: gone.signal(key.id, key.owner) } as const;
  if (!owner) return allowed({ ...who, teams: [], roles: [], user: null, agent: null, extension: null }, given);
  const { teams, agent, extension, roles: held } = userOf(owner);
  return allowed({ ...who, teams, roles: held, user: key.owner, agent, extension }, shared(given, roles.rights(held)));
}
