import { createHash } from 'node:crypto';
import type { DialplanVersionTable, Store } from '../../../store/index.js';

export interface DialplanVersion {
  /** Its name in the folder: `main.yaml`. */
  readonly file: string;
  /** Counts from 1 within its file. */
  readonly version: number;
  readonly hash: string;
  /** Ms since 1970. */
  readonly at: number;
  readonly by: string;
  readonly comment: string | null;
  /** It is that version's text again. */
  readonly restores: number | null;
  /** When all callers got it first, and by whom; null: never yet. */
  readonly published_at: number | null;
  readonly published_by: string | null;
}
/** So many callers of a hundred get this version, by their number. */
export interface Rollout {
  readonly version: number;
  readonly percent: number;
  readonly by: string;
}
export interface Change {
  readonly by: string;
  readonly comment?: string | undefined;
}

/** Every good dialplan as it was, and which of them callers get. @throws StoreError */
export interface Archive {
  /** The version of this text that is in force, kept as a new one if the file was changed by hand. */
  loaded(file: string, text: string): DialplanVersion;
  /** A new version that is not in force yet; a text that is the newest version already is not kept twice. */
  add(file: string, text: string, change: Change): DialplanVersion;
  /** Puts a version in force; an older one becomes a new version with the same text. */
  enforce(file: string, version: DialplanVersion, change: Change): DialplanVersion;
  live(file: string): DialplanVersion | undefined;
  /** Newest first. */
  list(file: string, limit: number, before?: number): readonly DialplanVersion[];
  /** What all callers got before the version in force. */
  previous(file: string): DialplanVersion | undefined;
  get(file: string, version: number): (DialplanVersion & { readonly text: string }) | undefined;
  rollout(file: string): Rollout | undefined;
  setRollout(file: string, rollout: Rollout | undefined): void;
}

const COLUMNS = ['file', 'version', 'hash', 'at', 'by', 'comment', 'restores', 'published_at', 'published_by'] as const;
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
/** By whom a file changed that somebody wrote into the folder. */
const BY_HAND = 'file';

export function createArchive(store: Store, now: () => number = Date.now): Archive {
  const { db } = store;
  const liveKey = (file: string): string => `dialplan.live.${file}`;
  const versionOf = (file: string, version: number): DialplanVersion | undefined =>
    store.run(db.selectFrom('dialplan_versions').select(COLUMNS).where('file', '=', file).where('version', '=', version))[0];
  const list: Archive['list'] = (file, limit, before = Number.MAX_SAFE_INTEGER) =>
    store.run(db.selectFrom('dialplan_versions').select(COLUMNS).where('file', '=', file).where('version', '<', before).orderBy('version', 'desc').limit(limit));
  const withHash = (file: string, hash: string): DialplanVersion | undefined =>
    store.run(db.selectFrom('dialplan_versions').select(COLUMNS).where('file', '=', file).where('hash', '=', hash).orderBy('version', 'desc').limit(1))[0];
  const insert = (file: string, text: string, { by, comment }: Change, restores: number | null): DialplanVersion => {
    const made = { file, version: (list(file, 1)[0]?.version ?? 0) + 1, hash: hashOf(text), at: now(), by, comment: comment ?? null, restores, published_at: null, published_by: null };
    store.change(db.insertInto('dialplan_versions').values({ ...made, text } satisfies Omit<DialplanVersionTable, 'id'>));
    return made;
  };
  const live = (file: string): DialplanVersion | undefined => {
    const version = Number(store.getMeta(liveKey(file)));
    return version > 0 ? versionOf(file, version) : undefined;
  };
  const point = (version: DialplanVersion, by: string): DialplanVersion => {
    const { file, version: number } = version;
    store.setMeta(liveKey(file), String(number));
    if (version.published_at !== null) return version;
    const published = { published_at: now(), published_by: by };
    store.change(db.updateTable('dialplan_versions').set(published).where('file', '=', file).where('version', '=', number));
    return { ...version, ...published };
  };
  const get: Archive['get'] = (file, version) =>
    store.run(db.selectFrom('dialplan_versions').select([...COLUMNS, 'text']).where('file', '=', file).where('version', '=', version))[0];
  return {
    loaded: (file, text) => store.transaction(() => {
      const current = live(file);
      return current?.hash === hashOf(text) ? current : point(insert(file, text, { by: BY_HAND }, withHash(file, hashOf(text))?.version ?? null), BY_HAND);
    }),
    add: (file, text, change) => store.transaction(() => {
      const [newest] = list(file, 1);
      return newest?.hash === hashOf(text) ? newest : insert(file, text, change, withHash(file, hashOf(text))?.version ?? null);
    }),
    enforce: (file, version, change) => store.transaction(() => {
      const [newest] = list(file, 1);
      store.change(db.deleteFrom('dialplan_rollouts').where('file', '=', file));
      const older = newest !== undefined && version.version < newest.version && live(file)?.version !== version.version;
      return point(older ? insert(file, get(file, version.version)?.text ?? '', change, version.version) : version, change.by);
    }),
    live, list, get,
    previous(file) {
      const current = live(file);
      return current && store.run(db.selectFrom('dialplan_versions').select(COLUMNS).where('file', '=', file).where('version', '<', current.restores ?? current.version)
        .where('published_at', 'is not', null).orderBy('version', 'desc').limit(1))[0];
    },
    rollout: (file) => store.run(db.selectFrom('dialplan_rollouts').select(['version', 'percent', 'by']).where('file', '=', file))[0],
    setRollout: (file, rollout) => store.transaction(() => {
      store.change(db.deleteFrom('dialplan_rollouts').where('file', '=', file));
      if (rollout) store.change(db.insertInto('dialplan_rollouts').values({ file, ...rollout, at: now() }));
    }),
  };
}
