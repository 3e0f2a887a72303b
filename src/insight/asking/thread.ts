import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { takesWhatIsLeft } from '../../base/index.js';
import type { Asked, Told } from '../../store/index.js';
import { work, type Done, type Job } from './job.js';
import type { Statement } from './sql.js';

// Reports beside the event loop of the calls, on a connection that cannot write.
takesWhatIsLeft();
const { path } = workerData as { readonly path: string };
const sqlite = new BetterSqlite3(path, { readonly: true, timeout: 5_000 });
const read = <R>({ text, values }: Statement): R[] => sqlite.prepare(text).all(...values) as R[];

function answer({ id, question }: Asked<Job>): Told<Done> {
  try {
    return { id, answer: work(read, question) };
  } catch (error) {
    return { id, failed: error instanceof Error ? error.message : String(error) };
  }
}
parentPort?.on('message', (asked: Asked<Job>) => parentPort?.postMessage(answer(asked)));
