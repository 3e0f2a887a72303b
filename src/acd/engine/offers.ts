import type { Ms } from '../../base/index.js';
import { drop, pause, refresh, settle, startWrapUp, workOn } from './agents.js';
import { announce, quiet } from './announce.js';
import { addToLine, breadth, depart, favourite, hush, letGo, rearm, seek, takeFromLine } from './line.js';
import { firstFree } from './lanes.js';
import { byPlace, nextInLine, WAITING, type Agent, type Contact, type Entry, type Lane, type Link, type LiveOffer, type State } from './state.js';
import { arm, disarm, nextSerial, seekNow, tell, type Turn } from './turn.js';
import type { Channel, DeclineReason, Offer, OfferEnd, OfferId, WithdrawReason } from './types.js';

/** A customer who is called back is rung for so long. */
const CUSTOMER_RING_MS: Ms = 60_000;

/** Brings together whom this step has set looking, until nobody is left who could be. */
export function match(t: Turn): void {
  while (t.seeking.length > 0 || t.choosing.length > 0) {
    if (t.seeking.length > 0) {
      const entries = t.seeking.filter((entry) => entry.soughtIn === t.number).sort(byPlace);
      t.seeking = [];
      for (const entry of entries) entry.soughtIn = -1;
      for (const entry of entries) findAgents(t, entry);
    }
    if (t.choosing.length === 0) continue;
    const agents = t.choosing.sort((a, b) => a.turn - b.turn);
    t.choosing = [];
    for (const agent of agents) chooseContacts(t, agent);
  }
}

/** Offers the contact to the best of those who stand by, to as many as may ring at once. */
function findAgents(t: Turn, entry: Entry): void {
  while (entry.pos >= 0 && !entry.heldFor && !reservedFor(entry.lane)) {
    const { contact, lane } = entry;
    const agent = (contact.attempts === 0 && favourite(t, entry)) || firstFree(lane, (one) => mayMeet(contact, one));
    if (!agent) return;
    makeOffer(t, entry, agent);
  }
}

/** The agent takes the contact that is next in line of all that it may serve; then the next, as long as there is room. */
function chooseContacts(t: Turn, agent: Agent): void {
  while (agent.choosing) {
    const entry = nextFor(t.s, agent);
    if (!entry) {
      settle(agent);
      return wakeReserves(t, agent);
    }
    makeOffer(t, entry, agent);
  }
}

function nextFor(s: State, agent: Agent): Entry | undefined {
  const best = soonest(s, agent) ?? nextOfLanes(s, agent);
  if (agent.kept.size === 0) return best;
  const kept = agent.kept.firstThat((e) => agent.open.includes(e.lane.channel) && !reservedFor(e.lane) && mayMeet(e.contact, agent));
  if (!kept) return best;
  return dueFor(agent, kept) <= (best ? dueFor(agent, best) : Infinity) ? kept : best;
}

const dueFor = (agent: Agent, { due, lane }: Entry): Ms => due + (lane.links.get(agent)?.offsetMs ?? 0);

/** The first in the one lane that is due before all others: read from plain numbers. Undefined where it takes a closer look. */
function soonest({ heads }: State, agent: Agent): Entry | undefined {
  const { laneIndexes, laneChannels, offsets, open } = agent;
  const allOpen = open.length === agent.channels.length;
  let at = -1;
  let least = Infinity;
  let alike = false;
  for (let i = 0; i < laneIndexes.length; i += 1) {
    const head = (heads[laneIndexes[i] as number] as number) + (offsets[i] as number);
    if (head > least || !(allOpen || open.includes(laneChannels[i] as Channel))) continue;
    if (head < least) {
      least = head;
      at = i;
      alike = false;
    } else alike = true;
  }
  if (at < 0 || alike) return undefined;
  const { lane } = agent.links[at] as Link;
  const entry = lane.waiting.top();
  return entry && !reservedFor(lane) && mayMeet(entry.contact, agent) ? entry : undefined;
}

function nextOfLanes({ heads }: State, agent: Agent): Entry | undefined {
  let best: Entry | undefined;
  let bestDue = Infinity;
  const { links, laneIndexes, offsets } = agent;
  for (let i = 0; i < links.length; i += 1) {
    const offsetMs = offsets[i] as number;
    const head = (heads[laneIndexes[i] as number] as number) + offsetMs;
    if (head > bestDue || head === Infinity) continue;
    const { lane } = links[i] as Link;
    const first = lane.waiting.top();
    if (!first || !agent.open.includes(lane.channel) || reservedFor(lane)) continue;
    const entry = mayMeet(first.contact, agent) ? first : lane.waiting.firstThat((e) => mayMeet(e.contact, agent));
    if (!entry) continue;
    const due = entry.due + offsetMs;
    if (due < bestDue || (due === bestDue && best && nextInLine.tie(entry) < nextInLine.tie(best))) [best, bestDue] = [entry, due];
  }
  return best;
}

