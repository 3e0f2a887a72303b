import { StrowgerError } from '../base/index.js';

/** `code` says what to do about it: a full disk passes, a corrupt file needs the backup. */
export class StoreError extends StrowgerError {
  constructor(readonly code: StoreErrorCode, message: string, options: { hint?: string; cause?: unknown }) {
    super(message, options);
  }
}
export type StoreErrorCode = 'store.corrupt' | 'store.read_only' | 'store.full' | 'store.locked' | 'store.unreachable' | 'store.newer' | 'store.busy' | 'store.constraint' | 'store.failed';

const table: readonly (readonly [prefix: RegExp, code: StoreErrorCode, what: string, hint: string])[] = [
  [/^SQLITE_(CORRUPT|NOTADB)/, 'store.corrupt', 'the database is damaged', 'stop Strowger, keep the file, and restore a backup'],
  [/^(SQLITE_(READONLY|PERM|AUTH)|E(ACCES|ROFS|PERM)$)/, 'store.read_only', 'the database may not be written', 'give the user that runs Strowger write access to the data folder and the file'],
  [/^(SQLITE_FULL|ENOSPC$|EDQUOT$)/, 'store.full', 'the disk is full', 'free space on the disk of the data folder'],
  [/^SQLITE_IOERR/, 'store.full', 'the disk does not take or give data', 'check free space and the health of the disk of the data folder'],
  [/^SQLITE_(BUSY|LOCKED)/, 'store.locked', 'another program holds the database', 'end the other Strowger (or sqlite3) that uses this data folder'],
  [/^(SQLITE_CANTOPEN|ENOTDIR$|EEXIST$)/, 'store.unreachable', 'the database cannot be opened', 'check that the data folder exists and may be entered'],
  [/^SQLITE_CONSTRAINT/, 'store.constraint', 'a row breaks a rule of the database', 'this is a fault of Strowger; report it with the log'],
];

/** The one table from an exception of SQLite to ours; what is ours already passes through. */
export function storeError(cause: unknown, path: string): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const detail = cause instanceof Error ? cause.message : String(cause);
  const row = table.find(([prefix]) => prefix.test(code));
  if (row) return new StoreError(row[1], `${row[2]}: ${path} (${detail})`, { hint: row[3], cause });
  return new StoreError('store.failed', `${path}: ${detail}`, { hint: 'see the cause in the log', cause });
}
