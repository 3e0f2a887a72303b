/** Statements of one migration; each is "if not exists". */
export const tickets: readonly string[] = [
  `create table if not exists ticket_numbers (number integer primary key autoincrement, ticket text not null unique) strict`,
  `create table if not exists tickets (
     id text primary key, number integer not null unique, type text not null, state text not null, kind text not null, priority text not null, subject text not null,
     text text not null, fields text not null, tags text not null, channel text not null, customer text, requester_name text, requester_email text, requester_phone text,
     language text not null, place text, team text, assignee text, parent text, merged_into text, sla text, calendar text not null, clocks text not null, look_at integer,
     due_at integer, breached integer not null default 0, created_at integer not null, created_by text not null, updated_at integer not null, resolved_at integer,
     version integer not null) strict`,
  `create index if not exists tickets_newest on tickets (created_at desc, id desc)`,
  `create index if not exists tickets_kind on tickets (kind, created_at desc, id desc)`,
  `create index if not exists tickets_team on tickets (team, created_at desc, id desc)`,
  `create index if not exists tickets_assignee on tickets (assignee, created_at desc, id desc)`,
  `create index if not exists tickets_customer on tickets (customer, created_at desc, id desc)`,
  `create index if not exists tickets_phone on tickets (requester_phone, created_at desc, id desc)`,
  `create index if not exists tickets_parent on tickets (parent) where parent is not null`,
  `create index if not exists tickets_merged on tickets (merged_into) where merged_into is not null`,
  `create index if not exists tickets_look on tickets (look_at) where look_at is not null`,
  `create table if not exists ticket_tags (tag text not null, ticket text not null, primary key (tag, ticket)) strict, without rowid`,
  `create index if not exists ticket_tags_of on ticket_tags (ticket)`,
  `create table if not exists ticket_comments (
     id text primary key, ticket text not null, at integer not null, by text not null, by_name text not null, visibility text not null, text text not null) strict`,
  `create index if not exists ticket_comments_of on ticket_comments (ticket, at, id)`,
  `create table if not exists ticket_attachments (
     id text primary key, ticket text not null, comment text, file text not null, name text not null, type text not null, bytes integer not null, visibility text not null,
     at integer not null, by text not null) strict`,
  `create index if not exists ticket_attachments_of on ticket_attachments (ticket, at, id)`,
  `create index if not exists ticket_attachments_file on ticket_attachments (file)`,
  `create table if not exists ticket_links (
     ticket text not null, kind text not null, target text not null, at integer not null, by text not null, primary key (ticket, kind, target)) strict, without rowid`,
  `create index if not exists ticket_links_target on ticket_links (kind, target)`,
  `create table if not exists ticket_watchers (ticket text not null, watcher text not null, at integer not null, primary key (ticket, watcher)) strict, without rowid`,
  `create table if not exists ticket_history (
     seq integer primary key autoincrement, ticket text not null, at integer not null, by text not null, field text not null, before text, after text) strict`,
  `create index if not exists ticket_history_of on ticket_history (ticket, seq)`,
  `create table if not exists ticket_views (
     id text primary key, name text not null, owner text not null, team text, filter text not null, created_at integer not null, version integer not null) strict`,
  `create table if not exists ticket_notices (
     id text primary key, ticket text not null, about text not null, recipient text not null, kind text not null, data text not null, created_at integer not null, next_at integer,
     attempts integer not null default 0, sent_at integer, failed text, unique (about, recipient)) strict`,
  `create index if not exists ticket_notices_next on ticket_notices (next_at) where next_at is not null`,
  `create table if not exists ticket_texts (id integer primary key, ticket text not null, part text not null, unique (ticket, part)) strict`,
  // Words are cut by us (two-character Chinese words, ends of numbers): SQLite only keeps them in order.
  `create virtual table if not exists ticket_words using fts5(words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2")`,
];
