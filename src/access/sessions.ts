import type { Events } from '../events/index.js';
import { newId, StoreError, type SessionTable, type Store, type UserTable } from '../store/index.js';
import type { Audit } from './audit/audit.js';
import { entryBy, type By } from './by.js';
import { AccessRefused } from './errors.js';
import type { Gone } from './gone.js';
import { digestOf, newToken } from './tokens.js';

/** A browser that is logged in. */
export type Session = Omit<SessionTable, 'hash'>;
/** Where a request came from. */
export interface From {
  readonly source: string;
  readonly userAgent: string | undefined;
  readonly request: string | undefined;
}
export interface Sessions {
  /** Committed with its fact and its line in the audit log. The token is in this answer and nowhere else. @throws StoreError */
  open(user: UserTable, how: Session['how'], from: From): { readonly session: Session; readonly token: string };
  /** The session of a token, while it holds. */
  find(token: string): Session | undefined;
  /** Those of a user that hold, newest first. */
  list(user: string): readonly Session[];
  /** @throws AccessRefused access.no_such_session */
  end(user: string, id: string, why: 'logged_out' | 'revoked', by: Omit<By, 'scope'>): void;
  /** All of a user, but one. Inside a transaction of the caller. */
  endOthers(user: string, but: string | undefined): void;
  /** Addresses from which he was logged in lately. */
  knows(user: string, address: string): boolean;
  /** Of these credentials, those whose time has run out; long ended ones are forgotten. */
  over(credentials: readonly string[]): readonly string[];
}
export interface SessionsOptions {
  readonly store: Store;
  readonly events: Events;
  readonly audit: Audit;
  readonly gone: Gone;
  readonly limits: () => { readonly idleMs: number; readonly longestMs: number };
  readonly now: () => number;
}
const minute = 60_000;
const keptMs = 30 * 86_400_000;

export function createSessions({ store, events, audit, gone, limits, now }: SessionsOptions): Sessions {
  const { db } = store;
  const holds = (row: SessionTable): boolean => row.ended_at === null && row.expires_at > now() && row.seen_at + limits().idleMs > now();
  return {
    open(user, how, { source, userAgent, request }) {
      const [at, token] = [Math.round(now()), newToken('sts')];
      const row: SessionTable = {
        id: newId('ses', at), hash: digestOf(token), user: user.id, how, created_at: at, seen_at: at, expires_at: at + limits().longestMs, address: source, user_agent: userAgent?.slice(0, 300) ?? null, ended_at: null,
      };
      const written = events.publishAll([{ type: 'user.logged_in', subject: `user:${user.id}`, data: { user: user.id, session: row.id, how } }], () => {
        store.change(db.insertInto('sessions').values(row));
        store.change(db.updateTable('users').set({ seen_at: at }).where('id', '=', user.id));
        audit.append({ actor: user.id, actorName: user.login, action: 'login', object: row.id, outcome: 'done', after: { how }, source, request });
      });
      if (!written) throw new StoreError('store.full', 'the log-in could not be written', { hint: 'see /healthz' });
      return { session: sessionOf(row), token };
    },
    find(token) {
      const [row] = store.run(db.selectFrom('sessions').selectAll().where('hash', '=', digestOf(token)));
      if (!row || !holds(row)) return undefined;
      // A long idle time need not be told to the second.
      if (now() - row.seen_at > Math.min(minute, limits().idleMs / 10)) store.change(db.updateTable('sessions').set({ seen_at: Math.round(now()) }).where('id', '=', row.id));
      return sessionOf(row);
    },
    list: (user) => store.run(db.selectFrom('sessions').selectAll().where('user', '=', user).where('ended_at', 'is', null).orderBy('created_at', 'desc')).filter(holds).map(sessionOf),
    end(user, id, why, by) {
      const [row] = store.run(db.selectFrom('sessions').selectAll().where('id', '=', id).where('user', '=', user));
      if (!row || !holds(row)) throw new AccessRefused('access.no_such_session', `there is no session "${id}"`, 'GET /v1/me/sessions lists yours');
      const written = events.publishAll([{ type: 'user.session_ended', subject: `user:${user}`, data: { user, session: id, why } }], () => {
        store.change(db.updateTable('sessions').set({ ended_at: Math.round(now()) }).where('id', '=', id));
        audit.append(entryBy(by, why === 'logged_out' ? 'logout' : 'session.revoke', id));
      });
      if (!written) throw new StoreError('store.full', 'the change could not be written', { hint: 'see /healthz' });
      gone.end(id);
    },
    endOthers(user, but) {
      const others = store.run(db.selectFrom('sessions').select('id').where('user', '=', user).where('ended_at', 'is', null)).filter(({ id }) => id !== but);
      for (const { id } of others) store.change(db.updateTable('sessions').set({ ended_at: Math.round(now()) }).where('id', '=', id));
      queueMicrotask(() => others.forEach(({ id }) => gone.end(id)));
    },
    knows: (user, address) => store.run(db.selectFrom('sessions').select('id').where('user', '=', user).where('address', '=', address).limit(1)).length > 0,
    over(credentials) {
      store.change(db.deleteFrom('sessions').where('expires_at', '<', now() - keptMs));
      const held = credentials.filter((c) => c.startsWith('ses_'));
      if (held.length === 0) return [];
      const good = new Set(store.run(db.selectFrom('sessions').selectAll().where('ended_at', 'is', null).where('expires_at', '>', now())).filter(holds).map(({ id }) => id));
      return held.filter((c) => !good.has(c));
    },
  };
}

const sessionOf = ({ hash: _hash, ...session }: SessionTable): Session => session;
