/** Statements of one migration; each is "if not exists", or does nothing the second time. */
export const erasure: readonly string[] = [
  // `about`: `conversation:ID`, `ticket:ID`.
  `create table if not exists desk_marks (
     about text primary key, held_at integer, held_by text, held_why text, erased_at integer, erased_by text, erased_why text) strict, without rowid`,
  `create table if not exists erasures (customer text primary key, at integer not null, by text not null) strict, without rowid`,
  `create index if not exists mail_outbox_about on mail_outbox (about) where about is not null`,
  // In the order in which they began; those of which nothing is left are not here. `words`: what was said before this table was there is in the index.
  `create table if not exists conversation_numbers (num integer primary key autoincrement, conversation text not null unique, words integer not null default 0) strict`,
  `create index if not exists conversation_numbers_due on conversation_numbers (num) where words = 0`,
  `insert or ignore into conversation_numbers (conversation) select id from conversations where (select count(*) from conversation_numbers) = 0 order by started_at, id`,
  // Words are cut by us, as those of tickets. The row of a message is that of its conversation and its own number, so that the newest come first without sorting.
  `create virtual table if not exists message_words using fts5(said, noted, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2")`,
];
