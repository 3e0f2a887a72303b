import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { givesWay } from '../base/index.js';
import type { Asked, Told } from './beside.js';
import type { Sought } from './finder.js';

givesWay();
const { path } = workerData as { readonly path: string };
const sqlite = new BetterSqlite3(path, { readonly: true, timeout: 5_000 });
sqlite.pragma('query_only = ON');
const tell = (told: Told<readonly unknown[]>): void => parentPort?.postMessage(told);

parentPort?.on('message', ({ id, question: { sql, parameters } }: Asked<Sought>) => {
  try {
    tell({ id, answer: sqlite.prepare(sql).all(...parameters) });
  } catch (error) {
    tell({ id, failed: error instanceof Error ? error.message : String(error) });
  }
});
