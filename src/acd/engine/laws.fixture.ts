import { dueFor, isLeftIdle, isReserved, keptFor, mayServe, wantsPhone, breadthOf, priorityOf, wasReserved } from './judge.fixture.js';
import type { AcdEffect } from './events.js';
import type { Entry, LiveOffer, State } from './state.js';
import type { Happening } from './stories.fixture.js';
import type { AgentId, AgentSetup, ContactId, Offer, OfferId } from './types.js';

/** A law of the engine was broken. */
export class Broken extends Error {}
const law = (holds: boolean, what: () => string): void => {
  if (!holds) throw new Broken(what());
};
const RECONFIGURED = ['setup.changed', 'queue.changed', 'agent.changed'];

/** Looks on while a story happens, keeps its own books from events and effects alone, and throws when a law is broken. */
export function inspector(): (s: State, what: Happening) => void {
  const books = bookkeeper();
  let before: Before = { known: new Set(), wanting: new Map(), now: 0 };
  let wake: number | undefined;
  return (s, what) => {
    // What was due happened first, and the event may have changed what those decisions went by.
    const mixed = wake !== undefined && wake <= what.at && what.event.type !== 'time.passed';
    for (const effect of what.effects) if (effect.do === 'wake') wake = effect.at;
    books.read(s, what);
    nobodyIsLost(s, what, before.known);
    allIsInItsPlace(s);
    nobodyIsLeftIdle(s);
    if (!mixed && !RECONFIGURED.includes(what.event.type)) {
      onlyWhoMayIsRung(s, what);
      nobodyJumpsTheQueue(s, what, before);
    }
    law(s.timers.top()?.at === wake, () => `the engine wants to be woken at ${String(s.timers.top()?.at)}, but said ${String(wake)}`);
    before = rememberedOf(s);
  };
}

interface Before {
  readonly known: ReadonlySet<ContactId>;
  readonly wanting: ReadonlyMap<Entry, { readonly kept: boolean; readonly reserved: boolean; readonly priority: number }>;
  readonly now: number;
}
const rememberedOf = (s: State): Before => ({
  known: new Set(s.contacts.keys()),
  wanting: new Map([...s.contacts.values()].flatMap((c) => c.entries).filter((e) => wantsPhone(s, e)).map((e) => [e, { kept: keptFor(s, e) !== undefined, reserved: isReserved(s, e), priority: priorityOf(e) }])),
  now: s.now,
});

/** Offers live once, one acceptance a contact, never more work than there is room for. */
function bookkeeper() {
  const live = new Map<OfferId, Offer>();
  const used = new Set<OfferId>();
  const taken = new Map<ContactId, Offer>();
  /** As they were before this event, which may have changed them after the offer was made. */
  let capacities = new Map<AgentId, AgentSetup['capacity']>();
  const ends = (offer: OfferId, how: string): void => law(live.delete(offer), () => `offer ${offer} was ${how}, though it was over or never made`);
  const read = (s: State, { event, effects }: Happening): void => {
    if (event.type === 'contact.left' || event.type === 'contact.released' || event.type === 'contact.returned' || event.type === 'contact.unreached') taken.delete(event.contact);
    for (const effect of effects) {
      if (effect.do === 'publish' && ['busy', 'rejected', 'unreachable'].includes(String(effect.data.why))) ends(effect.data.offer as OfferId, 'declined');
      if (effect.do === 'withdraw') ends(effect.offer.id, 'withdrawn');
      if (effect.do === 'drop') taken.delete(effect.offer.contact);
      if (effect.do === 'connect') {
        ends(effect.offer.id, 'accepted');
        law(!taken.has(effect.offer.contact), () => `${effect.offer.contact} was accepted twice`);
        taken.set(effect.offer.contact, effect.offer);
      }
      if (effect.do !== 'offer') continue;
      const { offer } = effect;
      law(!used.has(offer.id), () => `the ID ${offer.id} was used twice`);
      law(!taken.has(offer.contact), () => `${offer.contact} is offered to ${offer.agent} though ${String(taken.get(offer.contact)?.agent)} has it`);
      law(![...live.values()].some((o) => o.agent === offer.agent && o.contact === offer.contact), () => `${offer.agent} is rung twice for ${offer.contact}`);
      used.add(offer.id);
      live.set(offer.id, offer);
    }
    law(live.size === s.offers.size && [...live.keys()].every((id) => s.offers.has(id)), () => `live offers: ${[...live.keys()].join(' ')}; the engine knows ${[...s.offers.keys()].join(' ')}`);
    for (const effect of effects) if (effect.do === 'offer') fits(s, effect.offer, capacities.get(effect.offer.agent));
    capacities = new Map([...s.agents.values()].map((a) => [a.setup.id, a.setup.capacity]));
  };
  return { read };
}

