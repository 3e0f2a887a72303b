import { quiet } from './announce.js';
import { addToLine, depart, enter, reassess, seek, takeFromLine } from './line.js';
import { release, takenBy, waited, withdraw } from './offers.js';
import { drop, workOn } from './agents.js';
import { labels } from './labels.js';
import { WAITING, type Contact, type Entry, type Queue } from './state.js';
import { armAt, disarm, tell, type Turn } from './turn.js';
import type { DivertReason, LeaveReason, QueueId, Target, WithdrawReason } from './types.js';

/** A chain of queues that send on to each other ends here. */
const MOST_HOPS = 5;
const HANG_UP: Target = { to: 'hang_up' };

/** Out of all lines for good; the phones that ring for it stop. A connected contact is released. */
export function leave(t: Turn, contact: Contact, why: LeaveReason | 'unreached'): void {
  if (takenBy(contact)) return release(t, contact);
  const home = contact.entries[0]?.queue.id ?? null;
  remove(t, contact, 'contact_left');
  tell(t, contact, 'left_queue', { queue: home, why, waited_ms: waited(t, contact) });
}

function remove(t: Turn, contact: Contact, why: WithdrawReason): void {
  for (const live of [...contact.offers]) withdraw(t, live, why);
  if (contact.stage.is === 'scheduled') disarm(t, contact.stage.timer);
  quiet(t, contact);
  for (const entry of contact.entries) depart(t, entry);
  t.s.contacts.delete(contact.id);
}

/** Into these queues, as far as they take it; where none does, to where the first of them sends it. Answers whether it waits now. */
export function admit(t: Turn, contact: Contact, queues: readonly QueueId[]): boolean {
  const refused: { readonly queue: Queue; readonly why: Refusal; readonly target: Target }[] = [];
  for (const id of queues) {
    const queue = t.s.queues.get(id);
    if (!queue || queue.removed || contact.entries.some((e) => e.queue === queue)) continue;
    const why = refusal(queue, contact);
    if (why === undefined) takeIn(t, contact, queue);
    else refused.push({ queue, why, target: queue.setup.on[why] ?? HANG_UP });
  }
  if (contact.entries.length > 0) return true;
  const [first] = refused;
  if (!first) {
    dismiss(t, contact, queues[0]);
    return false;
  }
  tell(t, contact, 'left_queue', { queue: first.queue.id, why: first.why, waited_ms: waited(t, contact) });
  return sendOn(t, contact, first.queue, first.target, first.why);
}

type Refusal = 'full' | 'closed' | 'emergency' | 'unstaffed';

function refusal({ setup, line, staffed }: Queue, contact: Contact): Refusal | undefined {
  if (contact.callback) return undefined; // promised already
  if (setup.mode !== 'open') return setup.mode;
  if (setup.maxWaiting > 0 && line.size >= setup.maxWaiting) return 'full';
  return staffed === 0 && setup.on.unstaffed ? 'unstaffed' : undefined;
}

/** No checks: it waits here from now on, with the time it has waited. */
export function takeIn(t: Turn, contact: Contact, queue: Queue): Entry {
  const entry = enter(t, contact, queue);
  const ahead = addToLine(t, entry);
  tell(t, contact, 'queued', { queue: queue.id, position: ahead + 1, priority: entry.priority, ...labels(contact.attributes) });
  return entry;
}

function dismiss(t: Turn, contact: Contact, from: QueueId | undefined): void {
  remove(t, contact, 'queue_removed');
  tell(t, contact, 'left_queue', { queue: from ?? null, why: 'failed', waited_ms: waited(t, contact) });
  t.effects.push({ do: 'dismiss', contact: contact.id });
}

/** A contact that is in no line any more goes where it was sent. Answers whether it waits now. */
function sendOn(t: Turn, contact: Contact, from: Queue, target: Target, why: DivertReason): boolean {
  contact.hops += 1;
  if (target.to === 'queue' && contact.hops <= MOST_HOPS) return admit(t, contact, [target.queue]);
  if (target.to === 'callback') {
    takeIn(t, contact, from);
    callBack(t, contact, undefined);
    t.effects.push({ do: 'divert', contact: contact.id, queue: from.id, target, why });
    return true;
  }
  remove(t, contact, 'moved');
  t.effects.push({ do: 'divert', contact: contact.id, queue: from.id, target: target.to === 'queue' ? HANG_UP : target, why });
  return false;
}

