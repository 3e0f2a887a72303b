import type { Permission } from '../../access/index.js';
import type { FactType } from '../../events/index.js';

type KindOf<T> = T extends `${infer Kind}.${string}` ? Kind : never;

/** What it takes to hear of a kind of thing. A kind of fact that has no line here does not compile. */
const byKind: Readonly<Record<KindOf<FactType>, Permission>> = {
  call: 'calls.read', caller: 'calls.read', agent: 'agents.read', queue: 'queues.read', alert: 'queues.read', setup: 'settings.read', config: 'settings.read', dialplan: 'dialplans.read',
  extension: 'extensions.read', registration: 'extensions.read', trunk: 'trunks.read', media: 'settings.read', edge: 'settings.read', app: 'settings.read', object: 'settings.read',
  customer: 'customers.read', mail: 'conversations.read', conversation: 'conversations.read', ticket: 'tickets.read', user: 'users.read', role: 'roles.read', key: 'roles.read', webhook: 'webhooks.read',
};
/** Where one fact tells more than the others of its kind. */
const byType: Readonly<Partial<Record<FactType, Permission>>> = { 'call.transcript_segment': 'transcripts.read' };

export function permissionOf(type: FactType): Permission {
  return byType[type] ?? byKind[type.slice(0, type.indexOf('.')) as KindOf<FactType>];
}
