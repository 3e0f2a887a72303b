import type { Events, Subject } from '../events/index.js';
import type { Store } from '../store/index.js';
import type { Action, Form, Kind, ObjectVersion } from './ports.js';

/** One object that the API owns. Never changes: a change makes another. */
export interface Owned {
  readonly kind: Kind;
  readonly id: string;
  /** Passwords of trunks are references; extensions have a reference or an HA1. */
  readonly form: Form;
  /** Of the HA1. */
  readonly realm: string | null;
  readonly version: number;
  readonly at: number;
  readonly by: string;
}
export type OwnedObjects = ReadonlyMap<Kind, ReadonlyMap<string, Owned>>;

export interface Change {
  readonly kind: Kind;
  readonly id: string;
  readonly action: Action;
  readonly at: number;
  readonly by: string;
  readonly comment: string | null;
  /** What is kept; undefined: nothing any more. */
  readonly form: Form | undefined;
  readonly realm: string | null;
  /** What the history shows. */
  readonly shown: Form | null;
}
export interface Rows {
  owned(): OwnedObjects;
  /** On disk when it answers, its fact too. @throws StoreError; then nothing was changed */
  write(change: Change): Owned | undefined;
  versions(kind: Kind, id: string, limit: number, before: number): readonly ObjectVersion[];
}
/** Up to which version of the objects the facts have been published. */
const TOLD = 'objects.told';

export const readOwned = (store: Pick<Store, 'run' | 'db'>): OwnedObjects => {
  const all = new Map<Kind, Map<string, Owned>>();
  for (const row of store.run(store.db.selectFrom('objects').selectAll().orderBy('kind').orderBy('id'))) {
    const kind = row.kind as Kind;
    const of = all.get(kind) ?? new Map<string, Owned>();
    all.set(kind, of.set(row.id, { ...row, kind, form: JSON.parse(row.form) as Form }));
  }
  return all;
};

/** Extensions that no file has: files may refer to them. */
export const ownExtensions = (store: Pick<Store, 'run' | 'db'>): string[] => [...(readOwned(store).get('extension')?.keys() ?? [])];

export function createRows(store: Store, events: Events): Rows {
  /** A change is on disk before anybody hears of it, and everybody hears of each once: also when we were killed between the two. */
  const tell = (): void => {
    const told = Number(store.getMeta(TOLD) ?? 0);
    for (const row of store.run(store.db.selectFrom('object_versions').selectAll().where('version', '>', told).orderBy('version'))) {
      const { version, action, by, comment } = row;
      const kind = row.kind as Kind;
      const owner = action === 'removed' ? null : action === 'released' ? 'file' : 'api';
      const data = { kind, id: row.id, action, owner, version, by, ...(comment === null ? {} : { comment }) } as const;
      events.publishAll([{ type: 'object.changed', subject: subjectOf(kind, row.id), data }], () => store.setMeta(TOLD, String(version)));
    }
  };
  tell();
  return {
    owned: () => readOwned(store),
    write({ form, shown, realm, ...about }) {
      const { kind, id, at, by } = about;
      const version = store.transaction(() => {
        const [made] = store.run(store.db.insertInto('object_versions').values({ ...about, form: shown && JSON.stringify(shown) }).returning('version'));
        const number = made?.version ?? 0;
        store.change(store.db.deleteFrom('objects').where('kind', '=', kind).where('id', '=', id));
        if (form) store.change(store.db.insertInto('objects').values({ kind, id, form: JSON.stringify(form), realm, version: number, at, by }));
        return number;
      });
      tell();
      return form && { kind, id, form, realm, version, at, by };
    },
    versions: (kind, id, limit, before) =>
      store
        .run(store.db.selectFrom('object_versions').selectAll().where('kind', '=', kind).where('id', '=', id).where('version', '<', before).orderBy('version', 'desc').limit(limit))
        .map(({ version, action, at, by, comment, form }) => ({ version, action, at, by, comment, form: form === null ? null : (JSON.parse(form) as Form) })),
  };
}

const subjectOf = (kind: Kind, id: string): Subject => (kind === 'trunk' || kind === 'extension' ? `${kind}:${id}` : 'system');
