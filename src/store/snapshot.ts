import BetterSqlite3 from 'better-sqlite3';
import { storeError } from './errors.js';
import { migrations } from './migrations.js';

/** More pages than any database has: all of them in one step, so that a writer elsewhere cannot make it begin anew. */
const ALL_PAGES = 0x7fffffff;

/**
 * A copy of a database as it stands at one moment, while others write to it: readers do not wait for us, nor do writers. The copy is one file, without a log
 * beside it. Takes a second a gigabyte or so; for a process of its own. @throws StoreError
 */
export async function snapshot(from: string, to: string): Promise<void> {
  try {
    const source = new BetterSqlite3(from, { fileMustExist: true, timeout: 5_000 });
    try {
      await source.backup(to, { progress: () => ALL_PAGES });
    } finally {
      source.close();
    }
    settle(to);
  } catch (cause) {
    throw storeError(cause, from);
  }
}

/** Everything in the file itself: then it can be read on a disk that cannot be written. */
export function settle(path: string): void {
  const copy = new BetterSqlite3(path, { fileMustExist: true });
  copy.pragma('journal_mode = DELETE');
  copy.close();
}

/** The migrations a database has been through, and those of them that this version does not know. @throws StoreError */
export function schemaOf(path: string): { readonly applied: readonly string[]; readonly unknown: readonly string[]; readonly behind: boolean } {
  try {
    const file = new BetterSqlite3(path, { fileMustExist: true, readonly: true });
    try {
      const applied = (file.prepare('select name from kysely_migration order by name').all() as { name: string }[]).map(({ name }) => name);
      const known = Object.keys(migrations);
      return { applied, unknown: applied.filter((name) => !known.includes(name)), behind: known.some((name) => !applied.includes(name)) };
    } finally {
      file.close();
    }
  } catch (cause) {
    throw storeError(cause, path);
  }
}

/** What SQLite itself finds wrong with a file; nothing where it is whole. @throws StoreError */
export function damageIn(path: string): readonly string[] {
  try {
    const file = new BetterSqlite3(path, { fileMustExist: true, readonly: true });
    try {
      return (file.prepare('pragma quick_check').all() as { quick_check: string }[]).map((row) => row.quick_check).filter((line) => line !== 'ok');
    } finally {
      file.close();
    }
  } catch (cause) {
    throw storeError(cause, path);
  }
}
