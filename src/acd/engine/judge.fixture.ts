import type { Agent, Contact, Entry, Queue, State } from './state.js';
import type { AttributeValue, Condition, MatchRule, Need, QueueSetup } from './types.js';

/**
 * Who may serve whom, and who comes first, written down once more from the documentation and the plain way: everything is worked
 * out anew from the settings and the time, nothing is taken from the engine's indexes. What it says the properties hold the engine to.
 */

const clamp = (n: number): number => (n < 1 ? 1 : n > 10 ? 10 : n);

function isMet(c: Condition, value: AttributeValue | undefined): boolean {
  if (value === undefined) return false;
  const values: readonly (string | number)[] = typeof value === 'string' || typeof value === 'number' ? [value] : value;
  if (c.is !== undefined && !values.some((v) => c.is?.includes(v) === true)) return false;
  if (c.min !== undefined && !(typeof value === 'number' && value >= c.min)) return false;
  return c.max === undefined || (typeof value === 'number' && value <= c.max);
}
const rulesFor = (queue: QueueSetup, contact: Contact): readonly MatchRule[] =>
  queue.rules.filter((rule) => rule.when.every((c) => isMet(c, contact.attributes[c.attribute])));

export const priorityOf = ({ queue, contact, escalated }: Entry): number =>
  queue.setup.escalate.slice(0, escalated).reduce(
    (p, step) => clamp(p + step.priority), clamp(rulesFor(queue.setup, contact).reduce((p, rule) => p + rule.priority, contact.basePriority)));

/** The level needed of each skill by now, and the outermost ring that is asked. */
export function asked(entry: Entry, now: number): { readonly levels: ReadonlyMap<string, number>; readonly ring: number } {
  const { queue: { setup }, contact } = entry;
  const levels = new Map<string, number>();
  const need = (n: Need): void => void levels.set(n.skill, Math.max(n.level, levels.get(n.skill) ?? 0));
  [...setup.required, ...contact.needs, ...rulesFor(setup, contact).flatMap((rule) => rule.require)].forEach(need);
  let ring = setup.relax.some((r) => r.ring !== undefined) ? 1 : Number.MAX_SAFE_INTEGER;
  for (const step of setup.relax) {
    if (now - entry.since < step.afterMs) continue;
    if (step.drop === 'all') levels.clear();
    else for (const skill of step.drop) levels.delete(skill);
    for (const { skill, level } of step.lower) if ((levels.get(skill) ?? 0) > level) levels.set(skill, level);
    ring = step.ring ?? ring;
  }
  return { levels, ring };
}

/** What does not depend on what the agent does just now. */
export function mayServe(s: State, agent: Agent, entry: Entry, now = s.now): boolean {
  const member = agent.setup.queues.find((m) => m.queue === entry.queue.id);
  if (!member || agent.removed || (agent.setup.capacity[entry.contact.channel] ?? 0) < 1) return false;
  const { levels, ring } = asked(entry, now);
  if (member.ring > ring || [...levels].some(([skill, level]) => (agent.setup.skills[skill] ?? 0) < level)) return false;
  return !isKeptApart(s, agent, entry.contact);
}

function isKeptApart(s: State, agent: Agent, { attributes: { customer }, avoids }: Contact): boolean {
  return avoids.includes(agent.setup.id) || s.setup.blocked.some((pair) => pair.customer === customer && pair.agent === agent.setup.id);
}

const onDuty = (a: Agent): boolean => a.reachable && a.chosen === 'available' && !a.removed;

/** The agent could be given one more contact of the channel this instant. */
export function isFree(s: State, a: Agent, channel: string): boolean {
  if (!onDuty(a) || a.engaged > 0 || a.pause !== undefined) return false;
  const others = a.work.map((w) => w.channel).filter((c) => c !== channel);
  if (others.some((c) => !(s.setup.blending[channel] ?? []).includes(c))) return false;
  return a.work.length - others.length < (a.setup.capacity[channel] ?? 0);
}

const freeAgents = (s: State, queue: Queue, channel: string): number =>
  [...s.agents.values()].filter((a) => a.setup.queues.some((m) => m.queue === queue.id) && isFree(s, a, channel)).length;

/** Whether a contact that this agent alone was just rung for should have been left to wait, for the queue keeps its last agents for others. */
export function wasReserved(s: State, entry: Entry, agent: Agent): boolean {
  const { reserve } = entry.queue.setup;
  const { channel } = entry.contact;
  return reserve !== undefined && priorityOf(entry) < reserve.priority && freeAgents(s, entry.queue, channel) + (isFree(s, agent, channel) ? 0 : 1) <= reserve.agents;
}

export function isReserved(s: State, entry: Entry): boolean {
  const { reserve } = entry.queue.setup;
  return reserve !== undefined && priorityOf(entry) < reserve.priority && freeAgents(s, entry.queue, entry.contact.channel) <= reserve.agents;
}

/** For whom the contact is kept, if for anybody still. */
export const keptFor = (s: State, { heldFor, heldUntil }: Entry): Agent | undefined =>
  heldFor && onDuty(heldFor) && s.now < heldUntil ? heldFor : undefined;

/** So many phones may ring for it by now. */
export function breadthOf({ queue, since }: Entry, now: number): number {
  const reached = queue.setup.atOnce.filter((b) => now - since >= b.afterMs);
  const agents = reached.at(-1)?.agents ?? 1;
  return agents === 'all' ? Number.MAX_SAFE_INTEGER : agents;
}

export const wantsPhone = (s: State, entry: Entry): boolean =>
  entry.contact.stage.is === 'waiting' && entry.contact.offers.length < breadthOf(entry, s.now);

/** This agent could be rung for this contact this instant, and the contact wants it. */
export function isLeftIdle(s: State, agent: Agent, entry: Entry): boolean {
  const { contact } = entry;
  if (!wantsPhone(s, entry) || !isFree(s, agent, contact.channel) || !mayServe(s, agent, entry)) return false;
  if (contact.offers.some((live) => live.agent === agent) || isReserved(s, entry)) return false;
  const kept = keptFor(s, entry);
  return kept === undefined || kept === agent;
}

/** When it would have had to come, without any priority, to have this place before this agent. */
export function dueFor(s: State, agent: Agent, entry: Entry, priority = priorityOf(entry)): number {
  const rank = agent.setup.queues.find((m) => m.queue === entry.queue.id)?.rank ?? 1;
  const { ageingMs } = entry.queue.setup;
  return entry.contact.joinedAt - (priority - 5) * (ageingMs === 0 ? 1e12 : ageingMs) + (rank - 1) * (s.setup.rankMs === 0 ? 1e13 : s.setup.rankMs);
}
