import type { Attributes, Offer } from '../../acd/index.js';
import { causeOfFailure, DialFailed, type Cause, type Leg } from '../../calls/index.js';
import { phrase, type Phrase } from '../../speech/tts/index.js';
import { consentFor, giveNotice, recordedSide } from '../consent.js';
import { converse, files, ring } from '../voice.js';
import { ringAgent } from './ringing.js';
import { FROM, languageIn, type CallingBack, type Room } from './room.js';

/** The attribute that names whom to call where that is not who called. */
export const NUMBER = 'callback_number';

/** An offer of somebody who does not hold the line: the agent is rung, before the customer or after. */
export function offerCallback(room: Room, offer: Offer): void {
  const one = callOf(room, offer);
  if (offer.callback === 'agent') return ringAgent(room, offer, one.call);
  room.awaiting.add(offer.id);
  reachCustomer(room, one, one.call.over).then(
    (customer) => {
      occupy(room, one, customer);
      // The engine may have taken it back while the customer was rung: he is offered again, and is there already.
      if (room.awaiting.delete(offer.id)) ringAgent(room, offer, one.call);
    },
    (error: unknown) => {
      if (room.awaiting.delete(offer.id)) notReached(room, one, error);
    },
  );
}

/** The call in which this customer is called back: the one that is up, or a new one. */
function callOf(room: Room, offer: Offer): CallingBack {
  const known = room.callbacks.get(offer.contact);
  if (known && !known.call.over.aborted) return known;
  const { attributes, subject } = room.acd().contact(offer.contact);
  const number = text(attributes[NUMBER] ?? attributes[FROM]);
  const call = room.place({ from: text(attributes['did'] ?? attributes['to']), number, contact: offer.contact, subject });
  call.note({ queue: offer.queue });
  call.entered('queue');
  const one: CallingBack = { contact: offer.contact, call, number, language: languageIn(attributes), customer: undefined, agent: undefined, reaching: undefined, waits: false };
  room.callbacks.set(offer.contact, one);
  call.over.addEventListener('abort', () => {
    if (room.callbacks.get(offer.contact) === one) room.callbacks.delete(offer.contact);
  }, { once: true });
  return one;
}

const text = (value: Attributes[string] | undefined): string => (typeof value === 'object' ? (value[0] ?? '') : String(value ?? ''));

/** The customer's leg; he is rung unless he is on the line or being rung already. @throws DialFailed */
function reachCustomer(room: Room, one: CallingBack, signal: AbortSignal): Promise<Leg> {
  if (one.customer && !one.customer.gone.aborted) return Promise.resolve(one.customer);
  return (one.reaching ??= dialCustomer(room, one, signal).finally(() => {
    one.reaching = undefined;
  }));
}

async function dialCustomer(room: Room, one: CallingBack, signal: AbortSignal): Promise<Leg> {
  const { call, number } = one;
  const { system, extensions } = room.voice.config();
  const known = extensions.some((e) => e.number === number);
  const to = room.destinations.find(call, { timeoutMs: system.ringTimeoutMs, language: one.language, ...(known ? { extension: number } : { number }) });
  if (!to) throw new DialFailed('unreachable', 404, 'no trunk takes this number');
  const leg = await ring(room.voice, call, to.plan, { role: 'callee', signal });
  call.adopt(leg, number);
  call.answered();
  one.customer = leg;
  return leg;
}

/** Until his agent is there, the customer hears a word and music; if he goes, so does the callback. */
function occupy(room: Room, one: CallingBack, customer: Leg): void {
  if (one.waits) return;
  one.waits = true;
  customer.gone.addEventListener('abort', () => {
    if (one.agent) return; // the conversation's own affair
    room.acd().leave(one.contact, 'abandoned');
    void one.call.end({ by: 'caller' });
  }, { once: true });
  void speak(room, one, customer, 'hold_for_agent').then(() => {
    if (!one.agent) customer.endpoint.play([room.voice.music], { loop: true }).catch((error: unknown) => warn(one, customer, error));
  });
}

async function speak(room: Room, one: CallingBack, to: Leg, what: Phrase): Promise<void> {
  try {
    await to.endpoint.play(await files(room.voice, phrase(what, one.language)));
  } catch (error) {
    warn(one, to, error);
  }
}

const warn = (one: CallingBack, leg: Leg, error: unknown): void => {
  if (!leg.gone.aborted) one.call.log.warn({ err: error }, 'something could not be played in a callback');
};

/** The agent has picked up: the customer is called unless he is there, then both talk. */
export async function joinCallback(room: Room, offer: Offer, agent: Leg): Promise<void> {
  const { voice, acd, joined } = room;
  const one = callOf(room, offer);
  one.agent = agent;
  joined.set(offer.id, agent);
  one.call.adopt(agent, offer.agent);
  try {
    if (!one.customer) void speak(room, one, agent, 'callback_ahead');
    const customer = await reachCustomer(room, one, agent.gone);
    const consent = consentFor(voice, one.call, 'queue');
    const noticed = consent.recorded && (await giveNotice(voice, one.call, customer.endpoint, offer.queue));
    one.call.entered('talk');
    await converse(voice, one.call, customer, {
      far: agent, about: { agent: offer.agent }, customer: recordedSide(one.call, consent, noticed),
      onBridged: () => acd().bridged(offer.contact), onOver: () => acd().released(offer.contact),
    });
    await one.call.end({ by: 'us', cause: 'completed' });
  } catch (error) {
    await failed(room, one, agent, error);
  } finally {
    joined.delete(offer.id);
  }
}

/** The agent hung up first, the customer was not reached, or the two could not be joined. */
async function failed(room: Room, one: CallingBack, agent: Leg, error: unknown): Promise<void> {
  one.agent = undefined;
  if (agent.gone.aborted) {
    room.acd().returned(one.contact);
    if (!one.customer) await one.call.end({ by: 'us', cause: 'failed' });
    return;
  }
  if (error instanceof DialFailed) await speak(room, one, agent, 'not_reached');
  notReached(room, one, error);
}

function notReached(room: Room, one: CallingBack, error: unknown): void {
  const known = error instanceof DialFailed;
  if (!known) one.call.log.error({ err: error }, 'a callback went wrong');
  const cause: Cause = known ? causeOfFailure[error.why] : 'failed';
  if (!one.call.over.aborted) room.acd().unreached(one.contact);
  void one.call.end({ by: 'us', cause });
}
