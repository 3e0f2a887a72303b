import type { Attributes, DeclineReason, Offer, WithdrawReason } from '../../acd/index.js';
import { DialFailed, type Call, type Leg } from '../../calls/index.js';
import { headerOfCaller } from '../customers/index.js';
import { ring } from '../voice.js';
import { attemptOver } from './attempts.js';
import type { Ringing, Room } from './room.js';

/** A call that a chat led to: the desktop opens it. */
const headerOfConversation = ({ conversation }: Attributes): Readonly<Record<string, string>> => (typeof conversation === 'string' ? { 'X-Strowger-Conversation': conversation } : {});

/** Longer than the engine waits: it is the one that ends an offer. */
const BEYOND_MS = 5_000;

/** Rings the agent's phones for a call; what comes of it goes to the engine. */
export function ringAgent(room: Room, offer: Offer, call: Call): void {
  const { voice, acd, phones, ringing } = room;
  const one: Ringing = { offer, stop: new AbortController(), leg: undefined };
  ringing.set(offer.id, one);
  const number = offer.callback === undefined ? call.from : call.to;
  const choices = phones.choices(offer.agent, { number, name: offer.queue, headers: { 'X-Strowger-Call': call.id, ...headerOfCaller(voice.callers?.of(call)), ...headerOfConversation(acd().contact(offer.contact).attributes), ...(offer.autoAccept ? AUTO_ANSWER : {}) } });
  if (choices.length === 0) return queueMicrotask(() => decline(room, offer, 'unreachable'));
  const plan = { order: 'all' as const, choices, ringMs: offer.offerMs + BEYOND_MS, provisionalMs: offer.offerMs, goesOn: () => false };
  ring({ ...voice, media: room.spares.media }, call, plan, { role: 'agent', signal: one.stop.signal }).then(
    (leg) => {
      one.leg = leg;
      if (acd().accepted(offer.id) === 'connect') return;
      ringing.delete(offer.id);
      void leg.hangUp();
    },
    (error: unknown) => {
      if (!(error instanceof DialFailed)) call.log.error({ err: error, agent: offer.agent }, 'the agent could not be rung');
      decline(room, offer, error instanceof DialFailed && (error.why === 'busy' || error.why === 'rejected') ? error.why : 'unreachable');
    },
  );
}

/** Phones that can answer by themselves are asked to (RFC 5373 §4.5, and what phones really listen to). */
const AUTO_ANSWER = { 'Call-Info': '<sip:auto-answer>;answer-after=0', 'Alert-Info': '<http://auto-answer>;info=alert-autoanswer' } as const;

export function decline(room: Room, offer: Offer, why: DeclineReason): void {
  room.ringing.delete(offer.id);
  room.acd().declined(offer.id, why);
  if (offer.callback) attemptOver(room, offer.contact, 'unanswered');
}

/** Stops ringing; who has picked up already and lost hears BYE. */
export function withdraw(room: Room, offer: Offer, why: WithdrawReason): void {
  const one = room.ringing.get(offer.id);
  room.ringing.delete(offer.id);
  room.awaiting.delete(offer.id);
  one?.stop.abort('withdrawn');
  void one?.leg?.hangUp();
  if (offer.callback) attemptOver(room, offer.contact, why === 'contact_left' ? 'gone' : 'unanswered');
}

/** The leg of the agent who won. @throws Error where the offer is none of ours */
export function winner({ ringing }: Room, offer: Offer): Leg {
  const leg = ringing.get(offer.id)?.leg;
  ringing.delete(offer.id);
  if (!leg) throw new Error(`offer ${offer.id} was won by nobody that rings`);
  return leg;
}
