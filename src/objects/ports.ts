import type { Config } from '../config/index.js';

export const KINDS = ['extension', 'trunk', 'number', 'route', 'calendar', 'alert', 'setting'] as const;
export type Kind = (typeof KINDS)[number];
/** As a file would have it, in seconds and snake_case. */
export type Form = Readonly<Record<string, unknown>>;
export type Action = 'created' | 'changed' | 'removed' | 'adopted' | 'released';

/** One thing that either the files or the API own. */
export interface ObjectView {
  readonly kind: Kind;
  readonly id: string;
  readonly owner: 'file' | 'api';
  /** The API owns it, and the files have one of that name, which has no effect. */
  readonly inFile: boolean;
  /** A number or route that stands in the form of a trunk. */
  readonly partOf: string | null;
  /** Of the last change by API; null where the files own it. */
  readonly version: number | null;
  /** Ms since 1970. */
  readonly changedAt: number | null;
  readonly changedBy: string | null;
  /** Changes with every change. */
  readonly etag: string;
  /** Without anything secret, every default filled in. */
  readonly form: Form;
}
export interface ObjectVersion {
  readonly version: number;
  readonly action: Action;
  readonly at: number;
  readonly by: string;
  readonly comment: string | null;
  readonly form: Form | null;
}
/** Who changes something and why. */
export interface ChangedBy {
  readonly by: string;
  readonly comment?: string | undefined;
  /** The ETag of what the change was made for; undefined: whatever it is now. */
  readonly ifMatch?: string | undefined;
}

/** Reads and changes what may be the API's. A change is checked as files are, on disk and in force when it returns. */
export interface ObjectsDesk {
  owner(kind: Kind, id: string): 'file' | 'api';
  /** In the order of their IDs. */
  list(kind: Kind): readonly ObjectView[];
  /** @throws NoSuchObject */
  get(kind: Kind, id: string): ObjectView;
  /** @throws ObjectExists @throws ObjectsRefused */
  create(kind: Kind, form: Form, how: ChangedBy): ObjectView;
  /** A password that is left out stays. @throws NoSuchObject @throws ObjectStale @throws OwnedByFile @throws ObjectsRefused */
  replace(kind: Kind, id: string, form: Form, how: ChangedBy): ObjectView;
  /** RFC 7396. @throws NoSuchObject @throws ObjectStale @throws OwnedByFile @throws ObjectsRefused */
  patch(kind: Kind, id: string, patch: Form, how: ChangedBy): ObjectView;
  /** @throws NoSuchObject @throws ObjectStale @throws OwnedByFile @throws StandsInFile @throws ObjectsRefused where something refers to it */
  remove(kind: Kind, id: string, how: ChangedBy): void;
  /** The API owns it from now on, as it is; what the files say of it has no effect any more. @throws NoSuchObject @throws ObjectStale */
  adopt(kind: Kind, id: string, how: ChangedBy): ObjectView;
  /** The files own it again. @throws NoSuchObject @throws ObjectStale @throws NotInFile @throws ObjectsRefused */
  release(kind: Kind, id: string, how: ChangedBy): ObjectView;
  /** Newest first, those before `before`. */
  versions(kind: Kind, id: string, limit: number, before?: number): readonly ObjectVersion[];
}

/** Files with what the API owns laid over them. */
export interface Laid {
  readonly config: Config;
  /** Calendars of the API by name. */
  readonly calendars: ReadonlyMap<string, Form>;
}
export interface Objects extends ObjectsDesk {
  now(): Laid;
  /** What would hold with these files; `adopt` puts it in force. @throws ObjectsRefused */
  refile(files: Config): { readonly laid: Laid; readonly adopt: () => void };
}
