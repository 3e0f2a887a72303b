import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AuditTable, Store } from '../../store/index.js';
import { BadCursor, decodeCursor, encodeCursor, orderOf } from '../../store/index.js';
import { keyFile } from '../key-file.js';
import { createAnchors, readAnchors, type Anchors } from './anchors.js';
import { hashOf, type Link } from './chain.js';

/** Who did or saw what, from where. `before` and `after` hold no secrets: `redacted` has seen to that. */
export interface AuditEntry {
  readonly actor: string;
  readonly actorName: string;
  /** `user.change`, `recordings.read`, `POST /v1/queues`. */
  readonly action: string;
  readonly object: string;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly before?: unknown;
  readonly after?: unknown;
  readonly source: string;
  readonly request?: string | undefined;
}
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly object?: string | undefined;
  readonly outcome?: AuditEntry['outcome'] | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}
/** In the order in which it was written, its own way first: a clock that was set back changes nothing of it. */
export const AUDIT_SORTS = ['-at', 'at'] as const;
export interface AuditPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort?: (typeof AUDIT_SORTS)[number] | undefined;
}
export interface Audit {
  /** Committed when this returns, or with the transaction it is called in; its anchor is written in the same turn, after that. @throws StoreError */
  append(entry: AuditEntry): void;
  /** @throws BadCursor */
  list(filter: AuditFilter, page: AuditPage): { readonly items: readonly AuditTable[]; readonly nextCursor: string | undefined };
  /** Removes what is older, at most `limit` rows, with a signed mark of how far; how many went. */
  cut(before: number, limit?: number): number;
}
export interface AuditOptions {
  readonly store: Store;
  /** Where its key and its anchors lie; left out: in memory alone, for tests. */
  readonly folder?: string | undefined;
  readonly log: { error(fields: object, message: string): void };
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}
export const auditFiles = (folder: string) => ({ key: join(folder, 'audit.key'), anchors: join(folder, 'audit.anchors') });

/** Chained by HMAC: each row's hash covers the one before; the key and the newest hashes lie outside the database. @throws BadKeyFile */
export function createAudit({ store, folder, log, now = Date.now }: AuditOptions): Audit {
  const { key, anchors } = ground(store, folder, log);
  const { db } = store;
  const head = (): { seq: number; hash: string } => store.run(db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1))[0] ?? cutAt(store);
  let waiting = false;
  const anchor = (): void => {
    waiting = false;
    try {
      anchors?.add({ kind: 'head', ...head() });
    } catch (error) {
      log.error({ err: error }, 'the audit log could not be anchored; the next row tries again');
    }
  };
  return {
    append({ actor, actorName, action, object, outcome, before, after, source, request }) {
      const row = (seq: number): Link => ({ seq, at: Math.round(now()), actor, actor_name: actorName, action, object, outcome, before: text(before), after: text(after), source, request: request ?? null });
      store.transaction(() => {
        const last = head();
        const link = row(last.seq + 1);
        store.change(db.insertInto('audit').values({ ...link, hash: hashOf(key, last.hash, link) }));
      });
      if (waiting) return;
      waiting = true;
      // A transaction around this one ends before microtasks run.
      queueMicrotask(anchor);
    },
    list(filter, { limit, cursor, sort = AUDIT_SORTS[0] }) {
      const { way, beyond } = orderOf(sort);
      const ofOwn = sort === AUDIT_SORTS[0] ? undefined : sort;
      let query = db.selectFrom('audit').selectAll().orderBy('seq', way).limit(limit + 1);
      for (const name of ['actor', 'action', 'object', 'outcome'] as const) {
        const value = filter[name];
        if (value !== undefined) query = query.where(name, '=', value);
      }
      if (filter.since !== undefined) query = query.where('at', '>=', filter.since);
      if (filter.until !== undefined) query = query.where('at', '<', filter.until);
      if (cursor !== undefined) query = query.where('seq', beyond, seqIn(cursor, ofOwn));
      const rows = store.run(query);
      const last = rows[limit - 1];
      return { items: rows.slice(0, limit), nextCursor: rows.length > limit && last ? encodeCursor({ at: last.seq, id: AUDIT }, ofOwn) : undefined };
    },
    cut(before, limit = 1_000) {
      const oldest = store.run(db.selectFrom('audit').select(['seq', 'hash', 'at']).orderBy('seq').limit(limit));
      const newest = head().seq;
      // The clock may have been set back: what stays begins at the first row that is young enough. The newest row always stays.
      const young = oldest.findIndex((row) => row.at >= before || row.seq === newest);
      const last = (young < 0 ? oldest : oldest.slice(0, young)).at(-1);
      if (!last) return 0;
      anchors?.add({ kind: 'cut', seq: last.seq, hash: last.hash });
      return store.transaction(() => {
        store.setMeta('audit.cut_through', String(last.seq));
        store.setMeta('audit.cut_hash', last.hash);
        return store.change(db.deleteFrom('audit').where('seq', '<=', last.seq));
      });
    },
  };
}

function ground(store: Store, folder: string | undefined, log: AuditOptions['log']): { key: Buffer; anchors: Anchors | undefined } {
  if (folder === undefined) return { key: randomBytes(32), anchors: undefined };
  const files = auditFiles(folder);
  const { key, made } = keyFile(files.key);
  const [row] = store.run(store.db.selectFrom('audit').select('seq').limit(1));
  if (row && made) log.error({ file: files.key }, 'the key of the audit log was missing: a new one was made, and `strowger audit verify` will fail for all older rows');
  if (row && readAnchors(files.anchors).length === 0) log.error({ file: files.anchors }, 'the anchors of the audit log are missing');
  const holds = (seq: number, hash: string): boolean => store.run(store.db.selectFrom('audit').select('hash').where('seq', '=', seq))[0]?.hash === hash;
  return { key, anchors: createAnchors(files.anchors, key, holds) };
}

const cutAt = (store: Store): { seq: number; hash: string } => ({ seq: Number(store.getMeta('audit.cut_through') ?? 0), hash: store.getMeta('audit.cut_hash') ?? '' });

const longest = 16_384;
function text(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const whole = JSON.stringify(value);
  return whole.length <= longest ? whole : JSON.stringify({ too_long: whole.length, begins: whole.slice(0, 1_000) });
}

/** Stands in its cursors, so that those of other lists lead nowhere. */
const AUDIT = 'audit';
/** @throws BadCursor */
function seqIn(cursor: string, sort: string | undefined): number {
  const { at, id } = decodeCursor(cursor, sort);
  if (id !== AUDIT) throw new BadCursor();
  return at;
}
