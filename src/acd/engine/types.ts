import type { Id, Ms } from '../../base/index.js';

export type ContactId = Id<'contact'>;
export type AgentId = Id<'agent'>;
export type QueueId = Id<'queue'>;
export type OfferId = Id<'offer'>;
/** `voice`, `chat`, …: a name that carriers and settings agree on. The engine compares it and knows nothing else of it. */
export type Channel = string;

export const AGENT_STATES = ['offline', 'available', 'ringing', 'talking', 'wrap_up', 'away', 'training'] as const;
/** What an agent is seen to be: one value, the busiest of all that goes on. */
export type AgentState = (typeof AGENT_STATES)[number];

export const CHOSEN_STATES = ['offline', 'available', 'away', 'training'] as const;
/** What a person, a phone key or a rule may ask for; the other states come from the work itself. */
export type ChosenState = (typeof CHOSEN_STATES)[number];

/** A skill and the least level of it, 1 to 10. */
export interface Need {
  readonly skill: string;
  readonly level: number;
}

export type AttributeValue = string | number | readonly string[];
/** What is known of a contact: intent, region, language, tier, value, tags, … Names and meanings are the settings' affair. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Holds when the attribute is one of `is` (a list: has one of them), or a number between `min` and `max`, both included. */
export interface Condition {
  readonly attribute: string;
  readonly is?: readonly (string | number)[];
  readonly min?: number;
  readonly max?: number;
}

/** When all conditions hold, the contact needs more, prefers more, or counts for more. */
export interface MatchRule {
  readonly when: readonly Condition[];
  readonly require: readonly Need[];
  readonly prefer: readonly Need[];
  /** Added to the contact's priority; the sum is kept within 1 and 10. */
  readonly priority: number;
}

/** After so much waiting less is asked for. Steps add up: what one dropped stays dropped. */
export interface Relaxation {
  readonly afterMs: Ms;
  /** Skills no longer required; `all` of them. */
  readonly drop: 'all' | readonly string[];
  /** New, lower levels of skills required. */
  readonly lower: readonly Need[];
  /** Agents up to this ring of the queue; undefined: as before. Rings that widen are relaxations of the ring. */
  readonly ring: number | undefined;
}

