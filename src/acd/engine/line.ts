import type { Ms } from '../../base/index.js';
import { works } from './duty.js';
import { joined, leftLine } from './expect.js';
import { assess, listen, stopListening } from './lanes.js';
import type { Agent, Contact, Entry, Queue } from './state.js';
import { armAt, disarm, seekNow, type Turn } from './turn.js';

/** Whether to keep it for an agent has not been considered yet. */
export const NEVER = -1;

/** A place in a queue, with the time that the contact has waited already; in line once `addToLine` put it there. */
export function enter(t: Turn, contact: Contact, queue: Queue): Entry {
  const entry: Entry = {
    contact, queue, order: contact.places, since: t.now, relaxed: 0, escalated: 0, heldFor: undefined, heldUntil: NEVER, timer: undefined, inLine: false, soughtIn: -1, onTrial: false, pos: -1,
    ...assess(t.s, queue, contact, { relaxed: 0, escalated: 0 }),
  };
  entry.lane.members += 1;
  queue.entries += 1;
  contact.places += 1;
  contact.entries = [...contact.entries, entry];
  return entry;
}

/** Into the line, at the place where it belongs, looking for an agent. Answers how many are before it. */
export function addToLine(t: Turn, entry: Entry): number {
  const { queue } = entry;
  const ahead = queue.line.add(entry);
  entry.inLine = true;
  entry.onTrial = joined(queue, t.now, ahead, entry.contact.serial);
  seek(t, entry);
  rearm(t, entry);
  return ahead;
}

/** Out of the line: taken, or gone. Its place is kept in mind. */
export function takeFromLine(t: Turn, entry: Entry, taken?: { readonly ringMs: number }): void {
  hush(t, entry);
  entry.soughtIn = -1;
  if (!entry.inLine) return;
  const { queue, contact, onTrial } = entry;
  entry.inLine = false;
  entry.timer = disarm(t, entry.timer);
  queue.line.delete(entry);
  leftLine(queue, t.now, { how: taken ? 'taken' : 'gone', waitedMs: t.now - entry.since, ringMs: taken?.ringMs ?? 0, serial: onTrial ? contact.serial : undefined });
}

/** Out of the queue for good. */
export function depart(t: Turn, entry: Entry): void {
  takeFromLine(t, entry);
  entry.lane.members -= 1;
  const { queue, contact } = entry;
  contact.entries = contact.entries.filter((one) => one !== entry);
  queue.entries -= 1;
  if (queue.removed && queue.entries === 0) t.s.queues.delete(queue.id);
}

/** Wants a phone to ring, if not enough ring already. */
export function seek(t: Turn, entry: Entry): void {
  const { contact, lane } = entry;
  if (contact.stage.is !== 'waiting' || contact.offers.length >= breadth(t, entry)) return;
  if (entry.pos < 0) settleHold(t, entry);
  if (entry.heldFor) {
    if (entry.pos < 0) entry.heldFor.kept.push(entry);
    if (entry.heldFor.open.includes(lane.channel)) letChoose(t, entry.heldFor);
    return;
  }
  if (entry.pos < 0) listen(t.s, entry);
  seekNow(t, entry);
}

/** Whether it is kept for an agent, as of now. */
function settleHold(t: Turn, entry: Entry): void {
  if (entry.heldFor && (t.now >= entry.heldUntil || !works(entry.heldFor))) entry.heldFor = undefined;
  if (entry.heldUntil === NEVER) hold(t, entry);
}

/** Wants no further phone. */
export function hush(t: Turn, entry: Entry): void {
  if (entry.pos < 0) return;
  if (entry.heldFor) entry.heldFor.kept.remove(entry);
  else stopListening(t.s, entry);
}

function letChoose(t: Turn, agent: Agent): void {
  agent.choosing = true;
  t.choosing.push(agent);
}

/** How many phones may ring for it at once by now. */
export function breadth(t: Turn, { queue, since }: Entry): number {
  const { atOnce } = queue.setup;
  let agents = 1;
  for (const step of atOnce) if (step.afterMs <= t.now - since) agents = step.agents === 'all' ? Infinity : step.agents;
  return agents;
}

