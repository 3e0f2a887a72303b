import type { Events } from '../../events/index.js';
import type { Store } from '../../store/index.js';
import { fromRow, newestFirst, register, toRow, type Binding, type RegisterAsk, type Registered } from './bindings.js';

/** Who can be reached where. In memory for lookups, in the store for the next process; the store is written first. */
export interface Location {
  /** Phones of an extension, best first; none that has expired. */
  lookup(extension: string): readonly Binding[];
  all(): ReadonlyMap<string, readonly Binding[]>;
  /** @throws StoreError; then nothing has changed */
  register(extension: string, ask: RegisterAsk, maxContacts: number): Registered;
  /** Forgets every phone of an extension. @throws StoreError */
  remove(extension: string): void;
  /** Forgets extensions that the configuration no longer has. */
  keepOnly(extensions: ReadonlySet<string>): void;
  /** Whether some phone registered from this address, and, with `port`, from this very place. */
  knows(address: string, port?: number): boolean;
  close(): void;
}
export interface LocationOptions {
  readonly store: Store;
  readonly events: Events;
  readonly log: { error(fields: object, message: string): void };
  /** Milliseconds since 1970: bindings outlive the process. */
  readonly now?: () => number;
}
/** Bindings are swept when the next one expires, but no more often than this. */
const sweepGapMs = 250;
const longestWaitMs = 60_000;

export function createLocation({ store, events, log, now = Date.now }: LocationOptions): Location {
  const byExtension = load(store);
  const places = new Map<string, number>();
  const count = (list: readonly Binding[], by: 1 | -1): void => {
    for (const place of list.flatMap(({ address, port }) => [address, `${address} ${port}`])) {
      const n = (places.get(place) ?? 0) + by;
      if (n > 0) places.set(place, n);
      else places.delete(place);
    }
  };
  byExtension.forEach((list) => count(list, 1));
  const replace = (extension: string, list: readonly Binding[]): void => {
    count(byExtension.get(extension) ?? [], -1);
    count(list, 1);
    if (list.length > 0) byExtension.set(extension, list);
    else byExtension.delete(extension);
  };
  const drop = (extension: string, gone: readonly Binding[], why: 'expired' | 'removed'): void => {
    if (gone.length === 0) return;
    store.change(store.db.deleteFrom('registrations').where('aor', '=', extension).where('contact', 'in', gone.map((b) => b.uri)));
    replace(extension, (byExtension.get(extension) ?? []).filter((b) => !gone.includes(b)));
    for (const b of gone) events.publish('extension.unregistered', `extension:${extension}`, { extension, contact: b.uri, why });
  };

  let timer: NodeJS.Timeout | undefined;
  const sweep = (): void => {
    const at = now();
    try {
      for (const [extension, list] of [...byExtension]) drop(extension, list.filter((b) => b.expiresAt <= at), 'expired');
    } catch (error) {
      log.error({ err: error }, 'expired registrations could not be removed; they are ignored and tried again');
    }
    schedule();
  };
  const schedule = (): void => {
    clearTimeout(timer);
    const next = Math.min(...[...byExtension.values()].flat().map((b) => b.expiresAt));
    if (next === Infinity) return;
    timer = setTimeout(sweep, Math.min(longestWaitMs, Math.max(sweepGapMs, next - now())));
    timer.unref();
  };
  schedule();

  return {
    lookup: (extension) => newestFirst((byExtension.get(extension) ?? []).filter((b) => b.expiresAt > now())),
    all: () => byExtension,
    knows: (address, port) => places.has(port === undefined ? address : `${address} ${port}`),
    register(extension, ask, maxContacts) {
      const at = now();
      const before = byExtension.get(extension) ?? [];
      const result = register(before.filter((b) => b.expiresAt > at), ask, at, maxContacts);
      if (!result.ok) return result;
      const { bindings, added, removed } = result.change;
      save(store, extension, bindings);
      replace(extension, bindings);
      schedule();
      for (const { binding, why } of removed) events.publish('extension.unregistered', `extension:${extension}`, { extension, contact: binding.uri, why });
      for (const b of added.filter((a) => !before.some((old) => isRefresh(old, a, at)))) {
        events.publish('extension.registered', `extension:${extension}`, {
          extension, contact: b.uri, source: `${b.proto}:${b.address}:${b.port}`, ...(b.userAgent === undefined ? {} : { user_agent: b.userAgent }), expires_s: Math.round((b.expiresAt - at) / 1000),
        });
      }
      return result;
    },
    remove: (extension) => drop(extension, byExtension.get(extension) ?? [], 'removed'),
    keepOnly(extensions) {
      for (const [extension, list] of [...byExtension]) if (!extensions.has(extension)) drop(extension, list, 'removed');
    },
    close: () => clearTimeout(timer),
  };
}

/** A refresh from the same place is no news. */
const isRefresh = (old: Binding, b: Binding, now: number): boolean => old.uri === b.uri && old.address === b.address && old.port === b.port && old.proto === b.proto && old.expiresAt > now;

function load(store: Store): Map<string, readonly Binding[]> {
  const byExtension = new Map<string, readonly Binding[]>();
  for (const row of store.run(store.db.selectFrom('registrations').selectAll())) byExtension.set(row.aor, [...(byExtension.get(row.aor) ?? []), fromRow(row)]);
  return byExtension;
}

function save(store: Store, extension: string, bindings: readonly Binding[]): void {
  store.transaction(() => {
    store.change(store.db.deleteFrom('registrations').where('aor', '=', extension));
    if (bindings.length > 0) store.change(store.db.insertInto('registrations').values(bindings.map((b) => toRow(extension, b))));
  });
}
