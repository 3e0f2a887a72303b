/** Statements of one migration; each is "if not exists". */
export const conversations: readonly string[] = [
  `create table if not exists files (
     id text primary key, hash text not null, name text not null, type text not null, kind text not null, bytes integer not null,
     width integer, height integer, about text, by text not null, at integer not null) strict, without rowid`,
  `create index if not exists files_about on files (about, at)`,
  `create index if not exists files_hash on files (hash)`,
  `create index if not exists files_loose on files (by, at) where about is null`,
  `create table if not exists agent_desktops (agent text primary key, until integer not null) strict, without rowid`,
  `create table if not exists mail_outbox (
     id text primary key, mail text not null, about text, state text not null, attempts integer not null, next_at integer not null, error text,
     at integer not null, sent_at integer) strict, without rowid`,
  `create index if not exists mail_outbox_due on mail_outbox (next_at) where state = 'waiting'`,
];
