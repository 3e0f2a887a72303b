import type { AuditTable, Store } from '../../store/index.js';
import { readKey } from '../key-file.js';
import { readAnchors } from './anchors.js';
import { auditFiles } from './audit.js';
import { verifyChain, type AuditFault } from './chain.js';

const atOnce = 1_000;

/** The audit log of a database against the key and the anchors in its folder. Takes seconds for a million rows: not for the application's process. @throws BadKeyFile */
export function verifyAudit(store: Store, folder: string): { readonly rows: number; readonly faults: readonly AuditFault[] } {
  const files = auditFiles(folder);
  return verifyChain(rowsOf(store), readAnchors(files.anchors), readKey(files.key));
}

function* rowsOf(store: Store): Iterable<AuditTable> {
  for (let after = 0; ;) {
    const rows = store.run(store.db.selectFrom('audit').selectAll().where('seq', '>', after).orderBy('seq').limit(atOnce));
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < atOnce) return;
    after = last.seq;
  }
}
