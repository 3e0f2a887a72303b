import { bestEntry, type Arrival, type Entry } from './entries.js';
import type { DialplanFile } from './file.js';
import { shareOf } from './versions/share.js';

/** One file as callers get it: some of them perhaps a version that is being tried. */
export interface Served {
  /** Its name in the folder. */
  readonly name: string;
  readonly file: DialplanFile;
  /** Undefined where versions are not kept. */
  readonly version: number | undefined;
  readonly tried: { readonly file: DialplanFile; readonly version: number; readonly percent: number } | undefined;
}
/** Where a call goes, and on which version it stays. */
export interface Chosen extends Entry {
  readonly file: string;
  readonly version: number | undefined;
}

/** The flow for a call, out of what its caller gets. */
export function chooseFlow(served: readonly Served[], arrival: Arrival): Chosen | undefined {
  const given = served.map((one) => variantFor(one, arrival.from ?? ''));
  const best = bestEntry(given.flatMap(({ entries }) => entries), arrival);
  const from = best && given.find(({ entries }) => entries.includes(best));
  return best && from ? { ...best, file: from.name, version: from.version } : undefined;
}

function variantFor({ name, file, version, tried }: Served, caller: string) {
  return tried && shareOf(name, caller) < tried.percent ? { name, entries: tried.file.entries, version: tried.version } : { name, entries: file.entries, version };
}

export const allFiles = (served: readonly Served[]): DialplanFile[] => served.flatMap(({ file, tried }) => (tried ? [file, tried.file] : [file]));
