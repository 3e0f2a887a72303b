import { sql, type Kysely, type Migration } from 'kysely';

/**
 * In order, never changed once released. Every statement is "if not exists": SQLite runs a migration outside a
 * transaction here, and one cut short by kill -9 is simply run again.
 */
export const migrations: Record<string, Migration> = {
  '0001_ground': {
    async up(db: Kysely<unknown>) {
      for (const statement of ground) await sql.raw(statement).execute(db);
    },
  },
};

const ground = [
  `create table if not exists meta (key text primary key, value text not null) strict, without rowid`,
  `create table if not exists events (
     seq integer primary key autoincrement, id text not null unique, type text not null, at integer not null,
     subject text not null, data text not null) strict`,
  `create index if not exists events_subject on events (subject, seq)`,
  `create index if not exists events_type on events (type, seq)`,
  `create table if not exists calls (
     id text primary key, direction text not null, from_number text not null, to_number text not null, queue text,
     agent text, state text not null, started_at integer not null, answered_at integer, ended_at integer, cause text,
     trunk text, did text, language text, recorded integer not null default 0,
     check ((state = 'ended') = (ended_at is not null)), check ((ended_at is null) = (cause is null))) strict`,
  `create index if not exists calls_newest on calls (started_at desc, id desc)`,
  `create index if not exists calls_open on calls (id) where ended_at is null`,
  `create table if not exists call_legs (
     id text primary key, call_id text not null references calls (id) on delete cascade, role text not null,
     state text not null, remote text not null, sip_dialog_id text, sip_call_id text, media_dialog_id text,
     media_uuid text, media_server text, started_at integer not null, answered_at integer, ended_at integer,
     end_why text) strict`,
  `create index if not exists call_legs_call on call_legs (call_id, started_at)`,
  `create index if not exists call_legs_open on call_legs (call_id) where ended_at is null`,
  `create table if not exists recordings (
     id text primary key, call_id text not null references calls (id) on delete cascade, part integer not null,
     path text not null, state text not null, started_at integer not null, ended_at integer, ms integer, bytes integer,
     error text, unique (call_id, part)) strict`,
  `create index if not exists recordings_newest on recordings (started_at desc, id desc)`,
  `create index if not exists recordings_open on recordings (id) where state = 'recording'`,
  `create table if not exists registrations (
     aor text not null, contact text not null, received_proto text not null, received_address text not null,
     received_port integer not null, call_id text not null, cseq integer not null, q integer not null,
     expires_at integer not null, user_agent text, instance text, updated_at integer not null,
     primary key (aor, contact)) strict, without rowid`,
  `create index if not exists registrations_expiry on registrations (expires_at)`,
  `create table if not exists agents (
     id text primary key, state text not null, reason text, state_since integer not null, idle_since integer not null,
     unanswered integer not null default 0, call_id text) strict, without rowid`,
];
