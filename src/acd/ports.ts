import type { Ms } from '../base/index.js';
import type {
  AcdSetup, AgentId, AgentState, ChosenState, ContactId, DeclineReason, LeaveReason, NewContact, Offer, OfferId, QueueId, WithdrawReason,
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
  /** This offer won: bridge the two. Comes while `accepted` runs, before it answers `connect`. */
  connect(offer: Offer): void;
  /** Tell the waiting contact its place. `position` is 1 for the next in line. */
  announce(contact: ContactId, news: { readonly position: number; readonly waiting: number }): void;
  /** The contact's queue is no more: it has left already, as `failed`. */
  dismiss(contact: ContactId): void;
}

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
  readonly contact: ContactId | null;
}

export interface QueueView {
  readonly id: QueueId;
  readonly name: string;
  /** Contacts that nobody has taken yet, those being offered included. */
  readonly waiting: number;
  readonly agents: Readonly<Record<AgentState, number>>;
  /** 0 when nobody waits. */
  readonly longestWaitMs: Ms;
}

/** The front of the queue room. All commands decide before they return; none waits. */
export interface Acd {
  /** @throws NoSuchQueue @throws ContactKnown */
  enqueue(contact: NewContact): void;
  /** The contact is gone. Unknown contacts are ignored; a connected one is released, so that no agent stays behind. */
  leave(contact: ContactId, why: LeaveReason): void;
  /** The agent picked up. `too_late`: time-out, cancel or withdrawal came first; end the agent's leg. */
  accepted(offer: OfferId): 'connect' | 'too_late';
  /** The agent's side ended the offer. Nothing happens when it is over already. */
  declined(offer: OfferId, why: DeclineReason): void;
  /** A connected contact's conversation with the agent is over: wrap-up, then the agent is free. */
  released(contact: ContactId): void;
  /** `connect` came to nothing though the caller is still there: the agent is freed, the contact waits on in its old place. */
  returned(contact: ContactId): void;
  /** @throws NoSuchAgent @throws NotRegistered @throws StateNotSettable */
  setState(agent: AgentId, state: AgentState, reason?: string): AgentView;
  /** The agent's phone is registered, or no longer. Unknown agents are ignored: not every phone is an agent's. */
  reachable(agent: AgentId, yes: boolean): void;
  /** The agent is in a call that did not come from a queue. Calls nest: two `true` need two `false`. */
  engaged(agent: AgentId, yes: boolean): void;
  agents(): readonly AgentView[];
  /** @throws NoSuchAgent */
  agent(id: AgentId): AgentView;
  queues(): readonly QueueView[];
  /** @throws NoSuchQueue */
  queue(id: QueueId): QueueView;
  /** New settings; live states, offers and places stay. Contacts of a removed queue are dismissed. */
  configure(setup: AcdSetup): void;
  /** Timers that are armed now, for the gauge. */
  timers(): number;
  close(): void;
}
