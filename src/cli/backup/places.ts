import { mkdir, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { Settings } from '../../config/index.js';

export type PlaceName = 'data' | 'config' | 'dialplans';
/** A folder of this installation, and the name it has in a backup. */
export interface Place {
  readonly name: PlaceName;
  readonly folder: string;
}
export const DATABASE = 'strowger.db';
export const AUDIT = ['audit.key', 'audit.anchors'] as const;
/** Where a restore puts what was there before. */
export const ASIDE = 'replaced-';

export const placesOf = ({ folders }: Settings): readonly Place[] => [{ name: 'data', folder: resolve(folders.data) }, { name: 'config', folder: resolve(folders.config) }, { name: 'dialplans', folder: resolve(folders.dialplans) }];

/** Made anew by themselves: process IDs, rendered prompts, tones, compiled scripts. The database and the audit files are copied in an order of their own. */
const LEFT_OUT = new Set(['run', 'prompts', 'sounds', 'scripts', DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`, ...AUDIT]);
/** What of the top of a place a backup does not take as it lies there. */
export const leftOut = ({ name }: Place, entry: string): boolean => name === 'data' && (LEFT_OUT.has(entry) || entry.startsWith(ASIDE));

export const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);

/** Every file of a place, as a path within it. What is neither file nor folder, nor a link to a file, is told apart: nothing is left out silently. */
export async function filesOf(place: Place): Promise<{ readonly files: readonly string[]; readonly skipped: readonly string[] }> {
  const [files, skipped]: [string[], string[]] = [[], []];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const name = relative(place.folder, path);
      if (folder === place.folder && leftOut(place, entry.name)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(path)))) files.push(name);
      else skipped.push(name);
    }
  };
  if (await isFolder(place.folder)) await walk(place.folder);
  return { files, skipped };
}

const leadsToFile = (path: string): Promise<boolean> => stat(path).then((found) => found.isFile(), () => false); // a link that leads nowhere is told as skipped
export const isFolder = (path: string): Promise<boolean> => stat(path).then((found) => found.isDirectory(), () => false); // there is none
export const isEmpty = async (path: string): Promise<boolean> => !(await isFolder(path)) || (await readdir(path)).length === 0;
export const ownFolder = (path: string): Promise<unknown> => mkdir(path, { recursive: true, mode: 0o700 });
