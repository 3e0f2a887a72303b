import type { Events } from '../events/index.js';
import { decodeCursor, newId, page, StoreError, type AccessKeyTable, type Store } from '../store/index.js';
import type { Audit } from './audit/audit.js';
import { entryBy, notBeyond, type By } from './by.js';
import { AccessRefused } from './errors.js';
import type { Gone } from './gone.js';
import { fieldsIn, permissionsIn } from './role-book.js';
import type { Rights } from './roles.js';
import { digestOf, newToken } from './tokens.js';
import type { Viewer } from './users.js';

/** A bearer token of an application, as it may be shown. */
export interface AccessKey extends Rights {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly owner: string | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly usedAt: number | null;
}
export interface KeyInput extends Rights {
  readonly name: string;
  readonly expiresAt: number | null;
}
export interface Keys {
  /** Newest first; with less than `all`, one's own. @throws BadCursor */
  list(page: { readonly limit: number; readonly cursor?: string | undefined }, viewer: Viewer): { readonly items: readonly AccessKey[]; readonly nextCursor: string | undefined };
  /** @throws AccessRefused */
  get(id: string, viewer: Viewer): AccessKey;
  /** The token is in this answer and nowhere else. @throws AccessRefused */
  add(input: KeyInput, by: By): { readonly key: AccessKey; readonly token: string };
  /** @throws AccessRefused */
  revoke(id: string, by: By): AccessKey;
  /** The row of a key that is in force. */
  find(token: string): AccessKeyTable | undefined;
  /** Of these credentials, the keys whose time has run out. */
  over(credentials: readonly string[]): readonly string[];
}
export interface KeysOptions {
  readonly store: Store;
  readonly events: Events;
  readonly audit: Audit;
  readonly gone: Gone;
  readonly now: () => number;
}
const minute = 60_000;

export function createKeys({ store, events, audit, gone, now }: KeysOptions): Keys {
  const { db } = store;
  const mine = (owner: string | null, { principal, scope }: Viewer): boolean => scope === 'all' || (owner !== null && owner === principal.user);
  const get = (id: string, viewer: Viewer): AccessKey => {
    const [row] = store.run(db.selectFrom('access_keys').selectAll().where('id', '=', id));
    if (!row || !mine(row.owner, viewer)) throw new AccessRefused('access.no_such_key', `there is no key "${id}"`, 'GET /v1/keys lists them');
    return keyOf(row);
  };
  const commit = (type: 'key.created' | 'key.revoked', key: string, by: By, work: () => void): void => {
    if (!events.publishAll([{ type, subject: 'system', data: { key, by: by.principal.id } }], work)) throw new StoreError('store.full', 'the change could not be written', { hint: 'see /healthz' });
  };
  return {
    get,
    list({ limit, cursor }, viewer) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      let query = db.selectFrom('access_keys').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1);
      if (viewer.scope !== 'all') query = query.where('owner', '=', viewer.principal.user ?? '');
      if (after) query = query.where((e) => e.or([e('created_at', '<', after.at), e.and([e('created_at', '=', after.at), e('id', '<', after.id)])]));
      const { items, nextCursor } = page(store.run(query), limit, (row) => ({ at: row.created_at, id: row.id }));
      return { items: items.map(keyOf), nextCursor };
    },
    add({ name, permissions, fields, expiresAt }, by) {
      if (by.principal.kind === 'key') throw new AccessRefused('access.not_a_person', 'a key cannot make keys', 'log in, or use the admin token');
      notBeyond({ permissions, fields }, by, 'this key');
      const at = Math.round(now());
      if (expiresAt !== null && expiresAt <= at) throw new AccessRefused('access.bad_expiry', 'expires_at lies in the past', 'a time to come, or null');
      const token = newToken('stk');
      const row: AccessKeyTable = {
        id: newId('key', at), hash: digestOf(token), prefix: token.slice(0, 10), name, owner: by.principal.user, permissions: JSON.stringify(permissions), fields: JSON.stringify(fields),
        created_at: at, created_by: by.principal.id, expires_at: expiresAt, revoked_at: null, used_at: null,
      };
      const key = keyOf(row);
      commit('key.created', row.id, by, () => {
        store.change(db.insertInto('access_keys').values(row));
        audit.append(entryBy(by, 'key.create', row.id, { after: { name, owner: row.owner, permissions, fields, expires_at: expiresAt } }));
      });
      return { key, token };
    },
    revoke(id, by) {
      const before = get(id, by);
      if (before.revokedAt !== null) return before;
      const at = Math.round(now());
      commit('key.revoked', id, by, () => {
        store.change(db.updateTable('access_keys').set({ revoked_at: at }).where('id', '=', id));
        audit.append(entryBy(by, 'key.revoke', id, { before: { name: before.name, owner: before.owner } }));
      });
      gone.end(id);
      return { ...before, revokedAt: at };
    },
    over(credentials) {
      const held = new Set(credentials.filter((c) => c.startsWith('key_')));
      if (held.size === 0) return [];
      const expired = store.run(db.selectFrom('access_keys').select('id').where('expires_at', '<=', Math.round(now())));
      return expired.map(({ id }) => id).filter((id) => held.has(id));
    },
    find(token) {
      const [row] = store.run(db.selectFrom('access_keys').selectAll().where('hash', '=', digestOf(token)));
      const at = now();
      if (!row || row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= at)) return undefined;
      if (at - (row.used_at ?? 0) > minute) store.change(db.updateTable('access_keys').set({ used_at: Math.round(at) }).where('id', '=', row.id));
      return row;
    },
  };
}

const keyOf = (row: AccessKeyTable): AccessKey => ({
  id: row.id, prefix: row.prefix, name: row.name, owner: row.owner, permissions: permissionsIn(row.permissions), fields: fieldsIn(row.fields), createdAt: row.created_at, createdBy: row.created_by, expiresAt: row.expires_at,
  revokedAt: row.revoked_at, usedAt: row.used_at,
});
