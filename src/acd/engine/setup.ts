import { change } from './agents.js';
import type { Remembered } from './events.js';
import { forget, withdraw } from './offers.js';
import { newQueue, type Agent, type Contact } from './state.js';
import { disarm, nextSerial, place, tell, unplace, type Turn } from './turn.js';
import type { AcdSetup, AgentId, AgentSetup, LeaveReason } from './types.js';

/** New settings under running work: what goes on goes on, and only what no longer exists ends. */
export function changeSetup(t: Turn, setup: AcdSetup, remembered: ReadonlyMap<AgentId, Remembered>): void {
  const agents = new Set(setup.agents.map((a) => a.id));
  for (const agent of [...t.s.agents.values()]) unplace(t, agent); // the index is rebuilt below, by the new membership
  changeQueues(t, setup);
  for (const agent of [...t.s.agents.values()]) if (!agents.has(agent.setup.id)) remove(t, agent);
  for (const a of setup.agents) {
    const known = t.s.agents.get(a.id);
    if (known) {
      unplace(t, known); // an offer withdrawn just now may have put it back
      known.setup = a;
      known.removed = false;
      place(t, known, { fresh: false });
    } else t.s.agents.set(a.id, newAgent(t, a, remembered.get(a.id)));
  }
}

function changeQueues(t: Turn, { queues }: AcdSetup): void {
  const kept = new Map(queues.map((q) => [q.id, q]));
  for (const queue of [...t.s.queues.values()]) {
    const setup = kept.get(queue.id);
    if (setup) {
      queue.setup = setup;
      continue;
    }
    t.s.queues.delete(queue.id);
    for (const contact of [...queue.line]) {
      leave(t, contact, 'failed');
      t.effects.push({ do: 'dismiss', contact: contact.id });
    }
  }
  for (const setup of queues) if (!t.s.queues.has(setup.id)) t.s.queues.set(setup.id, newQueue(setup));
}

/** Out of the line for good; the phone that rings for it stops. */
export function leave(t: Turn, contact: Contact, why: LeaveReason): void {
  if (contact.at.is === 'offered') withdraw(t, contact.at.offer, 'contact_left');
  contact.queue.ready.delete(contact);
  contact.queue.line.delete(contact);
  disarm(t, contact.announcing);
  t.s.contacts.delete(contact.id);
  tell(t, contact, 'left_queue', { why, waited_ms: t.now - contact.joinedAt });
}

function remove(t: Turn, agent: Agent): void {
  change(t, agent, 'removed', () => {
    agent.removed = true;
  });
  if (agent.task.is === 'free') forget(t, agent);
}

const newAgent = (t: Turn, setup: AgentSetup, remembered: Remembered | undefined): Agent => ({
  setup, removed: false, task: { is: 'free' },
  chosen: remembered?.state ?? setup.initial, reason: remembered?.reason ?? null,
  reachable: false, engaged: 0, unanswered: 0, pause: undefined,
  idleSince: t.now, turn: nextSerial(t.s), indexed: false, shown: 'offline',
});