function fits(s: State, { agent: id, channel }: Offer, before: AgentSetup['capacity'] = {}): void {
  const agent = s.agents.get(id);
  if (!agent) return; // removed since, in the same step
  const load = agent.work.filter((w) => w.channel === channel).length;
  law(load <= Math.max(agent.setup.capacity[channel] ?? 0, before[channel] ?? 0), () => `${id} has ${load} of ${channel} on hand, more than it can`);
}

/** The agent has the skills by now, is in a ring that is asked, is not kept apart, and may have both channels on hand. */
function onlyWhoMayIsRung(s: State, { effects }: Happening): void {
  for (const effect of effects) {
    const live = effect.do === 'offer' ? s.offers.get(effect.offer.id) : undefined;
    if (!live) continue;
    const { agent, entry, offer: { channel } } = live;
    law(agent.reachable && agent.chosen === 'available' && agent.engaged === 0 && !agent.pause, () => `${agent.setup.id} is rung and is not there for it`);
    law(mayServe(s, agent, entry), () => `${agent.setup.id} is rung for ${entry.contact.id} and may not serve it`);
    const kept = keptFor(s, entry);
    law(kept === undefined || kept === agent, () => `${agent.setup.id} is rung for ${entry.contact.id}, which is kept for ${String(kept?.setup.id)}`);
    const alone = effects.filter((f) => f.do === 'offer').length === 1;
    law(!alone || !wasReserved(s, entry, agent), () => `${agent.setup.id} is rung for ${entry.contact.id}, though the last free agents are kept for others`);
    const goTogether = (one: string, other: string): boolean => s.setup.blending[one]?.includes(other) === true || s.setup.blending[other]?.includes(one) === true;
    law(agent.work.every((w) => w.channel === channel || goTogether(channel, w.channel)), () => `${agent.setup.id} is rung for ${channel} and busy with another channel`);
  }
}

/** Whoever joined is known until a reason took it out, told by exactly one fact. */
function nobodyIsLost(s: State, { event, effects }: Happening, known: ReadonlySet<ContactId>): void {
  const came = event.type === 'contact.joined' && event.contact.queues.some((q) => s.setup.queues.some(({ id }) => id === q)) ? [event.contact.id] : [];
  for (const id of [...known, ...came]) {
    if (s.contacts.has(id)) continue;
    const lefts = effects.filter((f) => f.do === 'publish' && f.subject === `call:${id}` && f.type === 'call.left_queue' && ['connected', 'abandoned', 'exit', 'failed'].includes(String(f.data.why)));
    const sent = effects.filter((f) => (f.do === 'divert' && f.contact === id && f.target.to !== 'callback') || (f.do === 'dismiss' && f.contact === id));
    const told = 'contact' in event && event.contact === id && ['contact.left', 'contact.released', 'contact.unreached'].includes(event.type);
    law(sent.length <= 1, () => `${id} was sent away ${sent.length} times`);
    law(sent.length === 1 || told, () => `${id} vanished at ${event.type}`);
    if (!told || event.type === 'contact.unreached') continue;
    law(lefts.length <= 1, () => `${id} left ${lefts.length} times at ${event.type}`);
  }
  for (const id of s.contacts.keys()) law(known.has(id) || came.includes(id), () => `${id} came out of nowhere`);
}

/** Each contact is at exactly one stage, and all indexes agree with it. */
function allIsInItsPlace(s: State): void {
  let inLine = 0;
  for (const c of s.contacts.values()) {
    const { stage } = c;
    law(c.entries.length > 0, () => `${c.id} is in no queue`);
    for (const live of c.offers) {
      rings(s, live);
      law(c.entries.includes(live.entry), () => `${live.agent.setup.id} is rung for ${c.id} from ${live.entry.queue.id}, where it is not any more`);
    }
    for (const e of c.entries) {
      const wants = wantsPhone(s, e);
      law(e.queue.line.has(e) === (stage.is === 'waiting'), () => `${c.id} is ${stage.is} and ${e.queue.line.has(e) ? '' : 'not '}in the line of ${e.queue.id}`);
      law(e.pos >= 0 === wants, () => `${c.id} ${wants ? 'wants a phone to ring and does not look for one' : 'looks for a phone and wants none'} in ${e.queue.id}: ${c.offers.length} of ${breadthOf(e, s.now)} ring`);
      if (stage.is !== 'waiting') continue;
      inLine += 1;
      const due = e.queue.setup.relax.filter((r) => s.now - e.since >= r.afterMs).length;
      law(e.relaxed === due, () => `${c.id} has relaxed ${e.relaxed} times in ${e.queue.id} instead of ${due}`);
    }
    if (stage.is === 'connecting' || stage.is === 'connected') {
      const { agent } = stage.offer;
      law(agent.work.some((w) => w.is === 'talking' && w.offer === stage.offer), () => `${agent.setup.id} does not know that it has ${c.id}`);
    }
    law(stage.is === 'waiting' || stage.is === 'connecting' || c.offers.length === 0, () => `${c.id} is ${stage.is} and phones ring for it`);
  }
  for (const q of s.queues.values()) {
    inLine -= q.line.size;
    law(q.expectation.waiting === q.line.size, () => `${q.id} thinks ${q.expectation.waiting} wait, not ${q.line.size}`);
  }
  law(inLine === 0, () => `lines and contacts differ by ${inLine}`);
  for (const a of s.agents.values()) worksOnWhatIs(s, a.setup.id);
  timersHaveOwners(s);
}

