import type { Config, FileForms, SecretLookup } from '../config/index.js';
import type { Events } from '../events/index.js';
import type { Store } from '../store/index.js';
import { NoSuchObject, NotInFile, ObjectExists, ObjectsRefused, ObjectStale, OwnedByFile, PartOfTrunk, StandsInFile, type ObjectFault } from './errors.js';
import { inFiles, viewOf, type InFiles } from './found.js';
import type { KindRules } from './kinds.js';
import { lay, type Judged, type Laying, type LayOptions } from './lay.js';
import type { Action, ChangedBy, Form, Kind, Laid, Objects, ObjectView } from './ports.js';
import { KINDS } from './ports.js';
import { merged, prepare, referencesOf, withFormerSecrets, type Prepared } from './prepare.js';
import { createRows, readOwned, type Owned, type OwnedObjects } from './rows.js';
import { isOurs, type SecretFile } from './secrets.js';

export interface ObjectsOptions {
  /** As they were read at the start, and the calendars beside the dialplans. */
  readonly files: Config;
  readonly fileCalendars: () => ReadonlyMap<string, Form>;
  readonly rules: Readonly<Record<Kind, KindRules>>;
  readonly store: Store;
  readonly events: Events;
  readonly secrets: SecretFile;
  /** Made anew for every reading: what `${NAME}` stands for in the files. */
  readonly lookup: () => SecretLookup;
  readonly realm: string;
  readonly log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Ms since 1970. */
  readonly now?: () => number;
  /** Whether everybody else could live with it. @throws whatever says why not */
  readonly wouldTake?: (next: Laid, changed: { readonly kind: Kind; readonly id: string; readonly action: Action; readonly gone: boolean }) => void;
  /** Puts it in force. */
  readonly onChanged?: (laid: Laid, changed: { readonly kind: Kind; readonly id: string; readonly action: Action; readonly by: string }) => void;
}

