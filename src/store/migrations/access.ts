/** Statements of one migration; each is "if not exists". */
export const access: readonly string[] = [
  `create table if not exists users (
     id text primary key, login text not null unique, name text not null, email text, roles text not null, teams text not null, agent text, extension text,
     disabled_at integer, password text, password_at integer, totp text, totp_at integer, totp_step integer, recovery text not null default '[]', oidc_provider text,
     oidc_subject text, created_at integer not null, updated_at integer not null, seen_at integer, version integer not null, unique (oidc_provider, oidc_subject)) strict, without rowid`,
  `create index if not exists users_newest on users (created_at desc, id desc)`,
  `create unique index if not exists users_agent on users (agent) where agent is not null`,
  `create unique index if not exists users_extension on users (extension) where extension is not null`,
  `create table if not exists teams (id text primary key, name text not null unique, created_at integer not null, version integer not null) strict, without rowid`,
  `create table if not exists roles (
     id text primary key, names text not null, permissions text not null, fields text not null, created_at integer not null, version integer not null) strict, without rowid`,
  `create table if not exists access_keys (
     id text primary key, hash text not null unique, prefix text not null, name text not null, owner text references users (id), permissions text not null, fields text not null,
     created_at integer not null, created_by text not null, expires_at integer, revoked_at integer, used_at integer) strict, without rowid`,
  `create index if not exists access_keys_newest on access_keys (created_at desc, id desc)`,
  `create table if not exists sessions (
     id text primary key, hash text not null unique, user text not null references users (id), how text not null, created_at integer not null, seen_at integer not null,
     expires_at integer not null, address text not null, user_agent text, ended_at integer) strict, without rowid`,
  `create index if not exists sessions_user on sessions (user, created_at)`,
  `create table if not exists audit (
     seq integer primary key, at integer not null, actor text not null, actor_name text not null, action text not null, object text not null, outcome text not null, before text,
     after text, source text not null, request text, hash text not null) strict`,
  `create index if not exists audit_actor on audit (actor, seq)`,
  `create index if not exists audit_object on audit (object, seq)`,
  `create trigger if not exists audit_is_written_once before update on audit begin select raise(abort, 'the audit log is append-only'); end`,
  // Retention says in meta how far it may cut; nothing else removes a row.
  `create trigger if not exists audit_is_kept before delete on audit
     when old.seq > coalesce((select cast(value as integer) from meta where key = 'audit.cut_through'), 0)
     begin select raise(abort, 'the audit log is append-only'); end`,
];
