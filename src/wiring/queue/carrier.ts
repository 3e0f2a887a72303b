import type { Acd, Carrier, ContactId, ContactView, QueueId } from '../../acd/index.js';
import type { CallbackBooker, ContactCommands } from '../../api/index.js';
import { placeCall, type Call, type CallLog } from '../../calls/index.js';
import type { CallbackRequest, QueueEnd, QueueRequest } from '../../ivr/index.js';
import { newId } from '../../store/index.js';
import { attributesOfCaller } from '../customers/index.js';
import { mediaHeaders, type Voice } from '../voice.js';
import { announce } from './announcing.js';
import { attemptOver } from './attempts.js';
import { joinCallback, NUMBER, offerCallback } from './callbacks.js';
import { divert, goodbye } from './diverting.js';
import { drop, join } from './joining.js';
import { decline, ringAgent, winner, withdraw } from './ringing.js';
import { FROM, LANGUAGE, type AgentPhones, type Destinations, type Room } from './room.js';
import { createSpares } from './spares.js';
import { wait } from './waiting.js';

export interface VoiceQueueOptions {
  readonly voice: Voice;
  readonly acd: () => Acd;
  readonly phones: AgentPhones;
  readonly destinations: Destinations;
  /** For the calls that we make to call somebody back. */
  readonly onCall: (call: Call) => void;
  readonly onOver: (call: Call) => void;
  readonly logFor: (call: string) => CallLog;
}

/** Voice calls as contacts of the queue: offers ring phones, acceptances bridge, waiting is music. */
export interface VoiceQueue {
  readonly carrier: Carrier;
  readonly commands: ContactCommands;
  readonly callbacks: CallbackBooker;
  /** For the parts of this carrier that stand elsewhere. */
  readonly room: Room;
  /** Waits with music, and lasts until the conversation is over or the caller has gone. @throws NoSuchQueue */
  wait(call: Call, request: QueueRequest): Promise<QueueEnd>;
  /** Books a callback to the number of this call. @throws NoSuchQueue */
  callBack(call: Call, request: CallbackRequest): void;
}

export function createVoiceQueue(options: VoiceQueueOptions): VoiceQueue {
  const { voice, acd } = options;
  const room: Room = {
    voice, acd, phones: options.phones, destinations: options.destinations, place: placer(options),
    spares: createSpares(voice.media, () => mediaHeaders(voice)),
    waiting: new Map(), ringing: new Map(), joined: new Map(), callbacks: new Map(), awaiting: new Set(),
  };
  return {
    room,
    carrier: carrierOf(room),
    commands: commandsOf(room),
    callbacks: { book: ({ number, queue, at, name, priority, attributes }) => book(room, { queue, subject: `call:${newId('call', voice.now())}`, at, priority, attributes: { ...attributes, ...(name === undefined ? {} : { name }), [FROM]: number, [NUMBER]: number } }) },
    wait: (call, request) => wait(room, call, request),
    callBack(call, { queue, at, priority, needs, attributes, language }) {
      book(room, { queue: queue as QueueId, subject: `call:${call.id}`, at, priority, needs, attributes: { to: call.to, ...attributesOfCaller(voice.callers?.of(call)), ...attributes, ...(language === undefined ? {} : { [LANGUAGE]: language }), [FROM]: call.from, [NUMBER]: call.from } });
    },
  };
}

type Booking = { readonly queue: QueueId; readonly subject: string; readonly at: number | undefined; readonly priority: number | undefined } & Pick<Parameters<Acd['enqueue']>[0], 'attributes' | 'needs'>;

function book({ acd }: Room, { queue, at, priority, ...rest }: Booking): ContactView {
  const id = newId('contact') as ContactId;
  acd().enqueue({ id, queues: [queue], channel: 'voice', callback: true, ...(at === undefined ? {} : { notBefore: at }), ...(priority === undefined ? {} : { priority }), ...rest });
  return acd().contact(id);
}

function carrierOf(room: Room): Carrier {
  return {
    offer(offer) {
      if (offer.callback) return offerCallback(room, offer);
      const w = room.waiting.get(offer.contact);
      if (w) ringAgent(room, offer, w.call);
      else queueMicrotask(() => decline(room, offer, 'unreachable'));
    },
    withdraw: (offer, why) => withdraw(room, offer, why),
    connect(offer) {
      const agent = winner(room, offer);
      const w = room.waiting.get(offer.contact);
      if (!w && !offer.callback) throw new Error(`nobody waits as ${offer.contact}`);
      void (w ? join(room, offer, w, agent) : joinCallback(room, offer, agent));
    },
    drop: (offer) => drop(room, offer),
    announce: (contact, news) => announce(room, contact, news),
    divert: (contact, target, why) => divert(room, contact, target, why),
    dismiss(contact) {
      room.waiting.get(contact)?.done('failed');
      attemptOver(room, contact, 'gone');
    },
    alive: (contact) => room.waiting.has(contact) || room.callbacks.has(contact),
  };
}

/** What supervisors do. A caller who is taken out of the queue hears goodbye. */
function commandsOf(room: Room): ContactCommands {
  const { acd } = room;
  return {
    remove(contact) {
      acd().contact(contact);
      const w = room.waiting.get(contact);
      w?.release();
      acd().leave(contact, 'exit');
      if (w) void goodbye(room, w, 'goodbye');
      attemptOver(room, contact, 'gone');
    },
    callBack(contact, at) {
      acd().callBack(contact, at);
      // The engine says nothing to carriers here: it was told by one.
      divert(room, contact, { to: 'callback' }, 'callback');
      return acd().contact(contact);
    },
  };
}

/** The first attempt of a callback that no call asked for is the call that its facts are filed under. */
const placer = ({ voice, onCall, onOver, logFor }: VoiceQueueOptions): Room['place'] => ({ from, number, contact, subject }) => {
  const origin = subject.replace(/^call:/, '');
  const before = voice.ledger.get(origin);
  const id = before ? newId('call', voice.now()) : origin;
  const direction = voice.config().extensions.some((e) => e.number === number) ? 'internal' : 'outbound';
  const call = placeCall(
    { id, direction, from_number: from, to_number: number, trunk: null, did: null, started_at: voice.now(), contact, ...(before ? { callback_of: origin } : {}) },
    { ledger: voice.ledger, events: voice.events, log: logFor(id), now: voice.now, onOver },
  );
  onCall(call);
  return call;
};
