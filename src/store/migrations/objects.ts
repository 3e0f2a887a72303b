/** Statements of one migration; each is "if not exists". */
export const objects: readonly string[] = [
  `create table if not exists objects (
     kind text not null, id text not null, form text not null, realm text, version integer not null, at integer not null, by text not null,
     primary key (kind, id)) strict, without rowid`,
  `create table if not exists object_versions (
     version integer primary key autoincrement, kind text not null, id text not null, action text not null, at integer not null, by text not null, comment text, form text) strict`,
  `create index if not exists object_versions_of on object_versions (kind, id, version)`,
];
