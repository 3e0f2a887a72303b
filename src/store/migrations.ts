import { sql, type Kysely, type Migration } from 'kysely';
import { access } from './migrations/access.js';
import { archive } from './migrations/archive.js';
import { conversations } from './migrations/conversations.js';
import { customers } from './migrations/customers.js';
import { erasure } from './migrations/erasure.js';
import { finding } from './migrations/finding.js';
import { insight } from './migrations/insight.js';
import { objects } from './migrations/objects.js';
import { sorting } from './migrations/sorting.js';
import { talks } from './migrations/talks.js';
import { ticketDesk } from './migrations/ticket-desk.js';
import { tickets } from './migrations/tickets.js';
import { webhooks } from './migrations/webhooks.js';
import { queueFigures } from './schema.js';

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
  '0002_queue_log': {
    async up(db: Kysely<unknown>) {
      for (const statement of queueLog) await sql.raw(statement).execute(db);
    },
  },
  '0003_queue_settings': {
    async up(db: Kysely<unknown>) {
      for (const statement of queueSettings) await sql.raw(statement).execute(db);
    },
  },
  '0004_dialplan_versions': {
    async up(db: Kysely<unknown>) {
      for (const statement of dialplanVersions) await sql.raw(statement).execute(db);
    },
  },
  '0005_transcripts': {
    async up(db: Kysely<unknown>) {
      for (const statement of transcripts) await sql.raw(statement).execute(db);
    },
  },
  '0006_access': {
    async up(db: Kysely<unknown>) {
      for (const statement of access) await sql.raw(statement).execute(db);
    },
  },
  '0007_customers': {
    async up(db: Kysely<unknown>) {
      for (const statement of customers) await sql.raw(statement).execute(db);
    },
  },
  '0008_conversations': {
    async up(db: Kysely<unknown>) {
      for (const statement of conversations) await sql.raw(statement).execute(db);
    },
  },
  '0009_tickets': {
    async up(db: Kysely<unknown>) {
      for (const statement of tickets) await sql.raw(statement).execute(db);
    },
  },
  '0010_webhooks': {
    async up(db: Kysely<unknown>) {
      for (const statement of webhooks) await sql.raw(statement).execute(db);
    },
  },
  '0012_objects': {
    async up(db: Kysely<unknown>) {
      for (const statement of objects) await sql.raw(statement).execute(db);
    },
  },
  '0012_talks': {
    async up(db: Kysely<unknown>) {
      for (const statement of talks) await sql.raw(statement).execute(db);
    },
  },
  '0013_insight': {
    async up(db: Kysely<unknown>) {
      for (const statement of insight) await sql.raw(statement).execute(db);
    },
  },
  '0014_archive': {
    async up(db: Kysely<unknown>) {
      for (const statement of archive) await sql.raw(statement).execute(db);
    },
  },
  '0016_ticket_desk': {
    async up(db: Kysely<unknown>) {
      for (const statement of ticketDesk) await sql.raw(statement).execute(db);
    },
  },
  '0017_erasure': {
    async up(db: Kysely<unknown>) {
      for (const statement of erasure) await sql.raw(statement).execute(db);
    },
  },
  '0018_sorting': {
    async up(db: Kysely<unknown>) {
      for (const statement of sorting) await sql.raw(statement).execute(db);
    },
  },
  '0020_finding': {
    async up(db: Kysely<unknown>) {
      for (const statement of finding) await sql.raw(statement).execute(db);
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

const queueLog = [
  `create table if not exists acd_log (seq integer primary key, at real not null, event text not null) strict`,
  `create table if not exists acd_snapshots (seq integer primary key, at real not null, state text not null) strict`,
  `create table if not exists acd_contacts (
     contact text primary key, subject text not null, agent text, first_seq integer not null, decided_seq integer not null,
     last_seq integer not null) strict, without rowid`,
  `create index if not exists acd_contacts_subject on acd_contacts (subject)`,
  `create index if not exists acd_contacts_age on acd_contacts (last_seq)`,
  `create table if not exists agent_states (
     seq integer primary key, agent text not null, state text not null, reason text, by text, from_at integer not null,
     until_at integer) strict`,
  `create index if not exists agent_states_agent on agent_states (agent, from_at)`,
  `create index if not exists agent_states_open on agent_states (agent) where until_at is null`,
  // The figures of a queue are read from these facts and kept nowhere else. A query names the same types in the same words to use it.
  `create index if not exists events_queue on events (json_extract(data, '$.queue'), at) where ${queueFigures}`,
];

const queueSettings = [
  `create table if not exists acd_settings (
     version integer primary key autoincrement, at integer not null, by text not null, comment text, patch text not null,
     restores integer) strict`,
  `create table if not exists idempotency_keys (
     key text not null, principal text not null, request text not null, status integer, body text, at integer not null,
     primary key (principal, key)) strict, without rowid`,
  `create index if not exists idempotency_keys_age on idempotency_keys (at)`,
];

const dialplanVersions = [
  `create table if not exists dialplan_versions (
     id integer primary key autoincrement, file text not null, version integer not null, hash text not null, text text not null, at integer not null, by text not null,
     comment text, restores integer, published_at integer, published_by text, unique (file, version)) strict`,
  `create table if not exists dialplan_rollouts (
     file text primary key, version integer not null, percent integer not null, at integer not null, by text not null) strict, without rowid`,
];

const transcripts = [
  `create table if not exists transcripts (
     id text primary key, call_id text not null references calls (id) on delete cascade, recording_id text not null unique,
     part integer not null, language text not null, how text not null, state text not null, segments text not null, error text,
     at integer not null) strict`,
  `create index if not exists transcripts_call on transcripts (call_id, part)`,
];
