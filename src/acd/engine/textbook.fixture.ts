import type { Ms } from '../../base/index.js';
import type { AcdEvent } from './events.js';
import type { AcdSetup, AgentId, AgentSetup, Attributes, ChosenState, Condition, ContactId, NewContact, QueueId, QueueSetup } from './types.js';

/**
 * The queue the way a textbook has it: copy everything, sort everybody, scan all pairs. Slow and easy to believe: the engine is held
 * against it. Knows skills, rules, preference, relaxation, rings, ageing, ranks, strategies, several queues a contact, several phones
 * at once, time-outs, pauses and wrap-up; agents take one contact at a time.
 */
export interface Book {
  readonly setup: AcdSetup;
  readonly now: Ms;
  readonly serial: number;
  readonly agents: readonly BookAgent[];
  readonly contacts: readonly BookContact[];
  readonly offers: readonly BookOffer[];
  /** Two things were due in the same instant: which comes first is not written in any book. */
  readonly tie: boolean;
}
export interface BookAgent {
  readonly setup: AgentSetup;
  readonly chosen: ChosenState;
  readonly reachable: boolean;
  readonly engaged: number;
  readonly pausedUntil: Ms;
  readonly wrapUntil: Ms;
  readonly contact: ContactId | undefined;
  readonly idleSince: Ms;
  readonly turn: number;
  readonly offered: number;
  readonly today: number;
  readonly unanswered: number;
  /** Stood ready when the step began, or has since looked in vain. */
  readonly standing: boolean;
  readonly busyMs: Ms;
  readonly busyAt: Ms;
  readonly busySince: Ms | undefined;
}
export interface BookContact {
  readonly contact: NewContact;
  readonly serial: number;
  readonly joinedAt: Ms;
  readonly agent: AgentId | undefined;
  readonly bridged: boolean;
  readonly queue: QueueId | undefined;
}
export interface BookOffer {
  readonly contact: ContactId;
  readonly agent: AgentId;
  readonly queue: QueueId;
  readonly until: Ms;
}

export const newBook = (): Book => ({ setup: { queues: [], agents: [], blending: {}, blocked: [], rankMs: 0 }, now: 0, serial: 0, agents: [], contacts: [], offers: [], tie: false });

/** The book after the event. Nothing of the old one is touched. */
export function textbook(old: Book, event: AcdEvent, now: Ms): Book {
  let b: Book = copy(old);
  for (let due = nextDue(b); due.at <= now; due = nextDue(b)) {
    b = match(elapse({ ...b, now: due.at, tie: b.tie || due.tie }));
  }
  return match(apply({ ...b, now: Math.max(now, b.now) }, event));
}

const copy = (b: Book): Book => ({ ...b, agents: b.agents.map((a) => ({ ...a })), contacts: b.contacts.map((c) => ({ ...c })), offers: b.offers.map((o) => ({ ...o })) });
const queueOf = (b: Book, id: QueueId | undefined): QueueSetup | undefined => b.setup.queues.find((q) => q.id === id);
const onAgent = (b: Book, id: AgentId, change: (a: BookAgent) => Partial<BookAgent>): Book =>
  ({ ...b, agents: b.agents.map((a) => (a.setup.id === id ? { ...a, ...change(a) } : a)) });
const isRung = (b: Book, id: AgentId): boolean => b.offers.some((o) => o.agent === id);
const isBusy = (b: Book, a: BookAgent): boolean => a.contact !== undefined || isRung(b, a.setup.id) || a.wrapUntil > b.now;
const isFree = (b: Book, a: BookAgent): boolean =>
  a.reachable && a.chosen === 'available' && a.engaged === 0 && a.pausedUntil <= b.now && !isBusy(b, a);

/** When the next thing happens by itself. Agents who become idle in the same instant for different reasons are a tie. */
function nextDue(b: Book): { readonly at: Ms; readonly tie: boolean } {
  const rung = b.offers.map((o) => o.until);
  const rested = b.agents.flatMap((a) => [a.pausedUntil, a.wrapUntil]).filter((at) => at > b.now);
  const relaxed = b.contacts.filter((c) => c.agent === undefined).flatMap((c) => c.contact.queues.flatMap((id) => {
    const q = queueOf(b, id);
    return [...(q?.relax ?? []), ...(q?.atOnce ?? [])].map((step) => c.joinedAt + step.afterMs);
  })).filter((at) => at > b.now);
  const at = Math.min(Infinity, ...rung, ...rested, ...relaxed);
  const resting = rested.filter((t) => t === at).length;
  return { at, tie: resting > 1 || (resting > 0 && rung.includes(at)) };
}

