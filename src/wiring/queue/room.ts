import type { Acd, AgentId, Attributes, ContactId, Offer, OfferId } from '../../acd/index.js';
import type { Call, Choice, Leg } from '../../calls/index.js';
import type { DialRequest, QueueEnd } from '../../ivr/index.js';
import type { Language } from '../../speech/tts/index.js';
import type { Reach } from '../reach.js';
import type { Voice } from '../voice.js';
import { MOST_SPARES, type Spares } from './spares.js';

export interface AgentPhones {
  /** Where an agent's phones can be rung now; empty while none is registered. */
  choices(agent: AgentId, from: { readonly number: string; readonly name: string; readonly headers: Readonly<Record<string, string>> }): readonly Choice[];
}

export interface Destinations {
  /**
   * Who is meant by an extension or a number; undefined where nobody is. `around` is what must hold while he is rung and
   * talks.
   */
  find(call: Call, request: DialRequest): (Reach & { readonly around?: <T>(work: () => Promise<T>) => Promise<T> }) | undefined;
}

/** A caller on the line, from joining a queue until he has left it or his conversation is over. */
export interface Waiting {
  readonly contact: ContactId;
  readonly queue: string;
  readonly call: Call;
  readonly leg: Leg;
  readonly language: Language | undefined;
  readonly noticeGiven: boolean;
  readonly music: string;
  /** False while he talks or is taken elsewhere: what comes late is not played into that. */
  listening: boolean;
  /** Sentences under way: no music begins meanwhile. */
  saying: number;
  /** Offer of the agent with whom he is being joined, or is. */
  with: OfferId | undefined;
  /** Forgets him; the engine is told nothing. Ends announcements and keys. */
  readonly release: () => void;
  /** How his stay in the queue ended; releases him first. */
  readonly done: (end: QueueEnd) => void;
}

export interface Ringing {
  readonly offer: Offer;
  readonly stop: AbortController;
  leg: Leg | undefined;
}

/** A customer who is being called back. */
export interface CallingBack {
  readonly contact: ContactId;
  readonly call: Call;
  readonly number: string;
  readonly language: Language | undefined;
  /** On the line: rung first, or already answered. */
  customer: Leg | undefined;
  /** With whom the customer talks, or is about to. */
  agent: Leg | undefined;
  /** He is being rung, for whoever wants him. */
  reaching: Promise<Leg> | undefined;
  /** The customer is looked after until an agent is there. */
  waits: boolean;
}

/** What the parts of the voice carrier share. */
export interface Room {
  readonly voice: Voice;
  readonly acd: () => Acd;
  readonly phones: AgentPhones;
  readonly destinations: Destinations;
  /** Opens the CDR of a call that we make to call somebody back; `subject` is the contact's. */
  readonly place: (about: { readonly from: string; readonly number: string; readonly contact: ContactId; readonly subject: string }) => Call;
  readonly spares: Spares;
  readonly waiting: Map<ContactId, Waiting>;
  readonly ringing: Map<OfferId, Ringing>;
  /** Agents' legs by the offer that they accepted, until bridged and after. */
  readonly joined: Map<OfferId, Leg>;
  readonly callbacks: Map<ContactId, CallingBack>;
  /** Offers whose customer is being rung first. */
  readonly awaiting: Set<OfferId>;
}

/** Sessions are kept ready for as many as wait for an agent now. */
export function keepReady({ waiting, spares }: Room): void {
  let listening = 0;
  for (const w of waiting.values()) if (w.listening && (listening += 1) === MOST_SPARES) break;
  spares.want(listening);
}

/** Names of attributes that this carrier sets and reads; flows may set others. */
export const FROM = 'from';
export const LANGUAGE = 'language';
export const NOTICE = 'recording_notice';

export function languageIn(attributes: Attributes): Language | undefined {
  const said = attributes[LANGUAGE];
  return said === 'en' || said === 'zh-CN' ? said : undefined;
}
