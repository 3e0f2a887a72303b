/** Statements of one migration; each is "if not exists". */
export const archive: readonly string[] = [
  `create table if not exists recording_marks (
     recording text primary key, held_at integer, held_by text, held_why text, deleted_at integer, deleted_by text, deleted_why text, path text, file_gone integer not null default 0) strict, without rowid`,
  `create index if not exists recording_marks_held on recording_marks (held_at) where held_at is not null`,
  `create index if not exists recording_marks_files on recording_marks (recording) where deleted_at is not null and file_gone = 0`,
  `create table if not exists transcript_texts (id integer primary key, recording text not null unique) strict`,
  // Words are cut by us, as those of tickets.
  `create virtual table if not exists transcript_words using fts5(words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2")`,
];
