/** Statements of one migration; each is "if not exists". */
export const webhooks: readonly string[] = [
  // `cursor`: everything up to there is delivered, given up or not for it. `attempts`, `next_at`: of the event after it.
  `create table if not exists webhooks (
     id text primary key, url text not null, description text, types text not null, grants text not null, enabled integer not null, secret text not null,
     previous_secret text, previous_until integer, version integer not null, created_at integer not null, created_by text not null, cursor integer not null,
     attempts integer not null default 0, next_at integer not null default 0, failing_since integer, last_status integer, last_error text, delivered_at integer,
     disabled_why text) strict`,
  `create table if not exists webhook_dead_letters (
     webhook text not null references webhooks (id) on delete cascade, seq integer not null, event text not null, type text not null, at integer not null,
     attempts integer not null, status integer, error text, primary key (webhook, seq)) strict, without rowid`,
  `create table if not exists webhook_replays (
     id integer primary key autoincrement, webhook text not null references webhooks (id) on delete cascade, cursor integer not null, until_seq integer not null,
     attempts integer not null default 0, next_at integer not null default 0) strict`,
  `create index if not exists webhook_replays_webhook on webhook_replays (webhook, id)`,
];
