import type { Ms } from '../base/index.js';
import type { AcdEffect, AcdEvent, AgentId, Channel, ContactId, Remembered, State } from './engine/index.js';
import type { Trace } from './journal.js';

interface Known {
  readonly subject: string;
  readonly channel: Channel;
  /** The event that brought it. */
  readonly first: number;
  /** The event that last put it to an agent. */
  offered: number;
  /** The agent who took it: nothing that comes later decides any more who gets it. */
  taken: AgentId | null;
}

/** A contact that has just gone. */
export interface Gone extends Trace {
  readonly channel: Channel;
}

/** What is known of the engine's doings besides its state: kept by watching events and effects, so that a replay brings it back. */
export interface Memo {
  readonly contacts: Map<ContactId, Known>;
  /** When an agent's state last changed, engine time. */
  readonly since: Map<AgentId, Ms>;
  /** What agents chose, for those who leave the settings and come back. */
  readonly chosen: Map<AgentId, Remembered>;
}

export const emptyMemo = (): Memo => ({ contacts: new Map(), since: new Map(), chosen: new Map() });

/** Takes note of one step. Answers the contacts that it made go. */
export function note(memo: Memo, s: State, step: { readonly seq: number; readonly at: Ms; readonly event: AcdEvent; readonly effects: readonly AcdEffect[] }): Gone[] {
  const { seq, at, event, effects } = step;
  if (event.type === 'contact.joined') {
    const { id, subject, channel } = event.contact;
    memo.contacts.set(id, { subject, channel, first: seq, offered: seq, taken: null });
  }
  const named = contactOf(event);
  const maybeGone = new Set<ContactId>(named === undefined ? [] : [named]);
  for (const effect of effects) watch(memo, effect, seq, at, maybeGone);
  if (event.type === 'contact.returned' || event.type === 'contact.unreached') change(memo, event.contact, { taken: null });
  const gone: Gone[] = [];
  for (const id of maybeGone) {
    const known = memo.contacts.get(id);
    if (!known || s.contacts.has(id)) continue;
    memo.contacts.delete(id);
    gone.push({ contact: id, subject: known.subject, agent: known.taken, channel: known.channel, first: known.first, decided: known.taken ? known.offered : seq - 1, last: seq });
  }
  return gone;
}

function watch(memo: Memo, effect: AcdEffect, seq: number, at: Ms, maybeGone: Set<ContactId>): void {
  switch (effect.do) {
    case 'offer': return change(memo, effect.offer.contact, { offered: seq });
    case 'connect': return change(memo, effect.offer.contact, { taken: effect.offer.agent });
    case 'drop': return change(memo, effect.offer.contact, { taken: null });
    case 'remember': return void memo.chosen.set(effect.agent, { state: effect.state, reason: effect.reason });
    case 'divert':
    case 'dismiss': return void maybeGone.add(effect.contact);
    case 'publish': return effect.type === 'agent.state_changed' ? void memo.since.set(effect.data.agent as AgentId, at) : undefined;
    case 'withdraw':
    case 'announce':
    case 'wake': return;
  }
}

function change(memo: Memo, contact: ContactId, what: Partial<Pick<Known, 'offered' | 'taken'>>): void {
  const known = memo.contacts.get(contact);
  if (known) Object.assign(known, what);
}

function contactOf(event: AcdEvent): ContactId | undefined {
  if (!('contact' in event)) return undefined;
  return typeof event.contact === 'string' ? event.contact : event.contact.id;
}

/** As plain data; what the engine's own state says of the contacts is not said again. */
export interface SavedMemo {
  readonly contacts: readonly (readonly [id: ContactId, first: number, offered: number, taken: AgentId | null])[];
  readonly since: readonly (readonly [AgentId, Ms])[];
  readonly chosen: readonly (readonly [AgentId, Remembered])[];
}

export const saveMemo = (memo: Memo): SavedMemo => ({
  contacts: [...memo.contacts].map(([id, { first, offered, taken }]) => [id, first, offered, taken]),
  since: [...memo.since],
  chosen: [...memo.chosen],
});

export function restoreMemo(saved: SavedMemo, s: State): Memo {
  const contacts = new Map<ContactId, Known>();
  for (const [id, first, offered, taken] of saved.contacts) {
    const contact = s.contacts.get(id);
    if (contact) contacts.set(id, { subject: contact.subject, channel: contact.channel, first, offered, taken });
  }
  return { contacts, since: new Map(saved.since), chosen: new Map(saved.chosen) };
}
