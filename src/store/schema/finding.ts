/** Tables of src/store/migrations/finding.ts. Indexes of words are asked in the language of FTS5. */
export interface FindingTables {
  /** Of an earlier version, still to be put into an index of words, by the place it has there. */
  words_due: { kind: 'recording' | 'ticket'; place: number };
  /** Recordings by when they began; kept by triggers. */
  recording_places: { num: number; recording: string; agent: string | null; queue: string | null; deleted: number };
  /** The last digits of who called and who was called. */
  recording_ends: { ending: string; num: number };
}