export const STRATEGIES = ['longest_idle', 'least_occupied', 'fewest_today', 'round_robin', 'most_skilled', 'weighted'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** How agents are ranked for a queue. */
export interface Strategy {
  readonly by: StrategyName;
  /** For `weighted`: what a minute of idling, a level of skill and a contact taken today are worth. Others ignore it. */
  readonly weights: { readonly idleMinute: number; readonly skillLevel: number; readonly handledToday: number };
}

/** How many phones ring at once for one contact, from `afterMs` of waiting on. */
export interface Breadth {
  readonly afterMs: Ms;
  readonly agents: number | 'all';
}

/** Attributes that name one agent: the contact is kept for that agent for `holdMs` while he works; 0: preferred if free right now. */
export interface Sticky {
  readonly attribute: string;
  readonly holdMs: Ms;
}

/** Where a contact goes instead. The engine carries out `queue`; a carrier the others. */
export type Target =
  | { readonly to: 'queue'; readonly queue: QueueId }
  | { readonly to: 'extension'; readonly extension: string }
  | { readonly to: 'number'; readonly number: string }
  | { readonly to: 'flow'; readonly flow: string }
  | { readonly to: 'callback' }
  | { readonly to: 'hang_up' };

/** What happens to somebody who has waited so long. */
export interface Escalation {
  readonly afterMs: Ms;
  /** Added to the priority. */
  readonly priority: number;
  /** Queues where the contact waits as well from now on, with the time it has waited. */
  readonly also: readonly QueueId[];
  /** Out of this queue. */
  readonly move: Target | undefined;
}

export const QUEUE_MODES = ['open', 'closed', 'emergency'] as const;
export type QueueMode = (typeof QUEUE_MODES)[number];
/** Why a contact is sent elsewhere. */
export type DivertReason = 'full' | 'closed' | 'emergency' | 'unstaffed' | 'max_wait' | 'escalated' | 'exit' | 'callback';

export interface CallbackRules {
  /** Who is rung first when a callback's turn has come. */
  readonly first: 'agent' | 'customer';
  /** Calls to the customer before giving up. */
  readonly attempts: number;
  readonly retryMs: Ms;
}

export interface QueueSetup {
  readonly id: QueueId;
  readonly name: string;
  readonly mode: QueueMode;
  readonly strategy: Strategy;
  /** By `afterMs`, the first at 0. */
  readonly atOnce: readonly Breadth[];
  /** How long an offer rings. */
  readonly offerMs: Ms;
  /** The agent's side accepts by itself; the carrier does it. */
  readonly autoAccept: boolean;
  /** How long a bridge may take after an offer was accepted; then the contact is put back. */
  readonly connectMs: Ms;
  readonly wrapUp: {
    /** 0 = none. Belongs to the agent once it runs, whatever other queues the agent serves. */
    readonly ms: Ms;
    /** Longest in all when the agent extends it; `ms` = not extendable. */
    readonly maxMs: Ms;
  };
  /** So many unanswered offers in a row put the agent `away` with reason `no_answer`; 0 = never. */
  readonly maxUnanswered: number;
  /** How long an agent is left alone after not answering, being busy, declining, not being reached. */
  readonly pauseMs: { readonly noAnswer: Ms; readonly busy: Ms; readonly rejected: Ms; readonly unreachable: Ms };
  readonly required: readonly Need[];
  readonly preferred: readonly Need[];
  readonly rules: readonly MatchRule[];
  /** By `afterMs`. */
  readonly relax: readonly Relaxation[];
  /** The first that names a working agent counts. */
  readonly sticky: readonly Sticky[];
  /** So many free agents are kept for contacts of at least this priority. */
  readonly reserve: { readonly agents: number; readonly priority: number } | undefined;
  /** Waiting this long is worth one level of priority; 0: priority is strict. */
  readonly ageingMs: Ms;
  /** 0 = no limit. */
  readonly maxWaiting: number;
  /** 0 = no limit. */
  readonly maxWaitMs: Ms;
  /** Where to when a limit or mode says no. Without a target: `hang_up` for `full`, `closed`, `emergency` and `max_wait`; `unstaffed` waits. */
  readonly on: Readonly<Partial<Record<'full' | 'closed' | 'emergency' | 'unstaffed' | 'max_wait', Target>>>;
  /** Keys that take a waiting contact elsewhere. */
  readonly exits: Readonly<Record<string, Target>>;
  /** By `afterMs`. */
  readonly escalate: readonly Escalation[];
  readonly callback: CallbackRules;
  /**
   * Place and expected wait are looked at every `everyMs`, first after `firstMs`, and told when they changed, or when `repeatMs`
   * passed since they were last told.
   */
  readonly announce: { readonly firstMs: Ms; readonly everyMs: Ms; readonly repeatMs: Ms; readonly position: boolean; readonly expectedWait: boolean } | undefined;
  /** Definitions of the service level: `docs/queues.md`. */
  readonly serviceLevel: { readonly thresholdMs: Ms; readonly shortAbandonMs: Ms };
}

export interface Membership {
  readonly queue: QueueId;
  /** 1 first: of two queues with somebody waiting the agent serves this one sooner. Each further rank is worth `rankMs` of waiting. */
  readonly rank: number;
  /** 1 first: agents of outer rings are asked once the queue's relaxation reaches them. */
  readonly ring: number;
}

export interface AgentSetup {
  readonly id: AgentId;
  readonly name: string;
  readonly queues: readonly Membership[];
  /** Levels 1 to 10. */
  readonly skills: Readonly<Record<string, number>>;
  /** How many contacts of a channel at once; a channel that is missing is never given. */
  readonly capacity: Readonly<Record<Channel, number>>;
  /** Before the agent ever chose a state. */
  readonly initial: ChosenState;
}

export interface AcdSetup {
  readonly queues: readonly QueueSetup[];
  readonly agents: readonly AgentSetup[];
  /**
   * For a channel: the other channels whose contacts an agent may have on hand and still be given this one. Channels that
   * are not named exclude each other: 1 call or 3 chats. `{ voice: ['chat'] }` lets a call interrupt chats.
   */
  readonly blending: Readonly<Record<Channel, readonly Channel[]>>;
  /** Customers (the contact's attribute `customer`) and agents who are never brought together. */
  readonly blocked: readonly { readonly customer: string; readonly agent: AgentId }[];
  /** See `Membership.rank`; 0: ranks are strict. */
  readonly rankMs: Ms;
}

/** The piece of a conversation that waits in a queue. */
export interface NewContact {
  /** Never used before by another contact that is still known. */
  readonly id: ContactId;
  /** Where it waits, the first being its home: its place is told there. */
  readonly queues: readonly [QueueId, ...QueueId[]];
  readonly channel: Channel;
  /** What facts about it are filed under, and by its first part called: `call:ID` gives `call.queued`. */
  readonly subject: string;
  /** 1 to 10, 10 first; 5 unless told. */
  readonly priority?: number;
  readonly attributes?: Attributes;
  /** Besides what queues and rules require. */
  readonly needs?: readonly Need[];
  /** Agents who must not get it, besides those blocked by the settings. */
  readonly avoid?: readonly AgentId[];
  /** A callback booked for a time: it joins the line then. Engine time. */
  readonly notBefore?: Ms;
  /** It is a person to be called back, not one who holds the line. */
  readonly callback?: boolean;
}

export interface Offer {
  readonly id: OfferId;
  readonly contact: ContactId;
  readonly agent: AgentId;
  readonly queue: QueueId;
  readonly channel: Channel;
  readonly subject: string;
  /** 1 for the first agent this contact is put to. */
  readonly attempt: number;
  /** How long it may ring: the engine withdraws it then, the carrier need not watch. */
  readonly offerMs: Ms;
  readonly autoAccept: boolean;
  /** Nobody holds the line: the carrier calls the customer, before or after the agent. */
  readonly callback: 'agent' | 'customer' | undefined;
}

/** Why the carrier must stop ringing. An offer the carrier itself declined is not withdrawn. */
export type WithdrawReason =
  | 'timed_out' | 'contact_left' | 'answered_elsewhere' | 'agent_unreachable' | 'agent_state' | 'agent_engaged' | 'agent_removed' | 'queue_removed' | 'moved';
export type DeclineReason = 'busy' | 'rejected' | 'unreachable';
/** How an offer's life ended, as its fact tells it. */
export type OfferEnd = 'accepted' | DeclineReason | WithdrawReason;
export type LeaveReason = 'abandoned' | 'exit' | 'failed';
