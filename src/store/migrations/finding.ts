/** The last digits by which recordings are found: whole numbers mostly, and what people say. */
const ENDINGS = [3, 4, 8];
const endings = (number: string): string => ENDINGS.map((length) => `select substr(${number}, -${length}) as ending`).join(' union ');

/**
 * Statements of one migration; each may run twice. What is looked for by words stands in its index where it stands in its list, so that the newest come first without sorting and a page costs what it shows.
 * Older tickets and transcripts are put there after the start (`words_due`), and messages anew.
 */
export const finding: readonly string[] = [
  `create table if not exists words_due (kind text not null, place integer not null, primary key (kind, place)) strict, without rowid`,
  // Row: the ticket's number × 2^20, then one for each comment. Who asks stands apart: not everybody finds tickets by it.
  `drop table if exists ticket_words`,
  `drop table if exists ticket_texts`,
  `create virtual table if not exists ticket_words using fts5(thing, asker, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2")`,
  `insert or ignore into words_due (kind, place) select 'ticket', number from tickets`,
  // The first letters of words are words of their own.
  `drop table if exists message_words`,
  `create virtual table if not exists message_words using fts5(said, noted, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2")`,
  `update conversation_numbers set words = 0`,
  // Recordings in the order in which they began (num: ms × 1024, and which of that ms), with what they are looked for by.
  `create table if not exists recording_places (num integer primary key, recording text not null unique, agent text, queue text, deleted integer not null) strict`,
  `create table if not exists recording_ends (ending text not null, num integer not null, primary key (ending, num)) strict, without rowid`,
  `drop table if exists transcript_words`,
  `drop table if exists transcript_texts`,
  `create virtual table if not exists recording_words using fts5(words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2")`,
  `insert or ignore into recording_places (num, recording, agent, queue, deleted)
     select r.started_at * 1024 + row_number() over (partition by r.started_at order by r.id) - 1, r.id, c.agent, c.queue, r.state = 'deleted' from recordings r join calls c on c.id = r.call_id order by 1`,
  ...ENDINGS.flatMap((length) => ['from_number', 'to_number'].map((column) =>
    `insert or ignore into recording_ends (ending, num) select substr(c.${column}, -${length}), p.num from recording_places p join recordings r on r.id = p.recording join calls c on c.id = r.call_id order by 1, 2`)),
  `create index if not exists recording_places_kept on recording_places (deleted)`,
  `create index if not exists recording_places_agent on recording_places (deleted, agent)`,
  `create index if not exists recording_places_queue on recording_places (deleted, queue)`,
  `insert or ignore into words_due (kind, place) select 'recording', p.num from transcripts t join recording_places p on p.recording = t.recording_id where t.state = 'done' and p.deleted = 0`,
  `create trigger if not exists recording_placed after insert on recordings begin
     insert or ignore into recording_places (num, recording, agent, queue, deleted)
       select coalesce((select max(num) + 1 from recording_places where num >= new.started_at * 1024 and num < (new.started_at + 1) * 1024), new.started_at * 1024), new.id, agent, queue, new.state = 'deleted' from calls where id = new.call_id;
     insert or ignore into recording_ends (ending, num) select ending, p.num from recording_places p, (${endings('(select from_number from calls where id = new.call_id)')} union ${endings('(select to_number from calls where id = new.call_id)')}) where p.recording = new.id;
   end`,
  `create trigger if not exists recording_state after update of state on recordings when (new.state = 'deleted') <> (old.state = 'deleted') begin
     update recording_places set deleted = new.state = 'deleted' where recording = new.id;
   end`,
  `create trigger if not exists recording_call after update of agent, queue on calls when new.agent is not old.agent or new.queue is not old.queue begin
     update recording_places set agent = new.agent, queue = new.queue where recording in (select id from recordings where call_id = new.id);
   end`,
  `create trigger if not exists recording_gone after delete on recordings begin
     delete from recording_words where rowid = (select num from recording_places where recording = old.id);
     delete from recording_ends where num = (select num from recording_places where recording = old.id);
     delete from recording_places where recording = old.id;
   end`,
  // What lists of users may be sorted by; who never logged in was seen before all others.
  `create index if not exists users_name on users (name, id)`,
  `create index if not exists users_changed on users (updated_at, id)`,
  `create index if not exists users_seen on users (coalesce(seen_at, 0), id)`,
  // What a worker outside leaves behind.
  `create index if not exists ticket_comments_workers on ticket_comments (by) where by glob 'worker:*'`,
  `create index if not exists mail_outbox_to on mail_outbox (json_extract(mail, '$.to'))`,
];
