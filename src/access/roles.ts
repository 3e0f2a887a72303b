import { FIELDS, PERMISSIONS, type Field, type Permission, type Scope } from './permissions.js';

/** What somebody may, and what he sees unmasked. */
export interface Rights {
  readonly permissions: Readonly<Partial<Record<Permission, Scope>>>;
  readonly fields: readonly Field[];
}
export interface Role extends Rights {
  readonly id: string;
  readonly names: { readonly 'zh-CN': string; readonly en: string };
  readonly builtIn: boolean;
  /** Counts its changes; 0: built in. */
  readonly version: number;
}

const reach: Readonly<Record<Scope, number>> = { own: 1, team: 2, all: 3 };
export const wider = (a: Scope | undefined, b: Scope | undefined): Scope | undefined => (a === undefined ? b : b === undefined || reach[a] >= reach[b] ? a : b);
export const narrower = (a: Scope | undefined, b: Scope | undefined): Scope | undefined => (a === undefined || b === undefined ? undefined : reach[a] <= reach[b] ? a : b);

const combine = (pick: (permission: Permission) => Scope | undefined, fields: readonly Field[]): Rights => ({
  permissions: Object.fromEntries(PERMISSIONS.flatMap((p) => {
    const scope = pick(p);
    return scope === undefined ? [] : [[p, scope]];
  })),
  fields,
});

/** All that any of them grants. */
export const united = (all: readonly Rights[]): Rights =>
  combine((p) => all.reduce<Scope | undefined>((most, { permissions }) => wider(most, permissions[p]), undefined), FIELDS.filter((f) => all.some(({ fields }) => fields.includes(f))));

/** Only what both grant: a key of somebody is never more than he is. */
export const shared = (a: Rights, b: Rights): Rights => combine((p) => narrower(a.permissions[p], b.permissions[p]), a.fields.filter((f) => b.fields.includes(f)));

/** What of `inner` goes beyond `outer`, by name: what somebody may not grant, because he has it not. */
export const beyond = (inner: Rights, outer: Rights): readonly string[] => [
  ...PERMISSIONS.filter((p) => inner.permissions[p] !== undefined && wider(inner.permissions[p], outer.permissions[p]) !== outer.permissions[p]),
  ...inner.fields.filter((f) => !outer.fields.includes(f)),
];

const every = (scope: Scope, ...permissions: readonly Permission[]): Partial<Record<Permission, Scope>> => Object.fromEntries(permissions.map((p) => [p, scope]));
const builtIn = (id: string, en: string, zh: string, permissions: Rights['permissions'], fields: readonly Field[] = []): Role => ({ id, names: { en, 'zh-CN': zh }, builtIn: true, version: 0, permissions, fields });

/** Those that every house has; docs/access.md shows them as a table. */
export const BUILT_IN: readonly Role[] = [
  builtIn('admin', 'Administrator', '管理员', every('all', ...PERMISSIONS), FIELDS),
  builtIn('supervisor', 'Supervisor', '班长', {
    ...every('team', 'calls.read', 'calls.transfer', 'recordings.read', 'transcripts.read', 'agents.state', 'conversations.read', 'conversations.write', 'conversations.notes', 'tickets.read', 'tickets.write', 'tickets.bulk', 'reports.read', 'events.read', 'users.read'),
    ...every('all', 'agents.read', 'agents.write', 'queues.read', 'queues.write', 'contacts.read', 'contacts.write', 'callbacks.write', 'extensions.read', 'settings.read', 'customers.read', 'customers.write', 'customers.merge', 'dialplans.read', 'roles.read'),
  }, FIELDS),
  builtIn('agent', 'Agent', '坐席', {
    ...every('own', 'calls.read', 'calls.transfer', 'recordings.read', 'transcripts.read', 'agents.state', 'events.read', 'keys.write'),
    ...every('team', 'conversations.read', 'conversations.write', 'conversations.notes', 'tickets.read', 'tickets.write'),
    ...every('all', 'agents.read', 'queues.read', 'contacts.read', 'callbacks.write', 'extensions.read', 'customers.read', 'customers.write'),
  }, FIELDS),
  builtIn('designer', 'Flow designer', '流程设计师', every('all', 'dialplans.read', 'dialplans.write', 'dialplans.publish', 'dialplans.test', 'queues.read', 'settings.read', 'extensions.read', 'numbers.read', 'trunks.read', 'calls.read', 'test_calls.write')),
  builtIn('engineer', 'Telecom engineer', '通信工程师', every(
    'all', 'calls.read', 'agents.read', 'agents.write', 'queues.read', 'queues.write', 'contacts.read', 'dialplans.read', 'dialplans.test', 'extensions.read', 'extensions.write', 'trunks.read', 'trunks.write', 'numbers.read', 'numbers.write',
    'settings.read', 'settings.write', 'events.read', 'webhooks.read', 'webhooks.write', 'backup.write', 'test_calls.write',
  ), ['calls.numbers']),
  builtIn('app', 'Application', '应用程序', every(
    'all', 'calls.read', 'calls.transfer', 'agents.read', 'queues.read', 'contacts.read', 'contacts.write', 'callbacks.write', 'customers.read', 'customers.write', 'conversations.read', 'conversations.write', 'conversations.carry', 'tickets.read', 'tickets.write', 'reports.read', 'events.read',
    'webhooks.read', 'webhooks.write', 'test_calls.write',
  ), FIELDS),
  builtIn('auditor', 'Auditor', '审计员', every('all', 'audit.read', 'users.read', 'roles.read', 'settings.read', 'dialplans.read', 'reports.read', 'calls.read')),
];
