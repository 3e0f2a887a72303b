import type { Generated } from 'kysely';

/** Tables of src/store/migrations/objects.ts. */
export interface ObjectsTables {
  objects: ObjectTable;
  object_versions: ObjectVersionTable;
}
/** What the API owns of trunks, extensions, numbers, routes, calendars and settings of the house. */
export interface ObjectTable {
  kind: string;
  id: string;
  /** JSON as a file would have it; passwords of trunks are references, extensions have an HA1. */
  form: string;
  /** Of the HA1; null where there is none. */
  realm: string | null;
  version: number;
  at: number;
  by: string;
}
/** Every change of them. */
export interface ObjectVersionTable {
  version: Generated<number>;
  kind: string;
  id: string;
  action: 'created' | 'changed' | 'removed' | 'adopted' | 'released';
  at: number;
  by: string;
  comment: string | null;
  /** JSON without anything secret; null where the files own it again, or nobody. */
  form: string | null;
}
