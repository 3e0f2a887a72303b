import type { Ms } from '../../base/index.js';
import { endWrapUp, extendWrapUp, rankAnew, refresh } from './agents.js';
import { announce } from './announce.js';
import type { AcdEffect, AcdEvent } from './events.js';
import { join, learn } from './joining.js';
import { callBack, callbackDue, leave, sendAway, unreached } from './leaving.js';
import { accept, bridged, decline, match, putBack, release, timeOut } from './offers.js';
import { choose, setEngaged, setReachable } from './presence.js';
import { advance } from './schedule.js';
import { changeAgent, changeQueue, changeSetup } from './setup.js';
import type { Agent, Contact, LiveOffer, State, Timer } from './state.js';
import type { Turn } from './turn.js';
import type { AgentId, ContactId, OfferId } from './types.js';

/**
 * The queue engine: changes the state in place and answers what the world must do, in that order. It never reads a
 * clock, draws a number or waits. What was due by `now` happens before the event does, so a late timer decides nothing.
 * Events about what is no longer there are the losers of a race and change nothing.
 */
export function step(s: State, event: AcdEvent, now: Ms): readonly AcdEffect[] {
  s.now = Math.max(s.now, now);
  s.steps += 1;
  const t: Turn = { s, now: s.now, number: s.steps, effects: [], seeking: [], choosing: [], arrived: [] };
  const wanted = s.timers.top()?.at;
  expireDue(t);
  apply(t, event);
  expireDue(t);
  match(t);
  for (const contact of t.arrived) if (contact.stage.is === 'waiting' && contact.entries.length > 0) announce(t, contact, contact.offers.length > 0 ? 'later' : 'first');
  const due = s.timers.top()?.at;
  if (due !== wanted || event.type === 'time.passed') t.effects.push({ do: 'wake', at: due });
  return t.effects;
}

function expireDue(t: Turn): void {
  const { timers } = t.s;
  const due = (): Timer | undefined => {
    const timer = timers.top();
    return timer && timer.at <= t.now ? timer : undefined;
  };
  // All that is due happens before anybody is brought together: who must leave now is not offered once more.
  while (due()) {
    for (let timer = due(); timer; timer = due()) {
      timers.remove(timer);
      expire(t, timer);
    }
    match(t);
  }
}

function apply(t: Turn, event: AcdEvent): void {
  switch (event.type) {
    case 'setup.changed': return changeSetup(t, event.setup, event.remembered);
    case 'queue.changed': return changeQueue(t, event.queue);
    case 'agent.changed': return changeAgent(t, event.agent);
    case 'contact.joined': return join(t, event.contact);
    case 'contact.changed': return withContact(t, event.contact, (c) => learn(t, c, event));
    case 'contact.left': return withContact(t, event.contact, (c) => leave(t, c, event.why));
    case 'contact.pressed': return withContact(t, event.contact, (c) => pressed(t, c, event.key));
    case 'contact.wants_callback': return withContact(t, event.contact, (c) => callBack(t, c, event.at));
    case 'contact.unreached': return withContact(t, event.contact, (c) => unreached(t, c));
    case 'contact.bridged': return withContact(t, event.contact, (c) => bridged(t, c));
    case 'contact.released': return withContact(t, event.contact, (c) => release(t, c));
    case 'contact.returned': return withContact(t, event.contact, (c) => putBack(t, c, 'returned_to_queue'));
    case 'offer.accepted': return withOffer(t, event.offer, (o) => accept(t, o));
    case 'offer.declined': return withOffer(t, event.offer, (o) => decline(t, o, event.why));
    case 'agent.chose': return withAgent(t, event.agent, (a) => choose(t, a, event));
    case 'agent.wrap_up_extended': return withAgent(t, event.agent, (a) => extendWrapUp(t, a, event.ms));
    case 'agent.reachable': return withAgent(t, event.agent, (a) => setReachable(t, a, event.yes, event.channels));
    case 'agent.engaged': return withAgent(t, event.agent, (a) => setEngaged(t, a, event.yes));
    case 'day.began': return newDay(t);
    case 'time.passed': return;
  }
}

function expire(t: Turn, timer: Timer): void {
  switch (timer.is) {
    case 'offer': return timeOut(t, timer.of);
    case 'connect': return putBack(t, timer.of, 'connect_timed_out');
    case 'announce': return announce(t, timer.of, 'now');
    case 'scheduled': return callbackDue(t, timer.of);
    case 'schedule':
      timer.of.timer = undefined;
      return advance(t, timer.of);
    case 'wrap_up': return endWrapUp(t, timer.of, timer);
    case 'pause':
      timer.of.pause = undefined;
      return refresh(t, timer.of, { fresh: true });
  }
}

function withContact(t: Turn, id: ContactId, then: (contact: Contact) => void): void {
  const contact = t.s.contacts.get(id);
  if (contact) then(contact);
}

function withOffer(t: Turn, id: OfferId, then: (offer: LiveOffer) => void): void {
  const offer = t.s.offers.get(id);
  if (offer) then(offer);
}

function withAgent(t: Turn, id: AgentId, then: (agent: Agent) => void): void {
  const agent = t.s.agents.get(id);
  if (agent) then(agent);
}

function pressed(t: Turn, contact: Contact, key: string): void {
  if (contact.stage.is !== 'waiting') return;
  for (const entry of contact.entries) {
    const target = Object.hasOwn(entry.queue.setup.exits, key) ? entry.queue.setup.exits[key] : undefined;
    if (target) return sendAway(t, entry, target, 'exit');
  }
}

/** Nobody has taken anything today yet; those who stand by are ranked anew. */
function newDay(t: Turn): void {
  for (const agent of t.s.agents.values()) {
    agent.today = 0;
    rankAnew(agent);
  }
}
