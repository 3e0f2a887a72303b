import type { Generated } from 'kysely';

/** Tables of src/store/migrations/archive.ts. Times are ms since 1970. */
export interface ArchiveTables {
  recording_marks: RecordingMarkTable;
}
/** What was decided about a recording. */
export interface RecordingMarkTable {
  recording: string;
  /** Legal hold. */
  held_at: number | null;
  held_by: string | null;
  held_why: string | null;
  deleted_at: number | null;
  deleted_by: string | null;
  deleted_why: 'asked' | 'retention' | null;
  /** Of the file that is to go, or is gone. */
  path: string | null;
  file_gone: Generated<number>;
}
