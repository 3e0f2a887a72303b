import type { Ms } from '../../base/index.js';
import type { AgentId, Attributes, ContactId, Need, QueueId, StrategyName } from './types.js';

/** Why an agent does not get a contact; `chosen`, `could` are the two that are good. */
export type CandidateReason =
  | 'chosen' | 'could' | 'offline' | 'away' | 'training' | 'busy' | 'no_capacity' | 'paused' | 'channel' | 'skill_missing' | 'level_too_low' | 'outer_ring' | 'blocked_pair' | 'reserved' | 'kept_for_other';

export interface Candidate {
  readonly agent: AgentId;
  readonly why: CandidateReason;
  /** What exactly: the skill that is missing, the level asked and had, how long the pause lasts. */
  readonly detail: string | null;
  /** The strategy's rank, the least first; null where the agent cannot serve the contact at all. */
  readonly score: number | null;
  readonly fit: number;
  readonly idleMs: Ms | null;
}

export interface QueueExplanation {
  readonly queue: QueueId;
  readonly strategy: StrategyName;
  /** 1 for the next in line. */
  readonly position: number;
  /** After rules and escalation. */
  readonly priority: number;
  /** With what waiting has added; null where priority is strict. */
  readonly agedPriority: number | null;
  readonly required: readonly Need[];
  readonly preferred: readonly Need[];
  /** Agents up to this ring are asked. */
  readonly ring: number;
  /** Numbers (from 1) of the queue's rules that hold. */
  readonly rules: readonly number[];
  /** Steps of relaxation that have come. */
  readonly relaxed: number;
  readonly keptFor: AgentId | null;
  /** Best first, those who cannot serve it last. */
  readonly candidates: readonly Candidate[];
  /** What changes next by time alone. */
  readonly next: { readonly inMs: Ms; readonly what: 'relax' | 'escalate' | 'max_wait' | 'hold_ends' | 'widen' } | null;
}

/** `free_agent`: able ones are busy. `turn`: others are before it. `bridge`: somebody has answered. */
export type WaitsFor = 'nothing' | 'answer' | 'bridge' | 'free_agent' | 'able_agent' | 'turn' | 'kept_agent' | 'reserve' | 'time';

export interface Explanation {
  readonly contact: ContactId;
  readonly subject: string;
  readonly state: 'waiting' | 'offered' | 'connecting' | 'connected' | 'scheduled' | 'gone';
  readonly waitedMs: Ms;
  readonly attributes: Attributes;
  readonly waitsFor: WaitsFor;
  readonly offers: readonly { readonly agent: AgentId; readonly queue: QueueId; readonly ringingMs: Ms }[];
  readonly agent: AgentId | null;
  readonly queues: readonly QueueExplanation[];
}

/** What other settings would change for those who wait. */
export interface Preview {
  readonly waiting: number;
  /** Contacts that more agents could serve than now, and by how many different agents more. */
  readonly gaining: { readonly contacts: number; readonly agents: number };
  readonly losing: { readonly contacts: number; readonly agents: number };
  /** Contacts that nobody who works could serve any more. */
  readonly stranded: number;
  /** Contacts whose queue would be no more. */
  readonly dismissed: number;
  /** Contacts whose place would change. */
  readonly moved: number;
}
