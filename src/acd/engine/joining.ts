import { admit, takeIn } from './leaving.js';
import { enter, NEVER, reassess } from './line.js';
import { WAITING, type Contact, type State } from './state.js';
import { armAt, nextSerial, tell, type Turn } from './turn.js';
import type { AgentId, Attributes, NewContact, QueueId } from './types.js';
import { clampPriority } from './demand.js';

/** Shared: fifty thousand may wait. */
const NOBODY: readonly never[] = [];
const NOTHING: Attributes = {};

export function join(t: Turn, asked: NewContact): void {
  const known = asked.queues.some((id) => t.s.queues.get(id)?.removed === false);
  if (!known || t.s.contacts.has(asked.id)) return;
  const attributes = asked.attributes ?? NOTHING;
  const booked = asked.notBefore !== undefined && asked.notBefore > t.now ? asked.notBefore : undefined;
  const contact: Contact = {
    id: asked.id, serial: nextSerial(t.s), subject: asked.subject, channel: asked.channel, basePriority: clampPriority(asked.priority ?? 5),
    attributes, needs: asked.needs ?? NOBODY, avoids: asked.avoid ?? NOBODY, avoid: avoided(t.s, attributes, asked.avoid ?? NOBODY), callback: asked.callback ?? false, attemptsLeft: 0,
    joinedAt: booked ?? t.now, entries: NOBODY, places: 0, stage: WAITING, offers: NOBODY, attempts: 0, told: undefined, announcing: undefined, hops: 0,
  };
  t.s.contacts.set(contact.id, contact);
  if (booked === undefined) admit(t, contact, asked.queues);
  else book(t, contact, asked.queues, booked);
  const [home] = contact.entries;
  if (contact.callback && home) contact.attemptsLeft = home.queue.setup.callback.attempts;
  if (home && contact.stage.is === 'waiting') t.arrived.push(contact);
}

function book(t: Turn, contact: Contact, queues: readonly QueueId[], at: number): void {
  contact.callback = true;
  for (const id of new Set(queues)) {
    const queue = t.s.queues.get(id);
    if (queue && !queue.removed) enter(t, contact, queue).since = at;
  }
  contact.stage = { is: 'scheduled', timer: armAt(t, at, { is: 'scheduled', of: contact }) };
  const [home] = contact.entries;
  tell(t, contact, 'callback_scheduled', { queue: home?.queue.id ?? null, in_s: Math.round((at - t.now) / 1000) });
}

/** Waits there as well. Answers whether it does so only from now on. */
export function enterAlso(t: Turn, contact: Contact, id: QueueId): boolean {
  const queue = t.s.queues.get(id);
  if (!queue || queue.removed || contact.entries.some((e) => e.queue === queue)) return false;
  takeIn(t, contact, queue);
  return true;
}

export function avoided(s: State, attributes: Attributes, asked: readonly AgentId[]): ReadonlySet<AgentId> | undefined {
  const { customer } = attributes;
  const blocked = typeof customer === 'string' ? s.blocked.get(customer) : undefined;
  if (!blocked) return asked.length > 0 ? new Set(asked) : undefined;
  return asked.length > 0 ? new Set([...blocked, ...asked]) : blocked;
}

/** More is known of it: what it needs and where it stands are worked out anew. */
export function learn(t: Turn, contact: Contact, what: { readonly priority?: number; readonly attributes?: Attributes }): void {
  if (what.priority !== undefined) contact.basePriority = clampPriority(what.priority);
  if (what.attributes) {
    contact.attributes = { ...contact.attributes, ...what.attributes };
    contact.avoid = avoided(t.s, contact.attributes, contact.avoids);
  }
  for (const entry of contact.entries) {
    if (!entry.heldFor && contact.attempts === 0) entry.heldUntil = NEVER;
    reassess(t, entry);
  }
}

