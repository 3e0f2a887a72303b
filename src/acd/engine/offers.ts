import { inQueueOrder, type Agent, type Contact, type LiveOffer, type Queue } from './state.js';
import { arm, disarm, nextSerial, place, tell, unplace, type Turn } from './turn.js';
import type { DeclineReason, Offer, OfferEnd, OfferId, WithdrawReason } from './types.js';

/** Pairs waiting contacts with idle agents, in every queue that was touched, until none is left that could be. */
export function match(t: Turn): void {
  for (;;) {
    let best: { readonly contact: Contact; readonly agent: Agent } | undefined;
    for (const queue of t.touched) {
      const contact = queue.ready.first();
      const agent = queue.idle.first();
      if (contact && agent && (!best || inQueueOrder(contact, best.contact) < 0)) best = { contact, agent };
    }
    if (!best) return;
    makeOffer(t, best.contact, best.agent);
  }
}

function makeOffer(t: Turn, contact: Contact, agent: Agent): void {
  contact.attempts += 1;
  const { id: queue, setup } = contact.queue;
  const offer: Offer = {
    id: `${contact.id}.${nextSerial(t.s)}` as OfferId,
    contact: contact.id, agent: agent.setup.id, queue, subject: contact.subject, attempt: contact.attempts, offerMs: setup.offerMs,
  };
  const live: LiveOffer = { offer, contact, agent, timer: arm(t, setup.offerMs, { is: 'offer', offer: offer.id }) };
  t.s.offers.set(offer.id, live);
  contact.queue.ready.delete(contact);
  contact.at = { is: 'offered', offer: live };
  agent.task = { is: 'ringing', offer: live };
  place(t, agent, { fresh: false });
  tell(t, contact, 'offered', { agent: offer.agent, offer: offer.id, attempt: offer.attempt });
  t.effects.push({ do: 'offer', offer });
}

/** The contact is the agent's: out of the line, no other offer possible. */
export function accept(t: Turn, live: LiveOffer): void {
  const { offer, contact, agent } = close(t, live);
  disarm(t, contact.announcing);
  contact.announcing = undefined;
  contact.queue.line.delete(contact);
  contact.at = { is: 'connected', agent };
  agent.unanswered = 0;
  agent.task = { is: 'talking', contact };
  place(t, agent, { fresh: false });
  ended(t, live, 'accepted');
  tell(t, contact, 'left_queue', { why: 'connected', waited_ms: t.now - contact.joinedAt });
  t.effects.push({ do: 'connect', offer });
}

/** The phone rang out. Enough of them in a row, and the agent is away. */
export function timeOut(t: Turn, live: LiveOffer): void {
  const { offer, contact, agent } = close(t, live);
  agent.unanswered += 1;
  t.effects.push({ do: 'withdraw', offer, why: 'timed_out' });
  ended(t, live, 'timed_out');
  const { maxUnanswered } = contact.queue.setup;
  if (maxUnanswered > 0 && agent.unanswered >= maxUnanswered && agent.chosen === 'available') {
    agent.unanswered = 0;
    agent.chosen = 'away';
    agent.reason = 'no_answer';
    t.effects.push({ do: 'remember', agent: agent.setup.id, state: 'away', reason: 'no_answer' });
  }
  free(t, agent, { fresh: true });
  waitOn(t, contact);
}

/** The agent's side said no. The agent is left alone for a while, or the same phone would ring in a loop. */
export function decline(t: Turn, live: LiveOffer, why: DeclineReason): void {
  const { contact, agent } = close(t, live);
  ended(t, live, why);
  pause(t, agent, contact.queue, why);
  free(t, agent, { fresh: true });
  waitOn(t, contact);
}

/** Stops the ringing for a reason of ours. The contact waits on, unless it is the contact that left. */
export function withdraw(t: Turn, live: LiveOffer, why: WithdrawReason): void {
  const { offer, contact, agent } = close(t, live);
  t.effects.push({ do: 'withdraw', offer, why });
  ended(t, live, why);
  free(t, agent, { fresh: why !== 'contact_left' });
  if (why !== 'contact_left') waitOn(t, contact);
}

/** Whatever ends an offer ends it here: from now on its ID means nothing. */
function close(t: Turn, live: LiveOffer): LiveOffer {
  t.s.offers.delete(live.offer.id);
  disarm(t, live.timer);
  return live;
}

const ended = (t: Turn, { offer, contact }: LiveOffer, why: OfferEnd): void =>
  tell(t, contact, 'offer_ended', { agent: offer.agent, offer: offer.id, why });

export function pause(t: Turn, agent: Agent, queue: Queue, why: DeclineReason): void {
  disarm(t, agent.pause);
  agent.pause = arm(t, queue.setup.pauseMs[why], { is: 'pause', agent: agent.setup.id });
}

/** The agent's task is over. */
export function free(t: Turn, agent: Agent, how: { readonly fresh: boolean }): void {
  agent.task = { is: 'free' };
  place(t, agent, how);
  if (agent.removed) forget(t, agent);
}

export function forget(t: Turn, agent: Agent): void {
  unplace(t, agent);
  disarm(t, agent.pause);
  t.s.agents.delete(agent.setup.id);
}

/** Nobody is being rung for this contact: it can be offered. */
export function waitOn(t: Turn, contact: Contact): void {
  contact.at = { is: 'ready' };
  contact.queue.ready.add(contact);
  t.touched.add(contact.queue);
}

