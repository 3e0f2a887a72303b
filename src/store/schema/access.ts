/** Tables of src/store/migrations/access.ts. Lists (`roles`, `teams`, …) are JSON text. */
export interface AccessTables {
  users: UserTable;
  teams: TeamTable;
  roles: RoleTable;
  access_keys: AccessKeyTable;
  sessions: SessionTable;
  audit: AuditTable;
}
export interface UserTable {
  id: string;
  /** Lower case. */
  login: string;
  name: string;
  email: string | null;
  roles: string;
  teams: string;
  agent: string | null;
  extension: string | null;
  disabled_at: number | null;
  /** argon2id, in its own text form. */
  password: string | null;
  password_at: number | null;
  /** Sealed with a key outside the database; null: none. */
  totp: string | null;
  /** Since when it is asked for; null: not confirmed yet. */
  totp_at: number | null;
  /** The last 30 s step that was used: no code is good twice. */
  totp_step: number | null;
  /** SHA-256 of each recovery code that is left. */
  recovery: string;
  oidc_provider: string | null;
  oidc_subject: string | null;
  created_at: number;
  updated_at: number;
  seen_at: number | null;
  version: number;
}
export interface TeamTable {
  id: string;
  name: string;
  created_at: number;
  version: number;
}
export interface RoleTable {
  id: string;
  names: string;
  permissions: string;
  fields: string;
  created_at: number;
  version: number;
}
export interface AccessKeyTable {
  id: string;
  /** SHA-256 of the token. */
  hash: string;
  /** Its first characters, to be told apart by people. */
  prefix: string;
  name: string;
  /** Whose rights bound it; null: of the holder of the admin token. */
  owner: string | null;
  permissions: string;
  fields: string;
  created_at: number;
  created_by: string;
  expires_at: number | null;
  revoked_at: number | null;
  /** To the minute. */
  used_at: number | null;
}
export interface SessionTable {
  id: string;
  hash: string;
  user: string;
  how: 'password' | 'oidc';
  created_at: number;
  seen_at: number;
  expires_at: number;
  address: string;
  user_agent: string | null;
  ended_at: number | null;
}
export interface AuditTable {
  seq: number;
  at: number;
  actor: string;
  actor_name: string;
  action: string;
  object: string;
  /** `done`, `refused` or `failed`. */
  outcome: 'done' | 'refused' | 'failed';
  before: string | null;
  after: string | null;
  source: string;
  request: string | null;
  /** HMAC over the hash before it and all of the above. */
  hash: string;
}
