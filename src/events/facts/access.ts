/** Users, roles, sessions, keys. Subject `user:ID`, `system` for roles and keys of nobody. */
export interface AccessFacts {
  'user.created': { user: string; by: string };
  'user.changed': { user: string; by: string };
  /** He is out: sessions, keys, open sockets and the phone's registration with him. */
  'user.disabled': { user: string; by: string; extension?: string };
  'user.enabled': { user: string; by: string };
  'user.logged_in': { user: string; session: string; how: 'password' | 'oidc' };
  'user.session_ended': { user: string; session: string; why: 'logged_out' | 'revoked' | 'disabled' | 'password_changed' };
  'role.changed': { role: string; by: string };
  'key.created': { key: string; by: string };
  'key.revoked': { key: string; by: string };
}
