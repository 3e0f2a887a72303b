import { createHash, randomBytes } from 'node:crypto';
import type { Ms } from '../../base/index.js';
import { newId, type Store, type VisitorTable } from '../../store/index.js';
import { appVisitor } from './app-party.js';

export interface Visitor {
  readonly id: string;
  readonly customer: string | null;
  /** The house's own site has vouched for who it is. */
  readonly verified: boolean;
  readonly name: string | null;
  readonly language: string | null;
  readonly consent: boolean;
}
export interface Page {
  readonly at: number;
  readonly url: string;
  readonly title: string | null;
}
/** Browsers that have talked, or may: each known by a token of its own. */
export interface Visitors {
  create(language: string | null): { readonly visitor: Visitor; readonly token: string };
  /** Undefined: nobody's, or not seen for too long. */
  byToken(token: string): Visitor | undefined;
  known(id: string): Visitor | undefined;
  change(id: string, what: Partial<Omit<Visitor, 'id'>>): void;
  visited(id: string, page: { readonly url: string; readonly title: string | null }): void;
  /** The latest, oldest first. */
  pages(id: string, limit: number): readonly Page[];
  /** Browsers of a customer who is no more, and where they and his apps have been. */
  forget(customer: string): void;
  /** What is too old to be kept. */
  sweep(keepPagesMs: Ms): void;
}

const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
const TOKEN = /^vt_[\w-]{43}$/;

export function createVisitors({ store, sessionMs, now }: { readonly store: Store; readonly sessionMs: () => Ms; readonly now: () => number }): Visitors {
  const { db } = store;
  const find = (column: 'id' | 'token', value: string): VisitorTable | undefined => store.run(db.selectFrom('chat_visitors').selectAll().where(column, '=', value))[0];
  const set = (id: string, row: Partial<VisitorTable>): void => void store.change(db.updateTable('chat_visitors').set(row).where('id', '=', id));
  return {
    create(language) {
      const at = now();
      const token = `vt_${randomBytes(32).toString('base64url')}`;
      const row: VisitorTable = { id: newId('vis', at), token: digest(token), customer: null, verified: 0, name: null, language, consent: 0, created_at: at, seen_at: at };
      store.change(db.insertInto('chat_visitors').values(row));
      return { visitor: toVisitor(row), token };
    },
    byToken(token) {
      const row = TOKEN.test(token) ? find('token', digest(token)) : undefined;
      if (!row || row.seen_at < now() - sessionMs()) return undefined;
      if (now() - row.seen_at > 3_600_000) set(row.id, { seen_at: now() });
      return toVisitor(row);
    },
    known(id) {
      const row = find('id', id);
      return row && toVisitor(row);
    },
    change(id, { verified, consent, ...rest }) {
      set(id, { ...rest, ...(verified === undefined ? {} : { verified: verified ? 1 : 0 }), ...(consent === undefined ? {} : { consent: consent ? 1 : 0 }), seen_at: now() });
    },
    visited: (visitor, { url, title }) => void store.change(db.insertInto('chat_pages').values({ visitor, at: now(), url, title })),
    pages: (id, limit) => store.run(db.selectFrom('chat_pages').select(['at', 'url', 'title']).where('visitor', '=', id).orderBy('seq', 'desc').limit(limit)).reverse(),
    forget(customer) {
      const theirs = db.selectFrom('chat_visitors').select('id').where('customer', '=', customer);
      store.change(db.deleteFrom('chat_pages').where((e) => e.or([e('visitor', 'in', theirs), e('visitor', '=', appVisitor(customer))])));
      store.change(db.deleteFrom('chat_visitors').where('customer', '=', customer));
    },
    sweep(keepPagesMs) {
      store.change(db.deleteFrom('chat_pages').where('seq', 'in', db.selectFrom('chat_pages').select('seq').where('at', '<', now() - keepPagesMs).orderBy('seq').limit(2_000)));
      store.change(db.deleteFrom('chat_visitors').where('id', 'in', db.selectFrom('chat_visitors').select('id').where('seen_at', '<', now() - sessionMs()).limit(500)));
    },
  };
}
const toVisitor = ({ id, customer, verified, name, language, consent }: VisitorTable): Visitor => ({ id, customer, verified: verified === 1, name, language, consent: consent === 1 });
