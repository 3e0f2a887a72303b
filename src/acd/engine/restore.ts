import { reservesOf } from './agents.js';
import { heap } from './heap.js';
import { avoided } from './joining.js';
import { onTrial } from './expect.js';
import { assess, listen } from './lanes.js';
import { blockedOf } from './setup.js';
import { emptyState, newQueue, nextInLine, timerAt, WAITING, type Agent, type Contact, type Entry, type LiveOffer, type Purpose, type State, type Timer, type Work } from './state.js';
import type { KeptAgent, KeptContact, KeptEntry, KeptOffer, KeptTimer, KeptWork, Snapshot } from './snapshot.js';
import type { AgentSetup, OfferId, QueueSetup } from './types.js';

/** The state that the snapshot was taken of: it goes on exactly as that would have. @throws Error for a snapshot that contradicts itself */
export function restore(kept: Snapshot): State {
  const s = emptyState();
  s.setup = kept.setup;
  s.blocked = blockedOf(kept.setup);
  s.serial = kept.serial;
  s.now = kept.now;
  restoreQueues(s, kept);
  const setups = new Map(kept.setup.agents.map((a) => [a.id, a]));
  for (const a of kept.agents) s.agents.set(a.id, restoreAgent(s, a, found(a.setup ?? setups.get(a.id), `agent ${a.id}`)));
  const offers = new Map<OfferId, LiveOffer>();
  for (const c of kept.contacts) s.contacts.set(c.id, restoreContact(s, c, offers));
  for (const a of kept.agents) for (const work of a.work) s.agents.get(a.id)?.work.push(restoreWork(s, found(s.agents.get(a.id), a.id), work, offers));
  return s;
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the snapshot knows nothing of ${what}`);
  return value;
}

function restoreQueues(s: State, kept: Snapshot): void {
  const setups = new Map<string, QueueSetup>(kept.setup.queues.map((q) => [q.id, q]));
  for (const { id, setup, expectation } of kept.queues) {
    const queue = { ...newQueue(found(setup ?? setups.get(id), `queue ${id}`)), expectation: structuredClone(expectation) };
    queue.removed = setup !== null;
    s.queues.set(id, queue);
  }
}

function rearmed(s: State, { at, serial }: KeptTimer, what: Purpose): Timer {
  const timer = timerAt(what, at, serial);
  s.timers.push(timer);
  return timer;
}

function restoreAgent(s: State, kept: KeptAgent, setup: AgentSetup): Agent {
  const { chosen, reason, reachable, hears, engaged, unanswered, idleSince, turn, offered, today, busy, open, staffs, shown } = kept;
  const agent: Agent = {
    setup, removed: kept.setup !== null, work: [], chosen, reason, reachable, hears, engaged, unanswered, pause: undefined, idleSince, turn, offered, today, loaded: 0, busy,
    busySince: kept.busySince ?? undefined, links: [], laneIndexes: [], laneChannels: [], offsets: [], absent: [], channels: Object.keys(setup.capacity), kept: heap(nextInLine), open, reserves: [], choosing: false, standing: open.length > 0, staffs, shown,
  };
  if (kept.pause) agent.pause = rearmed(s, kept.pause, { is: 'pause', of: agent });
  agent.reserves = reservesOf(s, agent);
  for (const membership of setup.queues) {
    const queue = s.queues.get(membership.queue);
    if (!queue) continue;
    queue.members.set(agent, membership);
    if (staffs) queue.staffed += 1;
    if (queue.setup.reserve) for (const channel of open) queue.open.set(channel, (queue.open.get(channel) ?? 0) + 1);
  }
  return agent;
}

function restoreContact(s: State, kept: KeptContact, offers: Map<OfferId, LiveOffer>): Contact {
  const { id, serial, subject, channel, basePriority, attributes, needs, avoids, callback, attemptsLeft, joinedAt, attempts, hops, places } = kept;
  const contact: Contact = {
    id, serial, subject, channel, basePriority, attributes, needs, avoids, avoid: avoided(s, attributes, avoids), callback, attemptsLeft, joinedAt, attempts, hops, places,
    entries: [], stage: WAITING, offers: [], told: kept.told ?? undefined, announcing: undefined,
  };
  contact.entries = kept.entries.map((e) => restoreEntry(s, contact, e, kept.stage.is === 'waiting'));
  const offer = (o: KeptOffer): LiveOffer => {
    const live: LiveOffer = {
      offer: o.offer, contact, entry: found(contact.entries.find((e) => e.queue.id === o.offer.queue), `the place of ${id} in ${o.offer.queue}`),
      agent: found(s.agents.get(o.offer.agent), `agent ${o.offer.agent}`), madeAt: o.madeAt, timer: undefined,
    };
    if (o.timer) live.timer = rearmed(s, o.timer, { is: 'offer', of: live });
    offers.set(o.offer.id, live);
    return live;
  };
  contact.offers = kept.offers.map(offer);
  for (const live of contact.offers) s.offers.set(live.offer.id, live);
  if (kept.announcing) contact.announcing = rearmed(s, kept.announcing, { is: 'announce', of: contact });
  const { stage } = kept;
  if (stage.is === 'scheduled') contact.stage = { is: 'scheduled', timer: rearmed(s, stage.timer, { is: 'scheduled', of: contact }) };
  else if (stage.is === 'connecting') contact.stage = { is: 'connecting', offer: offer(stage.offer), timer: rearmed(s, stage.timer, { is: 'connect', of: contact }) };
  else if (stage.is === 'connected') contact.stage = { is: 'connected', offer: offer(stage.offer) };
  return contact;
}

function restoreEntry(s: State, contact: Contact, kept: KeptEntry, inLine: boolean): Entry {
  const queue = found(s.queues.get(kept.queue), `queue ${kept.queue}`);
  const { order, since, relaxed, escalated, heldUntil } = kept;
  const entry: Entry = {
    contact, queue, order, since, relaxed, escalated, heldFor: kept.heldFor === null ? undefined : s.agents.get(kept.heldFor), heldUntil, timer: undefined, inLine, soughtIn: -1, onTrial: onTrial(queue, contact.serial), pos: -1,
    ...assess(s, queue, contact, kept),
  };
  entry.lane.members += 1;
  queue.entries += 1;
  if (inLine) queue.line.add(entry);
  if (kept.timer) entry.timer = rearmed(s, kept.timer, { is: 'schedule', of: entry });
  if (kept.seeking && entry.heldFor) entry.heldFor.kept.push(entry);
  else if (kept.seeking) listen(s, entry);
  return entry;
}

function restoreWork(s: State, agent: Agent, kept: KeptWork, offers: ReadonlyMap<OfferId, LiveOffer>): Work {
  if (kept.is === 'wrap_up') return { ...kept, timer: rearmed(s, kept.timer, { is: 'wrap_up', of: agent }) };
  return { ...kept, offer: found(offers.get(kept.offer), `offer ${kept.offer}`) };
}