function rings(s: State, live: LiveOffer): void {
  law(s.offers.get(live.offer.id) === live, () => `offer ${live.offer.id} rings and is not known`);
  law(live.agent.work.some((w) => w.is === 'ringing' && w.offer === live), () => `${live.agent.setup.id} does not know that it is rung`);
}

/** No agent is busy with what is over: nobody leaks. */
function worksOnWhatIs(s: State, id: string): void {
  const agent = [...s.agents.values()].find((a) => a.setup.id === id);
  for (const w of agent?.work ?? []) {
    if (w.is === 'wrap_up') continue;
    const contact = s.contacts.get(w.offer.contact.id);
    law(contact === w.offer.contact, () => `${id} is busy with ${w.offer.contact.id}, which is gone`);
    if (w.is === 'ringing') law(contact?.offers.includes(w.offer) === true, () => `${id} rings for ${w.offer.contact.id}, which does not know`);
    else law((contact?.stage.is === 'connecting' || contact?.stage.is === 'connected') && contact.stage.offer === w.offer, () => `${id} talks to ${w.offer.contact.id}, which does not`);
  }
  if (agent?.removed) law(agent.work.length > 0, () => `${id} is no more, has nothing on hand and is still known`);
}

/** As many timers run as somebody has, each for the future. */
function timersHaveOwners(s: State): void {
  const offers = [...s.offers.values()].map((o) => o.timer);
  const agents = [...s.agents.values()].flatMap((a) => [a.pause, ...a.work.map((w) => (w.is === 'wrap_up' ? w.timer : undefined))]);
  const contacts = [...s.contacts.values()].flatMap((c) => [c.announcing, 'timer' in c.stage ? c.stage.timer : undefined, ...c.entries.map((e) => e.timer)]);
  const owned = [...offers, ...agents, ...contacts].filter((timer) => timer !== undefined);
  law(owned.length === s.timers.size, () => `${s.timers.size} timers run, ${owned.length} are anybody's`);
  for (const { is, at } of owned) law(at > s.now, () => `a timer (${is}) is overdue`);
}

/** Nobody waits while an agent stands by who may serve it. */
function nobodyIsLeftIdle(s: State): void {
  for (const c of s.contacts.values())
    for (const e of c.entries)
      for (const a of s.agents.values()) law(!isLeftIdle(s, a, e), () => `${c.id} waits in ${e.queue.id} and ${a.setup.id} is free for it`);
}

/** Nobody is rung for a contact while one that comes before it, for this agent, goes on waiting: unless kept, reserved, or only just able to be served. */
function nobodyJumpsTheQueue(s: State, { effects }: Happening, before: Before): void {
  const offered = effects.filter((f): f is AcdEffect & { do: 'offer' } => f.do === 'offer');
  // What rang until this moment could not be rung for a moment ago.
  const ended = effects.flatMap((f) => (f.do === 'publish' && f.type === 'call.offer_ended' ? [f.subject.slice('call:'.length)] : []));
  const touched = new Set<string>([...offered.map((f) => f.offer.contact), ...ended]);
  for (const { offer } of offered) {
    const live = s.offers.get(offer.id);
    if (!live) continue;
    const due = dueFor(s, live.agent, live.entry);
    for (const [entry, was] of before.wanting) {
      if (touched.has(entry.contact.id) || !s.contacts.has(entry.contact.id) || !entry.contact.entries.includes(entry) || !wantsPhone(s, entry)) continue;
      if (was.kept || was.reserved || keptFor(s, entry) || isReserved(s, entry) || !mayServe(s, live.agent, entry, before.now) || !mayServe(s, live.agent, entry)) continue;
      if (entry.contact.channel !== offer.channel || entry.contact.offers.some((o) => o.agent === live.agent)) continue;
      // Of priorities that change in this very moment the lower counts.
      const earlier = dueFor(s, live.agent, entry, Math.min(was.priority, priorityOf(entry)));
      law(earlier >= due, () => `${offer.agent} is rung for ${offer.contact} while ${entry.contact.id} comes ${due - earlier} ms before it`);
    }
  }
}