/** Out of this queue to somewhere else. While it waits in others too it just waits there on, unless it asked to go itself. */
export function sendAway(t: Turn, entry: Entry, target: Target, why: DivertReason): void {
  const { contact, queue } = entry;
  const all = why === 'exit' || why === 'emergency';
  for (const live of [...contact.offers]) if (all || live.entry === entry) withdraw(t, live, 'moved');
  if (target.to === 'callback') {
    callBack(t, contact, undefined);
    t.effects.push({ do: 'divert', contact: contact.id, queue: queue.id, target, why });
    return;
  }
  for (const one of all ? contact.entries : [entry]) depart(t, one);
  tell(t, contact, 'left_queue', { queue: queue.id, why, waited_ms: waited(t, contact) });
  if (contact.entries.length === 0 || target.to === 'queue') sendOn(t, contact, queue, target, why);
}

/** All waiting contacts leave for where an emergency sends them. */
export function evacuate(t: Turn, queue: Queue): void {
  for (const entry of [...queue.line]) if (!entry.contact.callback) sendAway(t, entry, queue.setup.on.emergency ?? HANG_UP, 'emergency');
}

/** The queue is no more: those who wait nowhere else must leave. */
export function disband(t: Turn, queue: Queue): void {
  queue.removed = true;
  for (const entry of entriesOf(t, queue)) {
    const { contact } = entry;
    if (takenBy(contact)) continue;
    for (const live of [...contact.offers]) if (live.entry === entry) withdraw(t, live, 'queue_removed');
    depart(t, entry);
    if (contact.entries.length === 0) dismiss(t, contact, queue.id);
  }
  if (queue.entries === 0) t.s.queues.delete(queue.id);
}

export function entriesOf(t: Turn, queue: Queue): Entry[] {
  const found: Entry[] = [];
  if (queue.entries > 0) for (const contact of t.s.contacts.values()) for (const entry of contact.entries) if (entry.queue === queue) found.push(entry);
  return found;
}

/** From now on a person to be called back, in the same place; or booked for a time, and in line by that time. */
export function callBack(t: Turn, contact: Contact, at: number | undefined): void {
  const [home] = contact.entries;
  if (!home || takenBy(contact)) return;
  for (const live of [...contact.offers]) withdraw(t, live, 'moved');
  quiet(t, contact);
  if (!contact.callback) contact.attemptsLeft = home.queue.setup.callback.attempts;
  contact.callback = true;
  const later = at !== undefined && at > t.now ? at : undefined;
  if (later !== undefined) {
    contact.joinedAt = later;
    schedule(t, contact, later);
    for (const entry of contact.entries) Object.assign(entry, { since: later, relaxed: 0, escalated: 0 });
  } else for (const entry of contact.entries) seek(t, entry);
  tell(t, contact, 'callback_scheduled', { queue: home.queue.id, in_s: later === undefined ? 0 : Math.round((later - t.now) / 1000) });
}

function schedule(t: Turn, contact: Contact, at: number): void {
  if (contact.stage.is === 'scheduled') disarm(t, contact.stage.timer);
  for (const entry of contact.entries) takeFromLine(t, entry);
  contact.stage = { is: 'scheduled', timer: armAt(t, at, { is: 'scheduled', of: contact }) };
}

/** The time of a callback has come. */
export function callbackDue(t: Turn, contact: Contact): void {
  contact.stage = WAITING;
  for (const entry of contact.entries) {
    reassess(t, entry);
    const ahead = addToLine(t, entry);
    if (contact.attempts === 0) tell(t, contact, 'queued', { queue: entry.queue.id, position: ahead + 1, priority: entry.priority, ...labels(contact.attributes) });
  }
}

/** The customer of a callback did not answer: again later, until enough has been tried. */
export function unreached(t: Turn, contact: Contact): void {
  const [home] = contact.entries;
  if (!home || !contact.callback || contact.stage.is === 'connected' || contact.stage.is === 'scheduled') return;
  const live = takenBy(contact);
  if (contact.stage.is === 'connecting') disarm(t, contact.stage.timer);
  contact.stage = WAITING;
  contact.attemptsLeft -= 1;
  tell(t, contact, 'callback_failed', { queue: home.queue.id, attempts_left: contact.attemptsLeft });
  for (const ringing of [...contact.offers]) withdraw(t, ringing, 'moved');
  if (contact.attemptsLeft > 0) schedule(t, contact, t.now + home.queue.setup.callback.retryMs);
  else {
    leave(t, contact, 'unreached');
    t.effects.push({ do: 'dismiss', contact: contact.id });
  }
  if (live) drop(t, live.agent, workOn(live.agent, live), { fresh: true });
}