/** @throws StoreError */
export function createObjects(options: ObjectsOptions): Objects {
  const { rules, events, store, secrets, realm, log, now = Date.now } = options;
  const rows = createRows(store, events);
  const laying = (): LayOptions => {
    const fromFiles = options.lookup();
    return { rules, realm, judged: new WeakMap<Owned, Judged>(), lookup: (name) => (isOurs(name) ? (secrets.get(name) ?? pending.get(name)) : fromFiles(name)) };
  };
  let pending: ReadonlyMap<string, string> = new Map();
  let files = options.files;
  let with_ = laying();
  let { owned, laid } = atStart(files, rows.owned(), with_, log);
  let index: InFiles = inFiles(files.forms, options.fileCalendars(), laid);
  warnOf(owned, files.forms, realm, log);
  const references = (all: OwnedObjects): string[] => [...all.values()].flatMap((of) => [...of.values()].flatMap((one) => referencesOf(one.form)));
  // What was left out at the start may fit again at the next.
  const leftOut = references(rows.owned()).filter((name) => !references(owned).includes(name));
  const tidy = (): void => secrets.keepOnly(new Set([...references(owned), ...leftOut]));
  tidy();

  const filled = (one: Owned): Form => {
    const judged = with_.judged.get(one);
    return judged?.ok === true ? judged.form : one.form;
  };
  const view = (kind: Kind, id: string): ObjectView | undefined => viewOf(kind, id, rules[kind], { files: index, owned, whole: filled });
  const found = (kind: Kind, id: string): ObjectView => {
    if (kind === 'calendar') index = { ...index, calendar: inFiles(files.forms, options.fileCalendars(), laid).calendar };
    const one = view(kind, id);
    if (!one) throw new NoSuchObject(kind, id, rules[kind].path);
    return one;
  };
  /** The object, which is whoever asks may change. */
  const fresh = (kind: Kind, id: string, { ifMatch }: ChangedBy): ObjectView => {
    const one = found(kind, id);
    if (one.partOf !== null) throw new PartOfTrunk(kind, id, one.partOf);
    if (ifMatch !== undefined && ifMatch.trim() !== '*' && !ifMatch.split(',').some((tag) => tag.trim() === one.etag)) throw new ObjectStale(kind, id);
    return one;
  };
  const own = (kind: Kind, id: string, how: ChangedBy): Owned => {
    const { owner } = fresh(kind, id, how);
    const one = owned.get(kind)?.get(id);
    if (owner === 'file' || !one) throw new OwnedByFile(kind, id, rules[kind].file);
    return one;
  };

  const settle = (kind: Kind, id: string, action: Action, prepared: Prepared | undefined, { by, comment }: ChangedBy): void => {
    const at = now();
    const next: Owned | undefined = prepared && { kind, id, form: prepared.form, realm: prepared.form['ha1'] === undefined ? null : realm, version: 0, at, by };
    pending = prepared?.secrets ?? new Map();
    try {
      const tried = lay(files, replaced(owned, kind, id, next), with_);
      const faults = [...(prepared?.faults ?? []), ...tried.faults];
      if (faults.length > 0) throw new ObjectsRefused(faults.map(plain));
      options.wouldTake?.(tried, { kind, id, action, gone: next === undefined && !index[kind].has(id) });
      secrets.add(pending);
    } finally {
      pending = new Map();
    }
    const judged = next && with_.judged.get(next);
    const shown = next && rules[kind].shown(judged?.ok === true ? judged.form : next.form);
    const kept = rows.write({ kind, id, action, at, by, comment: comment ?? null, form: next?.form, realm: next?.realm ?? null, shown: shown ?? null });
    if (kept && judged) with_.judged.set(kept, judged);
    owned = replaced(owned, kind, id, kept);
    laid = lay(files, owned, with_);
    if (kind !== 'extension') index = inFiles(files.forms, options.fileCalendars(), laid);
    tidy();
    options.onChanged?.(laid, { kind, id, action, by });
  };
  const put = (kind: Kind, id: string, given: Form, former: Form, action: Action, how: ChangedBy): ObjectView => {
    const list = `/${rules[kind].list}/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    settle(kind, id, action, prepare(kind, id, given, { realm, pointer: list, former: new Set(referencesOf(former)) }), how);
    return found(kind, id);
  };

  return {
    now: () => laid,
    owner: (kind, id) => (owned.get(kind)?.has(id) === true ? 'api' : 'file'),
    list: (kind) => {
      const ids = new Set([...index[kind].keys(), ...(owned.get(kind)?.keys() ?? [])]);
      return [...ids].sort().flatMap((id) => view(kind, id) ?? []);
    },
    get: found,
    create(kind, form, how) {
      const id = rules[kind].idOf(form);
      const existing = id === undefined ? undefined : view(kind, id);
      if (existing && id !== undefined) throw new ObjectExists(kind, id, existing.owner);
      return put(kind, id ?? '', form, {}, 'created', how);
    },
    replace(kind, id, form, how) {
      const one = own(kind, id, how);
      return put(kind, id, withFormerSecrets(kind, one.form, form), one.form, 'changed', how);
    },
    patch(kind, id, patch, how) {
      const one = own(kind, id, how);
      return put(kind, id, merged(kind, one.form, patch), one.form, 'changed', how);
    },
    remove(kind, id, how) {
      own(kind, id, how);
      if (view(kind, id)?.inFile === true) throw new StandsInFile(kind, id, rules[kind].file);
      settle(kind, id, 'removed', undefined, how);
    },
    adopt(kind, id, how) {
      const one = fresh(kind, id, how);
      if (one.owner === 'api') return one;
      return put(kind, id, adopted(kind, id, index[kind].get(id)?.form ?? {}, files), {}, 'adopted', how);
    },
    release(kind, id, how) {
      own(kind, id, how);
      if (view(kind, id)?.inFile !== true) throw new NotInFile(kind, id, rules[kind].file);
      settle(kind, id, 'released', undefined, how);
      return found(kind, id);
    },
    versions: (kind, id, limit, before = Number.MAX_SAFE_INTEGER) => rows.versions(kind, id, limit, before),
    refile(next) {
      const options_ = laying();
      const tried = lay(next, owned, options_);
      if (tried.faults.length > 0) throw new ObjectsRefused(tried.faults.map(plain));
      return {
        laid: tried,
        adopt() {
          [files, with_, laid] = [next, options_, tried];
          index = inFiles(files.forms, options.fileCalendars(), laid);
          warnOf(owned, files.forms, realm, log);
        },
      };
    },
  };
}

/** The files with what the API owns over them, for those who only look: nothing is written, and what does not fit is left out. @throws StoreError */
export function laidOver({ files, rules, store, secrets, lookup, realm, log }: Pick<ObjectsOptions, 'files' | 'rules' | 'store' | 'secrets' | 'lookup' | 'realm' | 'log'>): Laid {
  const fromFiles = lookup();
  return atStart(files, readOwned(store), { rules, realm, judged: new WeakMap(), lookup: (name) => (isOurs(name) ? secrets.get(name) : fromFiles(name)) }, log).laid;
}

const plain = ({ pointer, code, message, hint }: ObjectFault): ObjectFault => ({ pointer, code, message, hint });

function replaced(owned: OwnedObjects, kind: Kind, id: string, next: Owned | undefined): OwnedObjects {
  const of = new Map(owned.get(kind));
  if (next) of.set(id, next);
  else of.delete(id);
  return new Map(owned).set(kind, of);
}

/** An extension brings what its phone proves itself by; a password that stood in the file stays where it is only as a reference. */
function adopted(kind: Kind, id: string, form: Form, files: Config): Form {
  if (kind !== 'extension') return form;
  const { password, ha1: _ha1, ...rest } = form;
  if (typeof password === 'string' && password.startsWith('${')) return { ...rest, password };
  const ha1 = files.extensions.find((e) => e.number === id)?.ha1;
  return { ...rest, ha1: { md5: ha1?.md5.reveal(), sha256: ha1?.sha256.reveal() } };
}

/** At the start there is nothing to fall back on: what the files no longer allow is left out, and said to be. */
function atStart(files: Config, all: OwnedObjects, with_: LayOptions, log: ObjectsOptions['log']): { owned: OwnedObjects; laid: Laying } {
  let owned = all;
  for (;;) {
    const laid = lay(files, owned, with_);
    const bad = laid.faults.filter((f) => owned.get(f.kind)?.has(f.id) === true);
    if (bad.length === 0) return { owned, laid };
    for (const { kind, id, pointer, message } of bad) {
      log.error({ kind, id, pointer, why: message }, 'an object of the API does not fit the files any more and is left out');
      owned = replaced(owned, kind, id, undefined);
    }
  }
}

/** What is right, but hardly meant. */
function warnOf(owned: OwnedObjects, forms: FileForms, realm: string, log: ObjectsOptions['log']): void {
  const names: Partial<Record<Kind, readonly string[]>> = { trunk: forms.trunks.map((t) => t.name), extension: forms.extensions.map((e) => e.number), alert: forms.alerts.map((a) => a.name) };
  for (const kind of KINDS) {
    for (const one of owned.get(kind)?.values() ?? []) {
      if (names[kind]?.includes(one.id) === true) log.warn({ kind, id: one.id }, 'the API owns this: what the files say of it has no effect');
      if (one.realm !== null && one.realm !== realm) log.warn({ kind, id: one.id, realm: one.realm }, 'its password was set for another realm: set it again');
    }
  }
}