/** Blocked pairs never meet, and nobody is rung twice for one contact. */
export function mayMeet(contact: Contact, agent: Agent): boolean {
  if (contact.avoid?.has(agent.setup.id)) return false;
  return contact.offers.length === 0 || !contact.offers.some((live) => live.agent === agent);
}

/** Whether the queue's free agents are too few for a contact of this lane. */
export function reservedFor({ modest, queue, channel }: Lane): boolean {
  return modest && queue.setup.reserve !== undefined && (queue.open.get(channel) ?? 0) <= queue.setup.reserve.agents;
}

/** One more free agent may be one more than the reserve: others, who were free before, can be used now. */
function wakeReserves(t: Turn, agent: Agent): void {
  for (const queue of agent.reserves) {
    for (const lane of queue.lanes.values()) if (lane.modest && lane.idle.size > 0) for (const entry of lane.waiting.items) seekNow(t, entry);
    for (const other of queue.members.keys()) if (other.standing && other.kept.size > 0) takeKept(t, other);
  }
}

/** An agent who stands by takes those kept for it whom the reserve no longer keeps back. */
function takeKept(t: Turn, agent: Agent): void {
  for (const entry of agent.kept.inOrder()) {
    const { lane, contact } = entry;
    if (lane.modest && agent.open.includes(lane.channel) && !reservedFor(lane) && mayMeet(contact, agent)) makeOffer(t, entry, agent);
  }
}

function makeOffer(t: Turn, entry: Entry, agent: Agent): void {
  const { contact, queue } = entry;
  contact.attempts += 1;
  const serial = nextSerial(t.s);
  const callback = contact.callback ? queue.setup.callback.first : undefined;
  const offerMs = queue.setup.offerMs + (callback === 'customer' ? CUSTOMER_RING_MS : 0);
  const offer: Offer = {
    id: `${contact.id}.${serial}` as OfferId, contact: contact.id, agent: agent.setup.id, queue: queue.id, channel: contact.channel, subject: contact.subject,
    attempt: contact.attempts, offerMs, autoAccept: queue.setup.autoAccept, callback,
  };
  const live: LiveOffer = { offer, contact, entry, agent, madeAt: t.now, timer: undefined };
  live.timer = arm(t, offerMs, { is: 'offer', of: live });
  t.s.offers.set(offer.id, live);
  contact.offers = [...contact.offers, live];
  for (const one of contact.entries) if (contact.offers.length >= breadth(t, one)) hush(t, one);
  agent.offered = serial;
  agent.work.push({ is: 'ringing', channel: contact.channel, offer: live });
  refresh(t, agent, { fresh: false });
  tell(t, contact, 'offered', { queue: queue.id, agent: offer.agent, offer: offer.id, attempt: offer.attempt });
  t.effects.push({ do: 'offer', offer });
}

/** The contact is the agent's as soon as their bridge stands; until then the other phones ring on. */
export function accept(t: Turn, live: LiveOffer): void {
  const { offer, contact, entry, agent } = live;
  if (contact.stage.is !== 'waiting') return withdraw(t, live, 'answered_elsewhere');
  close(t, live);
  quiet(t, contact);
  for (const one of contact.entries) takeFromLine(t, one, one === entry ? { ringMs: t.now - live.madeAt } : undefined);
  const leaseMs = entry.queue.setup.connectMs + (offer.callback === 'agent' ? CUSTOMER_RING_MS : 0);
  contact.stage = { is: 'connecting', offer: live, timer: arm(t, leaseMs, { is: 'connect', of: contact }) };
  agent.unanswered = 0;
  agent.work[agent.work.findIndex((w) => w.is === 'ringing' && w.offer === live)] = { is: 'talking', channel: contact.channel, offer: live, since: t.now };
  refresh(t, agent, { fresh: false });
  ended(t, live, 'accepted');
  t.effects.push({ do: 'connect', offer });
}

/** The two hear each other: nobody else is needed. */
export function bridged(t: Turn, contact: Contact): void {
  if (contact.stage.is !== 'connecting') return;
  const { offer, timer } = contact.stage;
  disarm(t, timer);
  contact.stage = { is: 'connected', offer };
  offer.agent.today += 1;
  tell(t, contact, 'left_queue', { queue: offer.entry.queue.id, why: 'connected', waited_ms: waited(t, contact) });
  for (const loser of [...contact.offers]) withdraw(t, loser, 'answered_elsewhere');
}

