import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { givesWay } from '../../../base/index.js';
import { BadCursor } from '../../../store/index.js';
import { BadSearch } from '../errors.js';
import type { Reading } from '../sql.js';
import { searchJob } from './job.js';
import { LEAVE, type Asked, type Told } from './protocol.js';

// Searches beside the event loop of the calls, on a connection that cannot write.
givesWay();
const { path } = workerData as { readonly path: string };
const sqlite = new BetterSqlite3(path, { readonly: true });
const prepared = new Map<string, BetterSqlite3.Statement>();
const db: Reading = {
  all<R>(text: string, ...params: readonly (string | number | null)[]): R[] {
    let statement = prepared.get(text);
    if (!statement) prepared.set(text, (statement = sqlite.prepare(text)));
    return statement.all(...params) as R[];
  },
};
const inOneView = sqlite.transaction((asked: Asked) => searchJob(db, asked.query, asked.now, { dayOf: () => asked.today, startOf: () => 0 }));

function answer(asked: Asked): Told {
  const { id } = asked;
  try {
    return { id, did: 'found', page: inOneView(asked) };
  } catch (error) {
    if (error instanceof BadSearch) return { id, did: 'refused', what: 'search', message: error.message, hint: error.hint };
    if (error instanceof BadCursor) return { id, did: 'refused', what: 'cursor', message: error.message, hint: error.hint };
    return { id, did: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (asked: Asked | typeof LEAVE) => {
  if (asked !== LEAVE) return parentPort?.postMessage(answer(asked));
  sqlite.close();
  parentPort?.close();
});
