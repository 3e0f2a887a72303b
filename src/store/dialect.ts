import type BetterSqlite3 from 'better-sqlite3';
import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type DatabaseConnection, type Dialect, type Driver, type QueryResult } from 'kysely';
import { storeError } from './errors.js';

/** Runs compiled statements on one connection, each prepared once. */
export interface Runner {
  run(query: CompiledQuery): QueryResult<unknown>;
  close(): void;
}
const keep = 500;

export function createRunner(sqlite: BetterSqlite3.Database, path: string): Runner {
  const prepared = new Map<string, BetterSqlite3.Statement>();
  const prepare = (text: string): BetterSqlite3.Statement => {
    const known = prepared.get(text);
    if (known) return known;
    const statement = sqlite.prepare(text);
    const oldest = prepared.keys().next();
    if (prepared.size >= keep && oldest.done !== true) prepared.delete(oldest.value);
    prepared.set(text, statement);
    return statement;
  };
  return {
    run(query) {
      try {
        const statement = prepare(query.sql);
        if (statement.reader) return { rows: statement.all(...query.parameters) };
        const { changes, lastInsertRowid } = statement.run(...query.parameters);
        return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
      } catch (cause) {
        throw storeError(cause, path);
      }
    },
    close: () => prepared.clear(),
  };
}

/**
 * Kysely on that same connection. There is one connection and it never waits, so a statement is atomic and ordered by
 * itself; a transaction that awaited between its statements would swallow those of others, so only the synchronous
 * `Store.transaction` exists.
 */
export function syncDialect(runner: Runner): Dialect {
  const connection: DatabaseConnection = {
    executeQuery: <R>(query: CompiledQuery) => {
      try {
        return Promise.resolve(runner.run(query) as QueryResult<R>);
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    },
    streamQuery() {
      throw new Error('rows are not streamed: page by cursor');
    },
  };
  const refuse = (): Promise<never> => Promise.reject(new Error('use Store.transaction: this connection is shared and never waits'));
  const done = (): Promise<void> => Promise.resolve();
  const driver: Driver = {
    init: done,
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: done,
    destroy: done,
  };
  return {
    createDriver: () => driver,
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
