import type { Ms } from '../../base/index.js';
import type {
  AcdSetup, AgentId, ChosenState, ContactId, DeclineReason, LeaveReason, NewContact, Offer, OfferId, WithdrawReason,
} from './types.js';

/** A state that was chosen before the program was last started. */
export interface Remembered {
  readonly state: ChosenState;
  readonly reason: string | null;
}

export type AcdEvent =
  | { readonly type: 'setup.changed'; readonly setup: AcdSetup; readonly remembered: ReadonlyMap<AgentId, Remembered> }
  | { readonly type: 'contact.joined'; readonly contact: NewContact }
  | { readonly type: 'contact.left'; readonly contact: ContactId; readonly why: LeaveReason }
  | { readonly type: 'contact.released' | 'contact.returned'; readonly contact: ContactId }
  | { readonly type: 'offer.accepted'; readonly offer: OfferId }
  | { readonly type: 'offer.declined'; readonly offer: OfferId; readonly why: DeclineReason }
  | { readonly type: 'agent.chose'; readonly agent: AgentId; readonly state: ChosenState; readonly reason: string | null }
  | { readonly type: 'agent.reachable' | 'agent.engaged'; readonly agent: AgentId; readonly yes: boolean }
  | { readonly type: 'time.passed' };

export type AcdEffect =
  | { readonly do: 'offer' | 'connect'; readonly offer: Offer }
  | { readonly do: 'withdraw'; readonly offer: Offer; readonly why: WithdrawReason }
  | { readonly do: 'announce'; readonly contact: ContactId; readonly position: number; readonly waiting: number }
  /** The contact must leave: its queue is no more. */
  | { readonly do: 'dismiss'; readonly contact: ContactId }
  | { readonly do: 'remember'; readonly agent: AgentId; readonly state: ChosenState; readonly reason: string | null }
  /** `time.passed` is wanted then; replaces what was wanted before. */
  | { readonly do: 'wake'; readonly at: Ms | undefined }
  | { readonly do: 'publish'; readonly type: string; readonly subject: string; readonly data: FactData };

export type FactData = Readonly<Record<string, string | number | null>>;