/** The bridge came to nothing: the contact keeps its place, and somebody else is tried first. */
export function putBack(t: Turn, contact: Contact, why: 'returned_to_queue' | 'connect_timed_out'): void {
  const live = takenBy(contact);
  if (!live) return;
  if (contact.stage.is === 'connecting') disarm(t, contact.stage.timer);
  for (const loser of [...contact.offers]) if (loser.entry.queue.removed) withdraw(t, loser, 'queue_removed');
  contact.stage = WAITING;
  tell(t, contact, why, { queue: live.entry.queue.id, agent: live.agent.setup.id });
  if (why === 'connect_timed_out') t.effects.push({ do: 'drop', offer: live.offer });
  pause(t, live.agent, live.entry.queue.setup.pauseMs.unreachable);
  drop(t, live.agent, workOn(live.agent, live), { fresh: true });
  for (const entry of [...contact.entries]) if (entry.queue.removed) depart(t, entry);
  if (contact.entries.length === 0) {
    for (const loser of [...contact.offers]) withdraw(t, loser, 'queue_removed');
    t.s.contacts.delete(contact.id);
    t.effects.push({ do: 'dismiss', contact: contact.id });
    return;
  }
  for (const entry of contact.entries) addToLine(t, entry);
  announce(t, contact, 'later');
}

export const waited = (t: Turn, contact: Contact): Ms => Math.max(0, Math.round(t.now - contact.joinedAt));

export const takenBy = (contact: Contact): LiveOffer | undefined =>
  contact.stage.is === 'connecting' || contact.stage.is === 'connected' ? contact.stage.offer : undefined;

/** The conversation is over, or the contact left before there was one. Wrap-up belongs to the agent from here on, not to the queue. */
export function release(t: Turn, contact: Contact): void {
  const live = takenBy(contact);
  if (!live) return;
  const talked = contact.stage.is === 'connected';
  if (contact.stage.is === 'connecting') disarm(t, contact.stage.timer);
  for (const loser of [...contact.offers]) withdraw(t, loser, 'contact_left');
  t.s.contacts.delete(contact.id);
  const { agent, entry } = live;
  if (!talked) tell(t, contact, 'left_queue', { queue: entry.queue.id, why: 'abandoned', waited_ms: waited(t, contact) });
  for (const one of contact.entries) depart(t, one);
  const { wrapUp } = entry.queue.setup;
  const work = workOn(agent, live);
  if (!talked || wrapUp.ms <= 0 || agent.removed) return drop(t, agent, work, { fresh: true });
  if (work) agent.work.splice(agent.work.indexOf(work), 1);
  startWrapUp(t, agent, contact.channel, wrapUp);
}

/** The phone rang out. Enough of them in a row, and the agent is away. */
export function timeOut(t: Turn, live: LiveOffer): void {
  const { offer, agent, entry } = live;
  const { maxUnanswered, pauseMs } = entry.queue.setup;
  t.effects.push({ do: 'withdraw', offer, why: 'timed_out' });
  agent.unanswered += 1;
  if (maxUnanswered > 0 && agent.unanswered >= maxUnanswered && agent.chosen === 'available') {
    agent.unanswered = 0;
    agent.chosen = 'away';
    agent.reason = 'no_answer';
    t.effects.push({ do: 'remember', agent: agent.setup.id, state: 'away', reason: 'no_answer' });
  }
  if (pauseMs.noAnswer > 0) pause(t, agent, pauseMs.noAnswer);
  end(t, live, 'timed_out', { fresh: true });
}

/** The agent's side said no. */
export function decline(t: Turn, live: LiveOffer, why: DeclineReason): void {
  pause(t, live.agent, live.entry.queue.setup.pauseMs[why]);
  end(t, live, why, { fresh: true });
}

/** Stops the ringing for a reason of ours. The contact waits on, unless it is the contact that left. */
export function withdraw(t: Turn, live: LiveOffer, why: WithdrawReason): void {
  t.effects.push({ do: 'withdraw', offer: live.offer, why });
  end(t, live, why, { fresh: why !== 'contact_left' && why !== 'answered_elsewhere' });
}

/** Whatever ends an offer unaccepted ends it here: its contact looks on, if it still waits, and its agent is free. */
function end(t: Turn, live: LiveOffer, why: OfferEnd, how: { readonly fresh: boolean }): void {
  const { contact, agent, entry } = live;
  close(t, live);
  ended(t, live, why);
  if (contact.stage.is === 'waiting' && why !== 'contact_left' && why !== 'moved') {
    if (entry.heldFor === agent) letGo(t, entry); // it had its chance
    for (const one of contact.entries) {
      seek(t, one);
      rearm(t, one); // what had to wait while phones rang
    }
  }
  drop(t, agent, workOn(agent, live), how);
}

const NONE: readonly LiveOffer[] = [];

/** From now on the offer's ID means nothing. */
function close(t: Turn, live: LiveOffer): void {
  t.s.offers.delete(live.offer.id);
  live.timer = disarm(t, live.timer);
  live.contact.offers = live.contact.offers.length === 1 ? NONE : live.contact.offers.filter((other) => other !== live);
}

const ended = (t: Turn, { offer, contact }: LiveOffer, why: OfferEnd): void =>
  tell(t, contact, 'offer_ended', { queue: offer.queue, agent: offer.agent, offer: offer.id, why });
