import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { StrowgerError, type Ms } from '../../base/index.js';
import type { AcdEvent, Snapshot } from '../engine/index.js';

export interface LoggedEvent {
  readonly at: Ms;
  readonly event: AcdEvent;
}
/** A stretch of the queue room's log, and how the engine stood before it; undefined: it began there. */
export interface EventLog {
  readonly before: Snapshot | undefined;
  readonly events: readonly LoggedEvent[];
}

/** The file is no log of the queue room. */
export class LogUnreadable extends StrowgerError {
  readonly code = 'acd.log_unreadable';
}

/**
 * Reads `strowger.db`, or lines of JSON (`{"at": ms, "event": {…}}`), as far as they lie between the two moments.
 * The database is opened for reading only, also while the application runs. @throws LogUnreadable
 */
export function readLog(file: string, from = -Infinity, until = Infinity): EventLog {
  try {
    return isDatabase(file) ? fromDatabase(file, from, until) : fromLines(file, from, until);
  } catch (cause) {
    if (cause instanceof LogUnreadable) throw cause;
    throw new LogUnreadable(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'strowger.db of the data folder, or one {"at": …, "event": {…}} a line', cause,
    });
  }
}

function isDatabase(file: string): boolean {
  const head = Buffer.alloc(15);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  return head.toString('latin1') === 'SQLite format 3';
}

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly text: string;
}
const PAGE = 5_000;

function fromDatabase(file: string, from: Ms, until: Ms): EventLog {
  const db = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  try {
    const snapshot = db.prepare<[number], Row>('select seq, at, state as text from acd_snapshots where at <= ? order by seq desc limit 1').get(Math.max(from, 0))
      ?? db.prepare<[], Row>('select seq, at, state as text from acd_snapshots where seq < (select min(seq) from acd_log) order by seq desc limit 1').get();
    const read = db.prepare<[number, number, number], Row>('select seq, at, event as text from acd_log where seq > ? and at < ? order by seq limit ?');
    const events: LoggedEvent[] = [];
    let seq = snapshot?.seq ?? 0;
    for (let rows = read.all(seq, limit(until), PAGE); rows.length > 0; rows = read.all(seq, limit(until), PAGE)) {
      for (const row of rows) events.push({ at: row.at, event: JSON.parse(row.text) as AcdEvent });
      seq = rows.at(-1)?.seq ?? seq;
    }
    return { before: snapshot && (JSON.parse(snapshot.text) as Snapshot), events };
  } finally {
    db.close();
  }
}
const limit = (until: Ms): number => Math.min(until, Number.MAX_SAFE_INTEGER);

/** Lines before `from` stay in: they say how things stood then. */
function fromLines(file: string, _from: Ms, until: Ms): EventLog {
  const events: LoggedEvent[] = [];
  for (const [i, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    const one: unknown = JSON.parse(line);
    if (!isLogged(one)) throw new LogUnreadable(`${file}:${i + 1} is no event`, { hint: 'one {"at": ms since 1970, "event": {"type": …}} a line' });
    if (one.at < until) events.push(one);
  }
  return { before: undefined, events };
}

const isLogged = (one: unknown): one is LoggedEvent =>
  typeof one === 'object' && one !== null && 'at' in one && typeof one.at === 'number' && 'event' in one && typeof one.event === 'object' && one.event !== null && 'type' in one.event;
