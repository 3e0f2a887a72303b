import { rm } from 'node:fs/promises';
import { CompiledQuery } from 'kysely';
import type { Ms } from '../base/index.js';
import { follow, type Events, type NewFact } from '../events/index.js';
import { indexDue, type Finder, type Store } from '../store/index.js';
import { NoSuchRecording, NotKept, RecordingDeleted, RecordingHeld, RecordingRuns } from './errors.js';
import { COLUMNS, createSearch, TABLES, type RecordingRow, type RecordingSearch } from './search.js';
import { wordsOf, type Said } from './words.js';

export interface ArchiveOptions {
  readonly store: Store;
  readonly events: Pick<Events, 'publishAll' | 'subscribe' | 'since' | 'last'>;
  readonly finder: Finder;
  /** How long recordings are kept; undefined: for ever. */
  readonly keepMs: () => Ms | undefined;
  /** A line of the audit log for what nobody asked for. */
  readonly audit: (action: string, object: string, before: unknown) => void;
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  readonly now?: () => number;
  readonly later?: (run: () => void, ms: Ms) => void;
}
export interface Archive extends RecordingSearch {
  /** @throws NoSuchRecording */
  get(id: string): RecordingRow;
  /** Its file and everything that was written down of it are gone when this settles; its row stays. @throws NoSuchRecording, RecordingHeld, RecordingRuns, RecordingDeleted, NotKept */
  remove(id: string, by: string): Promise<void>;
  /** Neither anybody nor retention deletes it from now on. @throws NoSuchRecording, RecordingDeleted, NotKept */
  hold(id: string, reason: string, by: string): RecordingRow;
  /** @throws NoSuchRecording, NotKept */
  release(id: string, by: string): void;
  /** Deletes what has been kept for long enough; answers how many went. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

const REACHED = 'archive.words_reached';
/** Transcripts put into the index in one turn of the event loop. */
const AT_ONCE = 4;
const SWEPT_AT_ONCE = 50;
const SWEEP_MS: Ms = 600_000;

export function createArchive({ store, events, finder, keepMs, audit, log, now = Date.now, later }: ArchiveOptions): Archive {
  const read = <R>(sql: string, ...values: unknown[]): R[] => store.run<R>({ compile: () => CompiledQuery.raw(sql, [...values]) });
  const change = (sql: string, ...values: unknown[]): void => void store.change({ compile: () => CompiledQuery.raw(sql, [...values]) });
  const get = (id: string): RecordingRow => {
    const [row] = read<RecordingRow>(`select ${COLUMNS} from ${TABLES} where r.id = ?`, id);
    if (!row) throw new NoSuchRecording(id);
    return row;
  };
  const commit = (fact: NewFact, write: () => void): void => {
    if (!events.publishAll([fact], write)) throw new NotKept();
  };
  const forget = (id: string): void => change('delete from recording_words where rowid = (select num from recording_places where recording = ?)', id);
  const index = (id: string): void => {
    const [row] = read<{ num: number; segments: string }>(`select num, segments from transcripts t join recording_places p on p.recording = t.recording_id where t.recording_id = ? and t.state = 'done'`, id);
    if (row) change('insert or replace into recording_words (rowid, words) values (cast(? as integer), ?)', row.num, wordsOf(JSON.parse(row.segments) as Said[]));
  };
  /** The words go from the log too: what was said stands in its facts. */
  const strike = (row: RecordingRow, by: string, why: 'asked' | 'retention'): void => {
    forget(row.id);
    change('delete from transcripts where recording_id = ?', row.id);
    change(`update events set data = json_set(data, '$.text', '') where subject = ? and type = 'call.transcript_segment' and json_extract(data, '$.recording') = ?`, `call:${row.call}`, row.id);
    change(
      `insert into recording_marks (recording, deleted_at, deleted_by, deleted_why, path) values (?, ?, ?, ?, (select path from recordings where id = ?))
       on conflict (recording) do update set deleted_at = excluded.deleted_at, deleted_by = excluded.deleted_by, deleted_why = excluded.deleted_why, path = excluded.path`,
      row.id, now(), by, why, row.id,
    );
    change(`update recordings set state = 'deleted', ms = null, bytes = null where id = ?`, row.id);
  };
  const deletable = (row: RecordingRow): void => {
    if (row.state === 'deleted') throw new RecordingDeleted();
    if (row.state === 'recording') throw new RecordingRuns();
    if (row.held_at !== null) throw new RecordingHeld(row.held_by ?? '', row.held_why ?? '');
  };
  const removeRow = (row: RecordingRow, by: string, why: 'asked' | 'retention'): void => {
    deletable(row);
    commit({ type: 'call.recording_deleted', subject: `call:${row.call}`, data: { recording: row.id, part: row.part, by, why } }, () => strike(row, by, why));
  };
  /** Files of recordings that are deleted in the database, also those of an earlier run that ended in between. */
  const removeFiles = async (): Promise<void> => {
    for (const { recording, path } of read<{ recording: string; path: string | null }>('select recording, path from recording_marks where deleted_at is not null and file_gone = 0')) {
      if (path !== null) await rm(path, { force: true });
      change('update recording_marks set file_gone = 1 where recording = ?', recording);
    }
  };
  const sweep = async (): Promise<number> => {
    await removeFiles();
    const keep = keepMs();
    if (keep === undefined) return 0;
    const old = read<RecordingRow>(`select ${COLUMNS} from ${TABLES} where r.started_at < ? and r.state in ('done', 'repaired', 'failed') and m.held_at is null order by r.started_at limit ${SWEPT_AT_ONCE}`, now() - keep);
    for (const row of old) {
      removeRow(row, 'retention', 'retention');
      audit('recording.expire', `/v1/recordings/${row.id}`, { call: row.call, part: row.part, began_at: new Date(row.at).toISOString() });
      await removeFiles();
    }
    if (old.length > 0) log.info({ recordings: old.length }, 'recordings were kept for long enough and are deleted');
    return old.length;
  };
  const sweepAll = async (): Promise<void> => {
    try {
      while ((await sweep()) === SWEPT_AT_ONCE);
    } catch (error) {
      log.error({ err: error }, 'old recordings could not be deleted; tried again later');
    }
  };
  const timer = setInterval(() => void sweepAll(), SWEEP_MS).unref();
  const begun = sweepAll();
  const following = follow({
    events, reached: () => Number(store.getMeta(REACHED) ?? 0), batch: AT_ONCE, ...(later ? { later } : {}),
    pick: (fact) => (fact.type === 'call.transcribed' ? fact.data.recording : undefined),
    take: (recordings, to) => store.transaction(() => {
      recordings.forEach(index);
      store.setMeta(REACHED, String(to));
    }),
    failed: (error) => log.error({ err: error }, 'transcripts cannot be put into the index of words, and are later'),
  });
  const due = indexDue({
    store, kind: 'recording', portion: AT_ONCE, failed: (error) => log.error({ err: error }, 'older transcripts could not be put into the index of words; tried again at the next start'),
    index: (num) => read<{ recording: string }>('select recording from recording_places where num = ?', num).forEach(({ recording }) => index(recording)),
  });
  return {
    ...createSearch(finder, store),
    get,
    sweep,
    async remove(id, by) {
      removeRow(get(id), by, 'asked');
      await removeFiles();
    },
    hold(id, reason, by) {
      const row = get(id);
      if (row.state === 'deleted') throw new RecordingDeleted();
      commit({ type: 'call.recording_held', subject: `call:${row.call}`, data: { recording: id, part: row.part, by, on: true, reason } }, () => change(
        'insert into recording_marks (recording, held_at, held_by, held_why) values (?, ?, ?, ?) on conflict (recording) do update set held_at = excluded.held_at, held_by = excluded.held_by, held_why = excluded.held_why',
        id, now(), by, reason,
      ));
      return get(id);
    },
    release(id, by) {
      const row = get(id);
      if (row.held_at === null) return;
      commit({ type: 'call.recording_held', subject: `call:${row.call}`, data: { recording: id, part: row.part, by, on: false } }, () => change('update recording_marks set held_at = null, held_by = null, held_why = null where recording = ?', id));
    },
    async close() {
      clearInterval(timer);
      following.close();
      due.close();
      await begun;
      await finder.close();
    },
  };
}
