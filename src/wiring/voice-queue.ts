import type { Acd, AgentId, Carrier, ContactId, Offer, OfferId, QueueId } from '../acd/index.js';
import { DialFailed, type Call, type Choice, type Leg } from '../calls/index.js';
import type { QueueEnd, QueueRequest } from '../ivr/index.js';
import { newId } from '../store/index.js';
import { consentFor, giveNotice, recordedSide } from './consent.js';
import { positionPrompts } from '../speech/tts/index.js';
import { converse, files, ring, type Voice } from './voice.js';

interface Waiting {
  readonly call: Call;
  readonly leg: Leg;
  readonly request: QueueRequest;
  readonly noticeGiven: boolean;
  readonly music: string;
  /** False while he talks: an announcement that comes late is not played into a conversation. */
  listening: boolean;
  done: (end: QueueEnd) => void;
}

interface Ringing {
  readonly stop: AbortController;
  leg: Leg | undefined;
}

export interface AgentPhones {
  /** Where an agent's phones can be rung now; empty while none is registered. */
  choices(agent: AgentId, from: { readonly number: string; readonly name: string; readonly headers: Readonly<Record<string, string>> }): readonly Choice[];
}

export interface VoiceQueue extends Carrier {
  /** Waits with music, and lasts until the conversation is over or the caller has gone. */
  wait(call: Call, request: QueueRequest): Promise<QueueEnd>;
}

/** Voice calls as contacts of the queue: offers ring phones, acceptances bridge, waiting is music. */
export function createVoiceQueue(voice: Voice, acd: () => Acd, phones: AgentPhones): VoiceQueue {
  const waiting = new Map<ContactId, Waiting>();
  const ringing = new Map<OfferId, Ringing>();

  const music = (w: Waiting): void => {
    if (!w.listening || w.leg.gone.aborted) return;
    w.leg.endpoint.play([w.music], { loop: true }).catch((error: unknown) => {
      if (!w.leg.gone.aborted) w.call.log.error({ err: error }, 'the music for those who wait cannot be played');
    });
  };

  const join = async (offer: Offer, w: Waiting, agent: Leg): Promise<void> => {
    w.listening = false;
    w.call.entered('talk');
    w.call.adopt(agent, offer.agent);
    try {
      const side = recordedSide(w.call, consentFor(voice, w.call, 'queue'), w.noticeGiven);
      const end = await converse(voice, w.call, w.leg, { far: agent, about: { agent: offer.agent }, customer: side });
      acd().released(offer.contact);
      if (end === 'far_left') w.done('completed');
    } catch (error) {
      w.call.log.error({ err: error, agent: offer.agent }, 'caller and agent could not be joined');
      if (w.leg.gone.aborted) return acd().released(offer.contact);
      w.listening = true;
      acd().returned(offer.contact);
      w.call.entered('queue');
      music(w);
    }
  };

  return {
    async wait(call, request) {
      call.note({ queue: request.name });
      call.entered('queue');
      const leg = await call.answer();
      const settings = voice.config().queues.find((q) => q.name === request.name);
      const noticeGiven = consentFor(voice, call, 'queue').recorded && (await giveNotice(voice, call, leg.endpoint));
      if (call.over.aborted) return 'failed';
      const contact = newId('contact') as ContactId;
      return new Promise<QueueEnd>((resolve, reject) => {
        const leave = (): void => {
          acd().leave(contact, 'abandoned');
          finish('failed');
        };
        const finish = (end: QueueEnd): void => {
          call.over.removeEventListener('abort', leave);
          waiting.delete(contact);
          resolve(end);
        };
        const w: Waiting = { call, leg, request, noticeGiven, music: settings?.music ?? voice.music, listening: true, done: finish };
        waiting.set(contact, w);
        call.over.addEventListener('abort', leave, { once: true });
        try {
          acd().enqueue({ id: contact, queue: request.name as QueueId, subject: `call:${call.id}`, priority: request.priority });
          music(w);
        } catch (error) {
          finish('failed');
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    },

    offer(offer) {
      const w = waiting.get(offer.contact);
      const one: Ringing = { stop: new AbortController(), leg: undefined };
      ringing.set(offer.id, one);
      const decline = (why: 'busy' | 'rejected' | 'unreachable'): void => {
        ringing.delete(offer.id);
        acd().declined(offer.id, why);
      };
      const choices = w ? phones.choices(offer.agent, { number: w.call.from, name: offer.queue, headers: { 'X-Strowger-Call': w.call.id } }) : [];
      if (!w || choices.length === 0) return queueMicrotask(() => decline('unreachable'));
      const plan = { order: 'all' as const, choices, ringMs: offer.offerMs + 5_000, provisionalMs: offer.offerMs, goesOn: () => false };
      ring(voice, w.call, plan, { role: 'agent', signal: one.stop.signal }).then(
        (leg) => {
          one.leg = leg;
          if (acd().accepted(offer.id) === 'connect') return;
          ringing.delete(offer.id);
          void leg.hangUp();
        },
        (error: unknown) => {
          if (!(error instanceof DialFailed)) w.call.log.error({ err: error, agent: offer.agent }, 'the agent could not be rung');
          decline(error instanceof DialFailed && (error.why === 'busy' || error.why === 'rejected') ? error.why : 'unreachable');
        },
      );
    },

    withdraw(offer) {
      const one = ringing.get(offer.id);
      ringing.delete(offer.id);
      one?.stop.abort();
      void one?.leg?.hangUp();
    },

    connect(offer) {
      const w = waiting.get(offer.contact);
      const agent = ringing.get(offer.id)?.leg;
      ringing.delete(offer.id);
      if (!w || !agent) throw new Error(`offer ${offer.id} was won by nobody that rings`);
      void join(offer, w, agent);
    },

    dismiss(contact) {
      waiting.get(contact)?.done('failed');
    },

    announce(contact, { position }) {
      const w = waiting.get(contact);
      if (!w?.listening) return;
      files(voice, positionPrompts(position, w.request.language))
        .then((said) => (w.listening ? w.leg.endpoint.play(said) : undefined))
        .then((end) => {
          if (end === 'done') music(w);
        })
        .catch((error: unknown) => {
          if (!w.leg.gone.aborted) w.call.log.warn({ err: error }, 'the position could not be announced');
          music(w);
        });
    },
  };
}
