import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, Migrator, type Compilable } from 'kysely';
import type { Ms } from '../base/index.js';
import { createRunner, syncDialect, type Runner } from './dialect.js';
import { StoreError, storeError } from './errors.js';
import { migrations } from './migrations.js';
import type { Database } from './schema.js';

export interface StoreOptions {
  /** A file, or ':memory:' for tests. */
  readonly path: string;
  /** 'normal' survives kill -9, 'full' also the loss of power (one fsync a commit). */
  readonly synchronous?: 'normal' | 'full';
  readonly busyMs?: Ms;
}
/**
 * One SQLite database, one connection. `db` builds and awaits single statements; `run` and `transaction` are the
 * synchronous path for what must be on disk before the next line of code runs.
 */
export interface Store {
  readonly db: Kysely<Database>;
  readonly path: string;
  /** Rows of a query built with `db`, at once. @throws StoreError */
  run<R>(query: Compilable<R>): R[];
  /** How many rows an insert, update or delete touched. @throws StoreError */
  change(query: Compilable): number;
  /** All or nothing; nests. `work` must not await. @throws StoreError, and whatever `work` throws */
  transaction<T>(work: () => T): T;
  getMeta(key: string): string | undefined;
  setMeta(key: string, value: string): void;
  close(): Promise<void>;
}

/**
 * Opens or creates the database and brings its tables up to date.
 * @throws StoreError store.corrupt, store.read_only, store.full, store.locked, store.unreachable, store.newer
 */
export async function openStore({ path, synchronous = 'normal', busyMs = 5000 }: StoreOptions): Promise<Store> {
  const sqlite = connect(path, synchronous, busyMs);
  const runner = createRunner(sqlite, path);
  const db = new Kysely<Database>({ dialect: syncDialect(runner) });
  try {
    await migrate(db, path);
  } catch (cause) {
    await db.destroy();
    sqlite.close();
    throw storeError(cause, path);
  }
  return storeOn(sqlite, runner, db, path);
}

function connect(path: string, synchronous: 'normal' | 'full', busyMs: Ms): BetterSqlite3.Database {
  let sqlite: BetterSqlite3.Database | undefined;
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    sqlite = new BetterSqlite3(path, { timeout: busyMs });
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma(`synchronous = ${synchronous.toUpperCase()}`);
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('journal_size_limit = 67108864');
    // A damaged header shows itself only when the tables are read; a file without write access only when written.
    sqlite.prepare('select count(*) from sqlite_master').get();
    sqlite.exec('begin immediate; commit');
    return sqlite;
  } catch (cause) {
    sqlite?.close();
    throw storeError(cause, path);
  }
}

async function migrate(db: Kysely<Database>, path: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const applied = (await migrator.getMigrations()).length;
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof Error && /corrupted migrations/.test(error.message))
    throw new StoreError('store.newer', `${path} was written by another version of Strowger, which knows more than these ${applied} migrations`, { hint: 'start the version that wrote it, or restore a backup', cause: error });
  throw storeError(error, path);
}

function storeOn(sqlite: BetterSqlite3.Database, runner: Runner, db: Kysely<Database>, path: string): Store {
  const run = <R>(query: Compilable<R>): R[] => runner.run(query.compile()).rows as R[];
  return {
    db,
    path,
    run,
    change: (query) => Number(runner.run(query.compile()).numAffectedRows ?? 0n),
    transaction(work) {
      try {
        return sqlite.transaction(work)();
      } catch (cause) {
        throw cause instanceof BetterSqlite3.SqliteError ? storeError(cause, path) : cause;
      }
    },
    getMeta: (key) => run(db.selectFrom('meta').select('value').where('key', '=', key))[0]?.value,
    setMeta(key, value) {
      run(db.insertInto('meta').values({ key, value }).onConflict((c) => c.column('key').doUpdateSet({ value })));
    },
    async close() {
      await db.destroy();
      runner.close();
      sqlite.close();
    },
  };
}
