import type { Ms } from '../../base/index.js';
import type { AcdEffect, FactData } from './events.js';
import { timerAt, type Agent, type Contact, type Entry, type Purpose, type State, type Timer } from './state.js';

/** One step in the making: the state being changed, the time it is, and what has been decided so far. */
export interface Turn {
  readonly s: State;
  readonly now: Ms;
  readonly effects: AcdEffect[];
  /** Tells this step from all others. */
  readonly number: number;
  /** Contacts that began to look for an agent, and agents who became able to take one: to be brought together before the step ends. Those who need none any more are marked, not taken out. */
  seeking: Entry[];
  choosing: Agent[];
  /** Contacts that have joined, to be told their place once it is known whether they must wait at all. */
  readonly arrived: Contact[];
}

export function armAt(t: Turn, at: Ms, what: Purpose): Timer {
  const timer = timerAt(what, at, nextSerial(t.s));
  t.s.timers.push(timer);
  return timer;
}

export const arm = (t: Turn, afterMs: Ms, what: Purpose): Timer => armAt(t, t.now + afterMs, what);

export const disarm = (t: Turn, timer: Timer | undefined): undefined => {
  if (timer) t.s.timers.remove(timer);
  return undefined;
};

/** The contact is to be brought together with an agent in this step. */
export function seekNow(t: Turn, entry: Entry): void {
  if (entry.soughtIn === t.number) return;
  entry.soughtIn = t.number;
  t.seeking.push(entry);
}

export const nextSerial = (s: State): number => (s.serial += 1);

/** A fact about a contact, named after what kind of thing it is: `call:7` gives `call.queued`. */
export function tell(t: Turn, contact: Contact, what: string, data: FactData): void {
  const colon = contact.subject.indexOf(':');
  const kind = colon < 0 ? contact.subject : contact.subject.slice(0, colon);
  t.effects.push({ do: 'publish', type: `${kind}.${what}`, subject: contact.subject, data });
}