/** What was due at this instant: phones that rang out, pauses and wrap-ups that end. Relaxation is a matter of looking at the clock. */
function elapse(b: Book): Book {
  let after = b;
  for (const offer of b.offers.filter((o) => o.until <= b.now)) {
    const { maxUnanswered = 0, pauseMs } = queueOf(b, offer.queue) ?? {};
    after = endOffer(after, offer, 'fresh');
    after = onAgent(after, offer.agent, (a) => {
      const away = maxUnanswered > 0 && a.unanswered + 1 >= maxUnanswered && a.chosen === 'available';
      return { unanswered: away ? 0 : a.unanswered + 1, chosen: away ? 'away' : a.chosen, pausedUntil: pauseMs && pauseMs.noAnswer > 0 ? b.now + pauseMs.noAnswer : a.pausedUntil };
    });
  }
  for (const a of b.agents) if (a.pausedUntil === b.now || a.wrapUntil === b.now) after = becomesIdle(stopsWork(after, a.setup.id), a.setup.id);
  return after;
}

function apply(b: Book, event: AcdEvent): Book {
  switch (event.type) {
    case 'setup.changed':
      return { ...b, setup: event.setup, serial: b.serial + event.setup.agents.length, agents: event.setup.agents.map((setup, i) => newAgent(setup, b, i)) };
    case 'contact.joined':
      return { ...b, serial: b.serial + 1, contacts: [...b.contacts, { contact: event.contact, serial: b.serial, joinedAt: b.now, agent: undefined, bridged: false, queue: undefined }] };
    case 'contact.left': case 'contact.released': return leave(b, event.contact, event.type === 'contact.released');
    case 'contact.bridged': return bridge(b, event.contact);
    case 'offer.accepted': return b; // by contact and agent: see `accept`
    case 'agent.chose':
      return afterChange(b, event.agent, { chosen: event.state, unanswered: 0, wrapUntil: 0 }, event.state !== 'available');
    case 'agent.reachable':
      return b.agents.some((a) => a.setup.id === event.agent && a.reachable !== event.yes) ? afterChange(b, event.agent, { reachable: event.yes }, !event.yes) : b;
    default: return b;
  }
}

const newAgent = (setup: AgentSetup, b: Book, i: number): BookAgent => ({
  setup, chosen: setup.initial, reachable: false, engaged: 0, pausedUntil: 0, wrapUntil: 0, contact: undefined, idleSince: b.now, turn: b.serial + i, offered: 0, today: 0, unanswered: 0,
  standing: false, busyMs: 0, busyAt: b.now, busySince: undefined,
});

/** The agent turned to something else, or back: phones that ring stop where it turned away, and idleness begins anew. */
function afterChange(b: Book, id: AgentId, change: Partial<BookAgent>, away: boolean): Book {
  const before = b.agents.find((a) => a.setup.id === id);
  if (!before) return b;
  const wasIdle = before.reachable && before.chosen === 'available' && !isBusy(b, before);
  let after = stopsWork(onAgent(b, id, () => change), id);
  if (away) for (const offer of b.offers.filter((o) => o.agent === id)) after = endOffer(after, offer, 'fresh');
  return wasIdle || before.contact !== undefined || (!away && isRung(b, id)) ? after : becomesIdle(after, id);
}

function becomesIdle(b: Book, id: AgentId): Book {
  const agent = b.agents.find((a) => a.setup.id === id);
  if (!agent || isBusy(b, agent)) return b;
  return onAgent({ ...b, serial: b.serial + 1 }, id, () => ({ idleSince: b.now, turn: b.serial, standing: false }));
}

/** Writes down how long it was busy, once it is not any more. Older time counts half after an hour. */
function stopsWork(b: Book, id: AgentId): Book {
  return onAgent(b, id, (a) => (a.busySince === undefined || isBusy(b, a)
    ? {} : { busyMs: a.busyMs * 2 ** ((a.busyAt - b.now) / 3_600_000) + b.now - a.busySince, busyAt: b.now, busySince: undefined }));
}

function endOffer(b: Book, offer: BookOffer, how: 'fresh' | 'as before'): Book {
  const after = stopsWork({ ...b, offers: b.offers.filter((o) => !(o.agent === offer.agent && o.contact === offer.contact)) }, offer.agent);
  return how === 'fresh' ? becomesIdle(after, offer.agent) : onAgent(after, offer.agent, () => ({ standing: false }));
}

