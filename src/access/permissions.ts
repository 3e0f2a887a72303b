/**
 * Everything somebody may be allowed to do, `resource.action`: `read` looks, `write` makes and changes, `delete` removes for good, others say what they do.
 * A route names the one it needs; roles grant them, each with how far it reaches.
 */
export const PERMISSIONS = [
  'calls.read', 'calls.transfer', 'recordings.read', 'recordings.delete', 'recordings.hold', 'transcripts.read',
  'agents.read', 'agents.state', 'agents.write', 'queues.read', 'queues.write', 'contacts.read', 'contacts.write', 'callbacks.write',
  'dialplans.read', 'dialplans.write', 'dialplans.publish', 'dialplans.test', 'extensions.read', 'extensions.write', 'trunks.read', 'trunks.write', 'numbers.read', 'numbers.write', 'settings.read', 'settings.write',
  'customers.read', 'customers.write', 'customers.merge', 'customers.delete', 'conversations.read', 'conversations.write', 'conversations.carry', 'conversations.notes', 'conversations.hold',
  'tickets.read', 'tickets.write', 'tickets.bulk', 'tickets.hold', 'tickets.admin', 'reports.read', 'reports.admin',
  'events.read', 'webhooks.read', 'webhooks.write', 'users.read', 'users.write', 'roles.read', 'roles.write', 'keys.write', 'audit.read', 'backup.write', 'test_calls.write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** About things of the whole house, which no agent and no team owns: whose permission reaches less far than everything has none of them. */
export const HOUSE_WIDE: ReadonlySet<Permission> = new Set<Permission>([
  'queues.read', 'queues.write', 'contacts.read', 'contacts.write', 'callbacks.write', 'conversations.carry', 'dialplans.read', 'dialplans.write', 'dialplans.publish', 'dialplans.test', 'extensions.write', 'trunks.read', 'trunks.write',
  'numbers.read', 'numbers.write', 'settings.read', 'settings.write', 'webhooks.read', 'webhooks.write', 'roles.read', 'roles.write', 'tickets.admin', 'audit.read', 'backup.write', 'test_calls.write',
]);

/** Everything about a person that not everybody who may see the rest of a thing needs to see. Who may not gets it masked. */
export const FIELDS = ['calls.numbers', 'customers.phone', 'customers.email', 'customers.personal'] as const;
export type Field = (typeof FIELDS)[number];

/** How far a permission reaches: what is one's own, what is one's teams', or everything. */
export type Scope = 'own' | 'team' | 'all';

/** Whoever sends a request: a person who logged in, a key of an application, or the holder of the admin token. */
export interface Principal {
  /** `admin`, `usr_…` or `key_…`: never changes. */
  readonly id: string;
  readonly kind: 'admin' | 'user' | 'key';
  /** For people's eyes and the `by` of facts. */
  readonly name: string;
  readonly teams: readonly string[];
  /** IDs of the roles held: of the user himself, or of the owner of the key. */
  readonly roles: readonly string[];
  /** Whose rights these are: the user himself, or the owner of the key; null: nobody's in particular. */
  readonly user: string | null;
  /** The agent this user is, if any. */
  readonly agent: string | null;
  /** The phone of this user, if any. */
  readonly extension: string | null;
  /** What he showed: `admin`, `key_…` or `ses_…`. */
  readonly credential: string;
  /** Fires when he is out: disabled, logged out, the key or session over, or allowed other things than before. Whoever keeps a line open to him ends it then. */
  readonly gone: AbortSignal;
  /** How far it may; undefined: not at all. */
  may(permission: Permission): Scope | undefined;
  /** Whether he sees it unmasked, where he may see the thing at all. */
  sees(field: Field): boolean;
}

/** The holder of the admin token may everything. */
export const admin: Principal = { id: 'admin', kind: 'admin', name: 'admin', teams: [], roles: [], user: null, agent: null, extension: null, credential: 'admin', gone: new AbortController().signal, may: () => 'all', sees: () => true };
