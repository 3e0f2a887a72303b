/** Statements of one migration; each is "if not exists". */
export const talks: readonly string[] = [
  `create table if not exists conversations (
     id text primary key, channel text not null, state text not null, queue text, contact text, agent text, customer text, visitor text, name text, language text,
     form text not null, source text, last_seq integer not null, replied integer not null default 0, started_at integer not null, updated_at integer not null,
     assigned_at integer, first_reply_at integer, ended_at integer, ended_by text, end_why text, rating integer, rating_comment text,
     check ((state = 'ended') = (ended_at is not null))) strict, without rowid`,
  `create index if not exists conversations_newest on conversations (started_at desc, id desc)`,
  `create index if not exists conversations_live on conversations (state) where ended_at is null`,
  `create index if not exists conversations_contact on conversations (contact) where contact is not null`,
  `create index if not exists conversations_visitor on conversations (visitor, started_at)`,
  `create index if not exists conversations_customer on conversations (customer, started_at)`,
  `create table if not exists conversation_messages (
     conversation text not null, seq integer not null, id text not null unique, client_id text, at integer not null, by text not null, by_name text, kind text not null,
     visibility text not null, text text not null, file text, data text, primary key (conversation, seq)) strict, without rowid`,
  `create unique index if not exists conversation_messages_client on conversation_messages (conversation, by, client_id) where client_id is not null`,
  `create table if not exists conversation_parties (
     conversation text not null, party text not null, name text, joined_at integer not null, left_at integer, read_seq integer not null default 0,
     primary key (conversation, party)) strict, without rowid`,
  `create index if not exists conversation_parties_of on conversation_parties (party, conversation)`,
  `create table if not exists chat_visitors (
     id text primary key, token text not null unique, customer text, verified integer not null default 0, name text, language text, consent integer not null default 0,
     created_at integer not null, seen_at integer not null) strict, without rowid`,
  `create index if not exists chat_visitors_seen on chat_visitors (seen_at)`,
  `create table if not exists chat_pages (
     seq integer primary key autoincrement, visitor text not null, at integer not null, url text not null, title text) strict`,
  `create index if not exists chat_pages_of on chat_pages (visitor, seq)`,
];