/** The agent picks up. Nothing happens where it is not rung for the contact, or somebody has it. */
export function accept(old: Book, contact: ContactId, agent: AgentId, now: Ms): Book {
  const b = textbook(old, { type: 'time.passed' }, now);
  const offer = b.offers.find((o) => o.contact === contact && o.agent === agent);
  if (!offer) return b;
  if (b.contacts.find((c) => c.contact.id === contact)?.agent !== undefined) return match(endOffer(b, offer, 'as before'));
  const after = {
    ...b, offers: b.offers.filter((o) => o !== offer), contacts: b.contacts.map((c) => (c.contact.id === contact ? { ...c, agent, queue: offer.queue } : c)),
  };
  return onAgent(after, agent, () => ({ contact, unanswered: 0 }));
}

function bridge(b: Book, id: ContactId): Book {
  const contact = b.contacts.find((c) => c.contact.id === id);
  if (!contact || contact.agent === undefined || contact.bridged) return b;
  const taken = onAgent({ ...b, contacts: b.contacts.map((c) => (c === contact ? { ...c, bridged: true } : c)) }, contact.agent, (a) => ({ today: a.today + 1 }));
  return b.offers.filter((o) => o.contact === id).reduce((after, loser) => endOffer(after, loser, 'as before'), taken);
}

function leave(b: Book, id: ContactId, released: boolean): Book {
  const contact = b.contacts.find((c) => c.contact.id === id);
  if (!contact || (released && contact.agent === undefined)) return b;
  let after: Book = { ...b, contacts: b.contacts.filter((c) => c !== contact) };
  for (const offer of b.offers.filter((o) => o.contact === id)) after = endOffer(after, offer, 'as before');
  if (contact.agent === undefined) return after;
  const wrapMs = contact.bridged ? (queueOf(b, contact.queue)?.wrapUp.ms ?? 0) : 0;
  after = onAgent(after, contact.agent, () => ({ contact: undefined, wrapUntil: wrapMs > 0 ? b.now + wrapMs : 0 }));
  return becomesIdle(stopsWork(after, contact.agent), contact.agent);
}

/** One place of a contact in one queue, with what it asks for by now. */
interface Place {
  readonly contact: BookContact;
  readonly queue: QueueSetup;
  readonly levels: ReadonlyMap<string, number>;
  readonly preferred: readonly { readonly skill: string; readonly level: number }[];
  readonly ring: number;
  readonly due: number;
  readonly phones: number;
}

/** First all who wait look for somebody who stands ready, in the order of their places; then those who became free look for work. */
function match(start: Book): Book {
  let b = start;
  for (;;) {
    const places = b.contacts.filter((c) => c.agent === undefined).flatMap((c) => placesOf(b, c)).sort((x, y) => x.due - y.due || x.contact.serial - y.contact.serial);
    const next = places.filter((p) => wants(b, p)).map((p) => ({ p, a: bestAgent(b, p) })).find(({ a }) => a !== undefined);
    if (next?.a) {
      b = offer(b, next.p, next.a);
      continue;
    }
    const [agent] = b.agents.filter((a) => !a.standing && isFree(b, a)).sort((x, y) => x.turn - y.turn);
    if (!agent) return b;
    const place = bestPlace(b, agent, places);
    b = place ? offer(b, place, agent) : onAgent(b, agent.setup.id, () => ({ standing: true }));
  }
}

function offer(b: Book, { contact, queue }: Place, agent: BookAgent): Book {
  const made = { contact: contact.contact.id, agent: agent.setup.id, queue: queue.id, until: b.now + queue.offerMs };
  const serial = b.serial + 1;
  return onAgent({ ...b, serial, offers: [...b.offers, made] }, agent.setup.id, (a) => ({ offered: serial, standing: false, busySince: a.busySince ?? b.now }));
}

const wants = (b: Book, p: Place): boolean => b.offers.filter((o) => o.contact === p.contact.contact.id).length < p.phones;

function bestAgent(b: Book, p: Place): BookAgent | undefined {
  return b.agents.filter((a) => a.standing && isFree(b, a) && maySee(b, a, p))
    .map((a) => ({ a, rank: rankOf(a, p, b.now) })).sort((x, y) => x.rank - y.rank || x.a.turn - y.a.turn)[0]?.a;
}

