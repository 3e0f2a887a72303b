/** Statements of one migration; each is "if not exists". */
export const customers: readonly string[] = [
  `create table if not exists customers (
     num integer primary key autoincrement, id text not null unique, root text not null, parent text, name text, language text, team text, adviser text, last_agent text,
     last_contact_at integer, verified_until integer, verified_at integer, verified_how text, verified_by text, version integer not null default 1, rules text, tags_due integer,
     created_at integer not null, created_by text not null, updated_at integer not null, check ((parent is null) = (root = id))) strict`,
  `create index if not exists customers_root on customers (root)`,
  `create index if not exists customers_due on customers (tags_due) where tags_due is not null`,
  `create table if not exists customer_identities (
     kind text not null, value text not null, customer text not null, label text, verified integer not null default 0, source text, at integer not null, by text not null,
     primary key (kind, value)) strict, without rowid`,
  `create index if not exists customer_identities_of on customer_identities (customer)`,
  `create table if not exists customer_attributes (
     customer text not null, name text not null, value text not null, source text, at integer not null, by text not null, primary key (customer, name)) strict, without rowid`,
  `create table if not exists customer_tags (
     customer text not null, tag text not null, how text not null, at integer not null, by text not null, primary key (customer, tag, how)) strict, without rowid`,
  `create table if not exists customer_notes (
     id text primary key, customer text not null, text text not null, about text, at integer not null, by text not null) strict, without rowid`,
  `create index if not exists customer_notes_of on customer_notes (customer, at)`,
  `create table if not exists customer_consents (
     id text primary key, customer text not null, channel text not null, purpose text not null, granted integer not null, how text not null, until integer, at integer not null,
     by text not null) strict, without rowid`,
  `create index if not exists customer_consents_of on customer_consents (customer, at)`,
  `create table if not exists customer_activity (
     customer text not null, kind text not null, day integer not null, amount real not null, primary key (customer, kind, day)) strict, without rowid`,
  `create table if not exists customer_merges (
     id text primary key, survivor text not null, merged text not null, why text, at integer not null, by text not null, undone_at integer, undone_by text) strict, without rowid`,
  `create index if not exists customer_merges_survivor on customer_merges (survivor)`,
  `create index if not exists customer_merges_merged on customer_merges (merged)`,
  `create table if not exists customer_suggestions (
     id text primary key, one text not null, other text not null, why text not null, state text not null, at integer not null, unique (one, other, why)) strict, without rowid`,
  `create index if not exists customer_suggestions_open on customer_suggestions (at desc, id desc) where state = 'open'`,
  `create index if not exists customer_suggestions_other on customer_suggestions (other)`,
  // What two customers may have in common without being the same: names with a birthday, addresses that differ in writing.
  `create table if not exists customer_match_keys (key text not null, customer text not null, primary key (key, customer)) strict, without rowid`,
  `create index if not exists customer_match_keys_of on customer_match_keys (customer)`,
  `create table if not exists customer_timeline (
     seq integer primary key, customer text not null, at integer not null, type text not null, subject text not null, data text not null) strict`,
  `create index if not exists customer_timeline_of on customer_timeline (customer, seq)`,
  `create index if not exists customer_timeline_subject on customer_timeline (subject)`,
  `create table if not exists customer_links (subject text primary key, customer text not null, at integer not null) strict, without rowid`,
  `create index if not exists customer_links_of on customer_links (customer)`,
  `create table if not exists customer_agents (customer text not null, agent text not null, at integer not null, primary key (customer, agent)) strict, without rowid`,
  `create table if not exists customer_search (num integer primary key, text text not null) strict`,
  // Every word is one of ours (src/desk/customers/search/words.ts): ASCII letters and digits, so that no tokenizer has an opinion about it.
  `create virtual table if not exists customer_words using fts5 (words, content='', contentless_delete=1, detail=none, tokenize='ascii')`,
];
