import { newId, type Store } from '../store/index.js';
import type { Audit } from './audit/audit.js';
import { checkMatch, entryBy, type By } from './by.js';
import { AccessRefused } from './errors.js';

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}
/** People who share what they work on: `team` as a scope reaches as far as them. */
export interface Teams {
  all(): readonly Team[];
  /** @throws AccessRefused access.no_such_team */
  get(id: string): Team;
  /** @throws AccessRefused */
  add(name: string, by: By): Team;
  /** Its ID stays. @throws AccessRefused */
  rename(id: string, name: string, ifMatch: string | undefined, by: By): Team;
  /** @throws AccessRefused while somebody is in it */
  remove(id: string, ifMatch: string | undefined, by: By): void;
}

export function createTeams({ store, audit, now }: { readonly store: Store; readonly audit: Audit; readonly now: () => number }): Teams {
  const { db } = store;
  const all = (): Team[] => store.run(db.selectFrom('teams').select(['id', 'name', 'version']).orderBy('name'));
  const get = (id: string): Team => {
    const found = all().find((team) => team.id === id);
    if (!found) throw new AccessRefused('access.no_such_team', `there is no team "${id}"`, 'GET /v1/teams lists them');
    return found;
  };
  const free = (name: string, but?: string): void => {
    if (all().some((team) => team.name === name && team.id !== but)) throw new AccessRefused('access.name_taken', `there is a team "${name}"`, 'take another name');
  };
  /** Teams are the house's: whoever may change people of his own team only changes none. */
  const reached = ({ scope }: By): void => {
    if (scope !== 'all') throw new AccessRefused('access.out_of_reach', 'your users.write does not reach all teams', 'an administrator can do it');
  };
  return {
    all,
    get,
    add(name, by) {
      reached(by);
      free(name);
      const team: Team = { id: newId('team', now()), name, version: 1 };
      store.transaction(() => {
        store.change(db.insertInto('teams').values({ ...team, created_at: Math.round(now()) }));
        audit.append(entryBy(by, 'team.create', team.id, { after: { name } }));
      });
      return team;
    },
    rename(id, name, ifMatch, by) {
      reached(by);
      const before = get(id);
      checkMatch(before.version, ifMatch);
      free(name, id);
      store.transaction(() => {
        store.change(db.updateTable('teams').set({ name, version: before.version + 1 }).where('id', '=', id));
        audit.append(entryBy(by, 'team.change', id, { before: { name: before.name }, after: { name } }));
      });
      return { id, name, version: before.version + 1 };
    },
    remove(id, ifMatch, by) {
      reached(by);
      const before = get(id);
      checkMatch(before.version, ifMatch);
      const [member] = store.run(db.selectFrom('users').select('login').where('teams', 'like', `%"${id}"%`).limit(1));
      if (member) throw new AccessRefused('access.team_in_use', `${member.login} is in this team`, 'take everybody out first');
      store.transaction(() => {
        store.change(db.deleteFrom('teams').where('id', '=', id));
        audit.append(entryBy(by, 'team.remove', id, { before: { name: before.name } }));
      });
    },
  };
}
