import type { Ms } from '../base/index.js';
import type {
  AcdSetup, AgentId, AgentState, Attributes, Band, Channel, ChosenState, ContactId, DeclineReason, DivertReason, Explanation, LeaveReason, NewContact,
  Offer, OfferId, Preview, QueueId, QueueMode, Target, WithdrawReason,
} from './engine/index.js';

/**
 * What the queue needs of a channel. Calls return at once and start I/O; what it yields comes back through `Acd`.
 * Every offer gets exactly one of `withdraw`, `connect`, or the carrier's own `declined`.
 */
export interface Carrier {
  /** Ring the agent. Answer with `accepted` or `declined`. */
  offer(offer: Offer): void;
  /** Stop ringing. */
  withdraw(offer: Offer, why: WithdrawReason): void;
  /** This offer won: bring the two together, then say `bridged` or `returned`. Comes while `accepted` runs, before it answers `connect`. */
  connect(offer: Offer): void;
  /** The bridge of this offer took too long: end the agent's side. The contact waits on. */
  drop(offer: Offer): void;
  /** Tell the waiting contact its place (1: the next in line) and, where known, how long it will be. */
  announce(contact: ContactId, news: { readonly queue: QueueId; readonly position: number; readonly waiting: number; readonly wait: Band | undefined }): void;
  /** The contact has left the queues: take it there. `callback`: say goodbye, the place is kept and the contact lives on as a callback. */
  divert(contact: ContactId, target: Target, why: DivertReason): void;
  /** The contact's queue is no more: it has left already, as `failed`. */
  dismiss(contact: ContactId): void;
  /** Whether the carrier still has this contact. Asked now and then, so that no agent waits for a conversation that is long dead. */
  alive(contact: ContactId): boolean;
}

/** One carrier a channel. @throws Error for a channel that has none. */
export type Carriers = Readonly<Record<Channel, Carrier>>;

export interface AgentView {
  readonly id: AgentId;
  readonly name: string;
  readonly state: AgentState;
  readonly reason: string | null;
  /** Chosen while ringing or talking: what the agent will be afterwards. */
  readonly next: ChosenState | null;
  /** Wall clock, ISO 8601 UTC. */
  readonly since: string;
  readonly reachable: boolean;
  readonly queues: readonly QueueId[];
  readonly skills: Readonly<Record<string, number>>;
  /** How many contacts of each channel the agent has on hand, and how many may be. */
  readonly load: Readonly<Record<Channel, { readonly now: number; readonly capacity: number }>>;
  /** The one that rings or is talked to; of several the latest. */
  readonly contact: ContactId | null;
  readonly contacts: readonly ContactId[];
  /** ISO 8601 UTC; null when not wrapping up. */
  readonly wrapUpUntil: string | null;
}

export interface QueueView {
  readonly id: QueueId;
  readonly name: string;
  readonly mode: QueueMode;
  /** Contacts that nobody has taken yet, those being offered and callbacks included. */
  readonly waiting: number;
  readonly callbacks: number;
  readonly agents: Readonly<Record<AgentState, number>>;
  /** 0 when nobody waits. */
  readonly longestWaitMs: Ms;
  /** For somebody who joined now with priority 5; null where the data are too thin. */
  readonly expectedWait: Band | null;
}

export interface ContactView {
  readonly id: ContactId;
  readonly subject: string;
  readonly channel: Channel;
  readonly queues: readonly QueueId[];
  readonly state: 'waiting' | 'offered' | 'connecting' | 'connected' | 'scheduled';
  readonly callback: boolean;
  /** 1 for the next in line of its first queue; null once taken. */
  readonly position: number | null;
  readonly priority: number;
  readonly attributes: Attributes;
  /** ISO 8601 UTC. */
  readonly joinedAt: string;
  readonly waitedMs: Ms;
  readonly agent: AgentId | null;
}

