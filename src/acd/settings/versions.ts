import type { Store } from '../../store/index.js';
import type { SettingsPatch } from './document.js';
import { NoSuchVersion } from './errors.js';

export interface Version {
  readonly version: number;
  /** Ms since 1970. */
  readonly at: number;
  readonly by: string;
  readonly comment: string | null;
  readonly patch: SettingsPatch;
  /** This version is that one again. */
  readonly restores: number | null;
}
export interface Versions {
  /** The changes that make up the newest version, oldest first, with their numbers. */
  current(): readonly Version[];
  /** What made up that version; 0: the files alone. @throws NoSuchVersion */
  of(version: number): readonly Version[];
  newest(): number;
  /** On disk when it returns. @throws StoreError */
  add(change: Omit<Version, 'version' | 'restores'>): Version;
  /** @throws NoSuchVersion @throws StoreError */
  restore(version: number, how: Omit<Version, 'version' | 'restores' | 'patch'>): Version;
  /** Newest first, those before `before`. */
  list(limit: number, before?: number): readonly Version[];
}

/** Changes of settings, kept in the order in which they were made. */
export function createVersions(store: Store): Versions {
  const read = (): Version[] => store.run(store.db.selectFrom('acd_settings').selectAll().orderBy('version')).map((row) => ({ ...row, patch: JSON.parse(row.patch) as SettingsPatch }));
  const all = read();
  const of = (version: number): readonly Version[] => {
    const chain: Version[] = [];
    for (let at = version; at !== 0; ) {
      const found = all[at - 1];
      if (!found) throw new NoSuchVersion(version);
      if (found.restores === null) chain.push(found);
      at = found.restores ?? at - 1;
    }
    return chain.reverse();
  };
  const write = (row: Omit<Version, 'version'>): Version => {
    const version = (all.at(-1)?.version ?? 0) + 1;
    store.change(store.db.insertInto('acd_settings').values({ ...row, version, patch: JSON.stringify(row.patch) }));
    const made = { ...row, version };
    all.push(made);
    return made;
  };
  let chain = of(all.length);
  return {
    current: () => chain,
    of,
    newest: () => all.length,
    add(change) {
      const made = write({ ...change, restores: null });
      chain = [...chain, made];
      return made;
    },
    restore(version, how) {
      const restored = of(version);
      const made = write({ ...how, patch: {}, restores: version });
      chain = restored;
      return made;
    },
    list: (limit, before = Infinity) => all.filter((v) => v.version < before).slice(-limit).reverse(),
  };
}
