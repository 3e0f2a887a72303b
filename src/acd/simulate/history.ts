import type { Ms } from '../../base/index.js';
import { emptyState, restore, step, type AcdEvent, type AcdSetup, type AgentId, type Contact, type ContactId, type NewContact, type OfferId, type State } from '../engine/index.js';
import type { EventLog } from './log.js';

/** One contact of the log, and what became of it. */
export interface Past {
  readonly contact: NewContact;
  readonly at: Ms;
  /** Until an agent had it; undefined: nobody ever had. */
  answeredAt: Ms | undefined;
  handlingMs: Ms | undefined;
  /** When it gave up; undefined: it did not. */
  gaveUpAt: Ms | undefined;
  /** When it left in another way. */
  wentAt: Ms | undefined;
}
export interface History {
  readonly start: Ms;
  readonly end: Ms;
  /** In force at the start. */
  readonly setup: AcdSetup;
  readonly contacts: readonly Past[];
  /** What agents and time did by themselves. */
  readonly others: readonly { readonly at: Ms; readonly event: AcdEvent }[];
  /** What settings did meanwhile. */
  readonly changes: readonly { readonly at: Ms; readonly event: AcdEvent }[];
  /** How each agent's phone was answered: after so long, or undefined: not. */
  readonly rings: ReadonlyMap<AgentId, readonly (Ms | undefined)[]>;
}

const BY_AGENTS: readonly AcdEvent['type'][] = ['agent.chose', 'agent.reachable', 'agent.engaged', 'day.began'];
const BY_SETTINGS: readonly AcdEvent['type'][] = ['setup.changed', 'queue.changed', 'agent.changed'];

/** Runs the log through the engine once more and writes down what everybody did. What came before `from` only sets the stage. */
export function historyOf(log: EventLog, from = -Infinity): History {
  const s = log.before ? restore(log.before) : emptyState();
  const cut = log.events.findIndex((e) => e.at >= from);
  const begin = cut < 0 ? log.events.length : cut;
  for (const { event, at } of log.events.slice(0, begin)) step(s, event, at);
  // In a log that begins with the engine the first settings are those in force, not a change.
  const first = s.setup.queues.length > 0 ? undefined : log.events.slice(begin).find(({ event }) => event.type === 'setup.changed');
  const opening = first?.event.type === 'setup.changed' ? first.event.setup : s.setup;
  const start = log.events[begin]?.at ?? s.now;
  const others = standing(s, start);
  const changes: { at: Ms; event: AcdEvent }[] = [];
  const books = newBooks(s);
  for (const one of log.events.slice(begin)) {
    if (BY_AGENTS.includes(one.event.type)) others.push(one);
    if (BY_SETTINGS.includes(one.event.type) && one !== first) changes.push(one);
    books.read(one.event, one.at);
  }
  return { start, end: log.events.at(-1)?.at ?? start, setup: opening, contacts: [...books.contacts.values()], others, changes, rings: books.rings };
}

/** What agents had chosen before. */
const standing = (s: State, at: Ms): { at: Ms; event: AcdEvent }[] =>
  [...s.agents.values()].flatMap(({ setup: { id }, chosen, reason, reachable, hears }) => [
    { at, event: { type: 'agent.reachable', agent: id, yes: reachable, ...(hears === undefined ? {} : { channels: hears }) } }, { at, event: { type: 'agent.chose', agent: id, state: chosen, reason, by: 'log' } },
  ]);

function newBooks(s: State) {
  const contacts = new Map<ContactId, Past>();
  const rings = new Map<AgentId, (Ms | undefined)[]>();
  const rang = new Map<OfferId, { readonly agent: AgentId; readonly at: Ms }>();
  const noteRing = (offer: OfferId, ms: Ms | undefined): void => {
    const one = rang.get(offer);
    if (!one) return;
    rang.delete(offer);
    rings.set(one.agent, [...(rings.get(one.agent) ?? []), ms]);
  };
  const read = (event: AcdEvent, at: Ms): void => {
    if (event.type === 'contact.joined') contacts.set(event.contact.id, { contact: event.contact, at, answeredAt: undefined, handlingMs: undefined, gaveUpAt: undefined, wentAt: undefined });
    const before = 'contact' in event && typeof event.contact === 'string' ? s.contacts.get(event.contact) : undefined;
    const was = before && stageOf(before);
    for (const effect of step(s, event, at)) {
      if (effect.do === 'offer') rang.set(effect.offer.id, { agent: effect.offer.agent, at });
      if (effect.do === 'withdraw' && effect.why === 'timed_out') noteRing(effect.offer.id, undefined);
      if (effect.do === 'withdraw') rang.delete(effect.offer.id);
      if (effect.do === 'connect') {
        noteRing(effect.offer.id, at - (rang.get(effect.offer.id)?.at ?? at));
        const past = contacts.get(effect.offer.contact);
        if (past) past.answeredAt = at;
      }
      if (effect.do === 'divert' || effect.do === 'dismiss') went(contacts.get(effect.contact), at);
    }
    if (event.type === 'offer.declined') noteRing(event.offer, undefined);
    if (event.type === 'contact.released' || event.type === 'contact.left') ended(contacts.get(event.contact), was, event, at);
  };
  return { contacts, rings, read };
}

const stageOf = (contact: Contact): 'taken' | 'waiting' => (contact.stage.is === 'connected' || contact.stage.is === 'connecting' ? 'taken' : 'waiting');

function went(past: Past | undefined, at: Ms): void {
  if (past) past.wentAt ??= at;
}

function ended(past: Past | undefined, was: 'taken' | 'waiting' | undefined, event: { readonly type: string; readonly why?: string }, at: Ms): void {
  if (!past || !was) return;
  if (was === 'taken') past.handlingMs = at - (past.answeredAt ?? at);
  else if (event.why === 'abandoned') past.gaveUpAt = at;
  else past.wentAt ??= at;
}