/** The front of the queue room. All commands are on disk and decided before they return; none waits. */
export interface Acd {
  /** Here `notBefore` is wall clock, ms since 1970. @throws NoSuchQueue @throws ContactKnown @throws NoCarrier @throws EngineFault */
  enqueue(contact: NewContact): void;
  /** More is known of a contact that waits. Unknown contacts are ignored. */
  change(contact: ContactId, what: { readonly priority?: number; readonly attributes?: Attributes }): void;
  /** The contact is gone. Unknown contacts are ignored; a connected one is released, so that no agent stays behind. */
  leave(contact: ContactId, why: LeaveReason): void;
  /** A key pressed while waiting. Answers whether it takes the contact elsewhere (`divert` has come then). */
  pressed(contact: ContactId, key: string): boolean;
  /** Keeps the place as a callback, or books one for a time (ms since 1970). The carrier may let go of the customer. @throws NoSuchContact */
  callBack(contact: ContactId, at?: number): void;
  /** A callback's customer did not answer. */
  unreached(contact: ContactId): void;
  /** The agent picked up. `too_late`: time-out, cancel or withdrawal came first; end the agent's leg. */
  accepted(offer: OfferId): 'connect' | 'too_late';
  /** The agent's side ended the offer. Nothing happens when it is over already. */
  declined(offer: OfferId, why: DeclineReason): void;
  /** `connect` has been done: the two hear each other. */
  bridged(contact: ContactId): void;
  /** A connected contact's conversation with the agent is over: wrap-up, then the agent is free. */
  released(contact: ContactId): void;
  /** `connect` came to nothing though the caller is still there: the agent is freed, the contact waits on in its old place. */
  returned(contact: ContactId): void;
  /** `by`: `agent:ID`, `phone:EXTENSION`, `api:NAME`. @throws NoSuchAgent @throws NotRegistered @throws StateNotSettable */
  setState(agent: AgentId, state: AgentState, how: { readonly reason?: string | undefined; readonly by: string }): AgentView;
  /** More time to wrap up, within the queue's limit. @throws NoSuchAgent @throws NotWrappingUp */
  extendWrapUp(agent: AgentId, ms: Ms): AgentView;
  /** The agent's phone is registered, or no longer; `channels`: reachable for contacts of these only. Unknown agents are ignored: not every phone is an agent's. */
  reachable(agent: AgentId, yes: boolean, channels?: readonly Channel[]): void;
  /** The agent is in a call that did not come from a queue. Calls nest: two `true` need two `false`. */
  engaged(agent: AgentId, yes: boolean): void;
  agents(): readonly AgentView[];
  /** @throws NoSuchAgent */
  agent(id: AgentId): AgentView;
  queues(): readonly QueueView[];
  /** @throws NoSuchQueue */
  queue(id: QueueId): QueueView;
  /** Those of one queue in the order of their places; without a queue all, by time. @throws NoSuchQueue */
  contacts(queue?: QueueId): readonly ContactView[];
  /** @throws NoSuchContact */
  contact(id: ContactId): ContactView;
  /** Why it has the agent it has, or why it has none: now while it lives, afterwards out of the log. @throws NoSuchContact */
  why(contact: ContactId): Explanation;
  /** What these settings would change for those who wait now. Changes nothing. */
  preview(setup: AcdSetup): Preview;
  /** New settings; live states, offers and places stay. Contacts of a removed queue are dismissed. */
  configure(setup: AcdSetup): void;
  /** The settings in force. */
  setup(): AcdSetup;
  /** Timers that are armed now, for the gauge. */
  timers(): number;
  /** Agents kept busy by a contact that no carrier has: 0 but for a moment. */
  leaked(): number;
  /**
   * After a restart: carriers say which of the contacts of the last run they still have. The others leave as `failed`; offers
   * that were in flight are settled. Must be called once, before anything else is told.
   */
  resume(): void;
  close(): void;
}