/** Keeps the contact for the agent whom its attributes name, if that one is on duty and may serve it. */
function hold(t: Turn, entry: Entry): void {
  entry.heldUntil = t.now;
  for (const { attribute, holdMs } of entry.queue.setup.sticky) {
    const agent = named(t, entry, attribute);
    if (!agent || entry.since + holdMs <= t.now) continue;
    entry.heldFor = agent;
    entry.heldUntil = entry.since + holdMs;
    return;
  }
}

/** Of the agents named by the attributes, the first who is free right now: asked before all others, not waited for. */
export function favourite(t: Turn, entry: Entry): Agent | undefined {
  for (const { attribute } of entry.queue.setup.sticky) {
    const agent = named(t, entry, attribute);
    if (agent?.standing && agent.open.includes(entry.lane.channel)) return agent;
  }
  return undefined;
}

function named(t: Turn, { contact, lane }: Entry, attribute: string): Agent | undefined {
  const id = contact.attributes[attribute];
  const agent = typeof id === 'string' ? t.s.agents.get(id as Agent['setup']['id']) : undefined;
  return agent && works(agent) && lane.links.has(agent) && !contact.avoid?.has(agent.setup.id) ? agent : undefined;
}

/** From now on anybody may have it. */
export function letGo(t: Turn, entry: Entry): void {
  if (!entry.heldFor) return;
  entry.heldFor.kept.remove(entry);
  entry.heldFor = undefined;
  entry.heldUntil = t.now;
  seek(t, entry);
}

/** After what is known of the contact, or what the queue asks, has changed: its lane and place anew. */
export function reassess(t: Turn, entry: Entry): void {
  relocate(t, entry);
  if (!entry.inLine) return;
  seek(t, entry);
  rearm(t, entry);
}

/** As `reassess`, but it neither looks for an agent yet nor is its timer set. */
export function relocate(t: Turn, entry: Entry): void {
  const { queue, inLine, due, lane } = entry;
  const now = assess(t.s, queue, entry.contact, entry);
  entry.priority = now.priority;
  if (now.due === due && now.lane === lane) return;
  hush(t, entry);
  if (inLine && now.due !== due) queue.line.delete(entry);
  lane.members -= 1;
  now.lane.members += 1;
  entry.lane = now.lane;
  entry.due = now.due;
  if (entry.heldFor && !entry.lane.links.has(entry.heldFor)) entry.heldFor = undefined;
  if (inLine && now.due !== due) queue.line.add(entry);
}

/** The next thing that happens to it by time alone. */
export function rearm(t: Turn, entry: Entry): void {
  entry.timer = disarm(t, entry.timer);
  const next = nextChange(t, entry);
  if (next) entry.timer = armAt(t, Math.max(t.now, next.at), { is: 'schedule', of: entry });
}

export interface NextChange {
  readonly at: Ms;
  readonly what: 'relax' | 'escalate' | 'max_wait' | 'hold_ends' | 'widen';
}

export function nextChange(t: Pick<Turn, 'now'>, entry: Entry): NextChange | undefined {
  const { relax, escalate, atOnce, maxWaitMs } = entry.queue.setup;
  if (relax.length === 0 && escalate.length === 0 && maxWaitMs === 0 && atOnce.length <= 1 && !entry.heldFor) return undefined;
  const { since, contact } = entry;
  const ringing = contact.offers.length > 0; // who is being rung is not sent away
  const escalation = escalate[entry.escalated];
  let next: NextChange | undefined;
  next = sooner(next, since, relax[entry.relaxed], 'relax');
  if (!(ringing && escalation?.move)) next = sooner(next, since, escalation, 'escalate');
  if (maxWaitMs > 0 && !ringing && !contact.callback) next = sooner(next, since, { afterMs: maxWaitMs }, 'max_wait');
  if (entry.heldFor) next = sooner(next, 0, { afterMs: entry.heldUntil }, 'hold_ends');
  if (atOnce.length > 1) next = sooner(next, since, atOnce.find((step) => since + step.afterMs > t.now), 'widen');
  return next;
}

function sooner(next: NextChange | undefined, since: Ms, step: { readonly afterMs: Ms } | undefined, what: NextChange['what']): NextChange | undefined {
  return step && (!next || since + step.afterMs < next.at) ? { at: since + step.afterMs, what } : next;
}