function bestPlace(b: Book, a: BookAgent, places: readonly Place[]): Place | undefined {
  const due = (p: Place): number => p.due + ((a.setup.queues.find((m) => m.queue === p.queue.id)?.rank ?? 1) - 1) * (b.setup.rankMs || 1e13);
  return places.filter((p) => wants(b, p) && maySee(b, a, p)).sort((x, y) => due(x) - due(y) || x.contact.serial - y.contact.serial)[0];
}

function maySee(b: Book, { setup }: BookAgent, { contact: { contact }, queue, levels, ring }: Place): boolean {
  const member = setup.queues.find((m) => m.queue === queue.id);
  if (!member || member.ring > ring || (setup.capacity[contact.channel] ?? 0) < 1) return false;
  if ([...levels].some(([skill, level]) => (setup.skills[skill] ?? 0) < level)) return false;
  if (contact.avoid?.includes(setup.id) === true || b.setup.blocked.some((pair) => pair.agent === setup.id && pair.customer === contact.attributes?.['customer'])) return false;
  return !b.offers.some((o) => o.agent === setup.id && o.contact === contact.id);
}

function rankOf(a: BookAgent, p: Place, now: Ms): number {
  const skills = [...p.levels.keys()].reduce((sum, skill) => sum + (a.setup.skills[skill] ?? 0), 0);
  const fit = p.preferred.reduce((sum, { skill, level }) => sum + ((a.setup.skills[skill] ?? 0) >= level ? (a.setup.skills[skill] ?? 0) : 0), skills);
  const { by, weights } = p.queue.strategy;
  switch (by) {
    case 'longest_idle': return a.idleSince;
    case 'least_occupied': return a.busyMs * 2 ** ((a.busyAt - now) / 3_600_000);
    case 'fewest_today': return a.today;
    case 'round_robin': return a.offered;
    case 'most_skilled': return -fit;
    case 'weighted': return -(weights.idleMinute * (now - a.idleSince)) / 60_000 - weights.skillLevel * fit + weights.handledToday * a.today;
  }
}

function placesOf(b: Book, c: BookContact): Place[] {
  return [...new Set(c.contact.queues)].flatMap((id) => {
    const queue = queueOf(b, id);
    return queue ? [placeIn(b, c, queue)] : [];
  });
}

function placeIn(b: Book, c: BookContact, queue: QueueSetup): Place {
  const waited = b.now - c.joinedAt;
  const rules = queue.rules.filter((r) => r.when.every((w) => holds(w, c.contact.attributes ?? {})));
  const levels = new Map<string, number>();
  for (const { skill, level } of [...queue.required, ...(c.contact.needs ?? []), ...rules.flatMap((r) => r.require)]) levels.set(skill, Math.max(level, levels.get(skill) ?? 0));
  const preferred = new Map<string, number>();
  for (const { skill, level } of [...queue.preferred, ...rules.flatMap((r) => r.prefer)]) preferred.set(skill, Math.max(level, preferred.get(skill) ?? 0));
  let ring = queue.relax.some((r) => r.ring !== undefined) ? 1 : Infinity;
  for (const step of queue.relax.filter((r) => waited >= r.afterMs)) {
    for (const skill of step.drop === 'all' ? [...levels.keys()] : step.drop) levels.delete(skill);
    for (const { skill, level } of step.lower) if ((levels.get(skill) ?? 0) > level) levels.set(skill, level);
    ring = step.ring ?? ring;
  }
  const priority = Math.min(10, Math.max(1, rules.reduce((sum, r) => sum + r.priority, c.contact.priority ?? 5)));
  const phones = queue.atOnce.filter((w) => waited >= w.afterMs).at(-1)?.agents ?? 1;
  return {
    contact: c, queue, levels, preferred: [...preferred].map(([skill, level]) => ({ skill, level })), ring,
    due: c.joinedAt - (priority - 5) * (queue.ageingMs || 1e12), phones: phones === 'all' ? Infinity : phones,
  };
}

function holds({ attribute, is, min, max }: Condition, attributes: Attributes): boolean {
  const value = attributes[attribute];
  if (value === undefined) return false;
  const values: readonly (string | number)[] = typeof value === 'object' ? value : [value];
  if (is && !values.some((v) => is.includes(v))) return false;
  if (min === undefined && max === undefined) return true;
  return typeof value === 'number' && (min === undefined || value >= min) && (max === undefined || value <= max);
}
