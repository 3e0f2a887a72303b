import type { Id, Ms } from '../../base/index.js';

export type ContactId = Id<'contact'>;
export type AgentId = Id<'agent'>;
export type QueueId = Id<'queue'>;
export type OfferId = Id<'offer'>;

export const AGENT_STATES = ['offline', 'available', 'ringing', 'talking', 'wrap_up', 'away', 'training'] as const;
/** One value, not three flags: a ringing agent cannot also be available. */
export type AgentState = (typeof AGENT_STATES)[number];

export const CHOSEN_STATES = ['offline', 'available', 'away', 'training'] as const;
/** What a person, a phone key or a rule may ask for; the other states come from the work itself. */
export type ChosenState = (typeof CHOSEN_STATES)[number];

export interface QueueSetup {
  readonly id: QueueId;
  readonly name: string;
  /** How long an offer rings. */
  readonly offerMs: Ms;
  /** 0 = no wrap-up. Belongs to the agent once it runs, whatever other queues the agent serves. */
  readonly wrapUpMs: Ms;
  /** So many unanswered offers in a row put the agent `away` with reason `no_answer`; 0 = never. */
  readonly maxUnanswered: number;
  /** How long an agent who was busy, declined or could not be reached is left alone. Above 0, or one phone rings in a loop. */
  readonly pauseMs: { readonly busy: Ms; readonly rejected: Ms; readonly unreachable: Ms };
  /** Position is looked at every `everyMs` and told when it changed, or when `repeatMs` passed since it was last told. */
  readonly announce: { readonly everyMs: Ms; readonly repeatMs: Ms } | undefined;
}

export interface AgentSetup {
  readonly id: AgentId;
  readonly name: string;
  readonly queues: readonly QueueId[];
  /** Before the agent ever chose a state. */
  readonly initial: ChosenState;
}

export interface AcdSetup {
  readonly queues: readonly QueueSetup[];
  readonly agents: readonly AgentSetup[];
}

/** The piece of a conversation that waits in a queue. The engine knows no channel. */
export interface NewContact {
  /** Never used before by another contact that is still known. */
  readonly id: ContactId;
  readonly queue: QueueId;
  /** What facts about it are filed under, and by its first part called: `call:ID` gives `call.queued`. */
  readonly subject: string;
  /** 1 to 10, 10 first; 5 unless told. */
  readonly priority?: number;
}

export interface Offer {
  readonly id: OfferId;
  readonly contact: ContactId;
  readonly agent: AgentId;
  readonly queue: QueueId;
  readonly subject: string;
  /** 1 for the first agent this contact is put to. */
  readonly attempt: number;
  /** How long it may ring: the engine withdraws it then, the carrier need not watch. */
  readonly offerMs: Ms;
}

/** Why the carrier must stop ringing. An offer the carrier itself declined is not withdrawn. */
export type WithdrawReason = 'timed_out' | 'contact_left' | 'agent_unreachable' | 'agent_state' | 'agent_engaged' | 'agent_removed';
export type DeclineReason = 'busy' | 'rejected' | 'unreachable';
/** How an offer's life ended, as its fact tells it. */
export type OfferEnd = 'accepted' | DeclineReason | WithdrawReason;
export type LeaveReason = 'abandoned' | 'exit' | 'failed';
