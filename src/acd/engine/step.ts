import type { Ms } from '../../base/index.js';
import { choose, setEngaged, setReachable } from './agents.js';
import type { AcdEffect, AcdEvent } from './events.js';
import { accept, decline, free, match, pause, timeOut, waitOn } from './offers.js';
import { changeSetup, leave } from './setup.js';
import type { Contact, State, Timer } from './state.js';
import { arm, place, tell, type Turn } from './turn.js';
import type { NewContact } from './types.js';

/**
 * The queue engine: changes the state in place and answers what the world must do, in that order. It never reads a
 * clock, draws a number or waits. What was due by `now` happens before the event does, so a late timer decides nothing.
 * Events about what is no longer there are the losers of a race and change nothing.
 */
export function step(s: State, event: AcdEvent, now: Ms): readonly AcdEffect[] {
  const t: Turn = { s, now, effects: [], touched: new Set() };
  const wanted = s.timers.first()?.at;
  for (let timer = s.timers.first(); timer && timer.at <= now; timer = s.timers.first()) {
    s.timers.delete(timer);
    expire(t, timer);
    match(t);
  }
  apply(t, event);
  match(t);
  const due = s.timers.first()?.at;
  if (due !== wanted || event.type === 'time.passed') t.effects.push({ do: 'wake', at: due });
  return t.effects;
}

function apply(t: Turn, event: AcdEvent): void {
  switch (event.type) {
    case 'setup.changed': return changeSetup(t, event.setup, event.remembered);
    case 'contact.joined': return join(t, event.contact);
    case 'contact.left': return withContact(t, event.contact, (c) => (c.at.is === 'connected' ? release(t, c) : leave(t, c, event.why)));
    case 'contact.released': return withContact(t, event.contact, (c) => release(t, c));
    case 'contact.returned': return withContact(t, event.contact, (c) => putBack(t, c));
    case 'offer.accepted': {
      const live = t.s.offers.get(event.offer);
      return live && accept(t, live);
    }
    case 'offer.declined': {
      const live = t.s.offers.get(event.offer);
      return live && decline(t, live, event.why);
    }
    case 'agent.chose': {
      const agent = t.s.agents.get(event.agent);
      return agent && choose(t, agent, event.state, event.reason);
    }
    case 'agent.reachable': {
      const agent = t.s.agents.get(event.agent);
      return agent && setReachable(t, agent, event.yes);
    }
    case 'agent.engaged': {
      const agent = t.s.agents.get(event.agent);
      return agent && setEngaged(t, agent, event.yes);
    }
    case 'time.passed': return;
  }
}

function expire(t: Turn, timer: Timer): void {
  switch (timer.is) {
    case 'offer': {
      const live = t.s.offers.get(timer.offer);
      return live && timeOut(t, live);
    }
    case 'wrap_up': {
      const agent = t.s.agents.get(timer.agent);
      return agent && free(t, agent, { fresh: true });
    }
    case 'pause': {
      const agent = t.s.agents.get(timer.agent);
      if (!agent) return;
      agent.pause = undefined;
      return place(t, agent, { fresh: true });
    }
    case 'announce': return withContact(t, timer.contact, (c) => announce(t, c, 'now'));
  }
}

function withContact(t: Turn, id: Contact['id'], then: (contact: Contact) => void): void {
  const contact = t.s.contacts.get(id);
  if (contact) then(contact);
}

function join(t: Turn, { id, queue: queueId, subject, priority = 5 }: NewContact): void {
  const queue = t.s.queues.get(queueId);
  if (!queue || t.s.contacts.has(id)) return;
  const contact: Contact = {
    id, queue, subject, priority, joinedAt: t.now, attempts: 0, at: { is: 'ready' }, told: undefined, announcing: undefined,
  };
  t.s.contacts.set(id, contact);
  queue.line.add(contact);
  waitOn(t, contact);
  tell(t, contact, 'queued', { position: queue.line.rank(contact) + 1, priority });
  match(t);
  const rings = contact.at.is !== 'ready'; // it may never have to wait
  announce(t, contact, rings ? 'later' : 'now');
}

/** Tells the place when it changed or is worth repeating, and looks again after a while. */
function announce(t: Turn, contact: Contact, when: 'now' | 'later'): void {
  const rule = contact.queue.setup.announce;
  if (!rule) return;
  contact.announcing = arm(t, rule.everyMs, { is: 'announce', contact: contact.id });
  if (when === 'later') return;
  const position = contact.queue.line.rank(contact) + 1;
  if (contact.told?.position === position && t.now - contact.told.at < rule.repeatMs) return;
  contact.told = { position, at: t.now };
  t.effects.push({ do: 'announce', contact: contact.id, position, waiting: contact.queue.line.size });
  tell(t, contact, 'position_told', { position });
}

/** The conversation is over. Wrap-up belongs to the agent from here on, not to the queue. */
function release(t: Turn, contact: Contact): void {
  if (contact.at.is !== 'connected') return;
  const { agent } = contact.at;
  t.s.contacts.delete(contact.id);
  const { wrapUpMs } = contact.queue.setup;
  if (wrapUpMs <= 0 || agent.removed) return free(t, agent, { fresh: true });
  agent.task = { is: 'wrap_up', timer: arm(t, wrapUpMs, { is: 'wrap_up', agent: agent.setup.id }) };
  place(t, agent, { fresh: false });
}

/** The bridge came to nothing: the contact keeps its place, and somebody else is tried first. */
function putBack(t: Turn, contact: Contact): void {
  if (contact.at.is !== 'connected') return;
  const { agent } = contact.at;
  tell(t, contact, 'returned_to_queue', { agent: agent.setup.id });
  pause(t, agent, contact.queue, 'unreachable');
  free(t, agent, { fresh: true });
  if (t.s.queues.get(contact.queue.id) !== contact.queue) {
    t.s.contacts.delete(contact.id);
    t.effects.push({ do: 'dismiss', contact: contact.id });
    return;
  }
  contact.queue.line.add(contact);
  waitOn(t, contact);
  announce(t, contact, 'later');
}
