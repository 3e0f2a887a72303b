import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { CompiledQuery } from 'kysely';
import { givesWay } from '../base/index.js';
import type { Asked, Told } from './beside.js';
import { createRunner } from './dialect.js';
import { storeError } from './errors.js';

/** Rows of a statement, at once. @throws StoreError */
export type Reading = <R>(text: string, values: readonly unknown[]) => R[];

/** The thread's end of `beside`: answers one question after the other, each from one view of the database, on a connection that cannot write, and gives way to calls. */
export function answersBeside<Q, A>(answer: (read: Reading, question: Q) => A): void {
  givesWay();
  const { path } = workerData as { readonly path: string };
  const sqlite = new BetterSqlite3(path, { readonly: true, timeout: 5_000 });
  const runner = createRunner(sqlite, path);
  const read: Reading = <R>(text: string, values: readonly unknown[]): R[] => runner.run(CompiledQuery.raw(text, [...values])).rows as R[];
  const inOneView = sqlite.transaction((question: Q) => answer(read, question));
  const tell = (told: Told<A>): void => parentPort?.postMessage(told);
  parentPort?.on('message', ({ id, question }: Asked<Q>) => {
    try {
      tell({ id, answer: inOneView(question) });
    } catch (error) {
      const { code, message, hint = '' } = storeError(error, path);
      tell({ id, failed: { code, message, hint } });
    }
  });
}
