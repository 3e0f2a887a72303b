import type { Ms } from '../../base/index.js';
import type { Band } from './expect.js';
import type {
  AcdSetup, AgentId, AgentSetup, Attributes, Channel, ChosenState, ContactId, DeclineReason, DivertReason, LeaveReason, NewContact, Offer, OfferId, QueueId,
  QueueSetup, Target, WithdrawReason,
} from './types.js';

/** A state that was chosen before the program was last started. */
export interface Remembered {
  readonly state: ChosenState;
  readonly reason: string | null;
}
export type Recollection = Readonly<Record<AgentId, Remembered>>;

/** Everything an engine is ever told. Plain data: a log of these, with their times, replays to the same state. */
export type AcdEvent =
  | { readonly type: 'setup.changed'; readonly setup: AcdSetup; readonly remembered: Recollection }
  | { readonly type: 'queue.changed'; readonly queue: QueueSetup }
  | { readonly type: 'agent.changed'; readonly agent: AgentSetup }
  | { readonly type: 'contact.joined'; readonly contact: NewContact }
  /** More is known of it: what it needs and how urgent it is are worked out anew. Its place by time stays. */
  | { readonly type: 'contact.changed'; readonly contact: ContactId; readonly priority?: number; readonly attributes?: Attributes }
  | { readonly type: 'contact.left'; readonly contact: ContactId; readonly why: LeaveReason }
  | { readonly type: 'contact.pressed'; readonly contact: ContactId; readonly key: string }
  /** The caller hangs up and keeps the place (`at` undefined), or is booked for a time. */
  | { readonly type: 'contact.wants_callback'; readonly contact: ContactId; readonly at?: Ms }
  /** A callback's customer did not answer: again later, or given up. */
  | { readonly type: 'contact.unreached'; readonly contact: ContactId }
  /** The bridge stands: phones that still ring for the contact stop. */
  | { readonly type: 'contact.bridged'; readonly contact: ContactId }
  /** `released`: the conversation is over. `returned`: the bridge came to nothing, the contact is still there. */
  | { readonly type: 'contact.released' | 'contact.returned'; readonly contact: ContactId }
  | { readonly type: 'offer.accepted'; readonly offer: OfferId }
  | { readonly type: 'offer.declined'; readonly offer: OfferId; readonly why: DeclineReason }
  | { readonly type: 'agent.chose'; readonly agent: AgentId; readonly state: ChosenState; readonly reason: string | null; readonly by: string }
  | { readonly type: 'agent.wrap_up_extended'; readonly agent: AgentId; readonly ms: Ms }
  /** `channels`: only for contacts of these; left out: of all. */
  | { readonly type: 'agent.reachable'; readonly agent: AgentId; readonly yes: boolean; readonly channels?: readonly Channel[] }
  | { readonly type: 'agent.engaged'; readonly agent: AgentId; readonly yes: boolean }
  /** A new day at the centre: what was counted today starts at 0. */
  | { readonly type: 'day.began' }
  | { readonly type: 'time.passed' };

export type AcdEffect =
  /** `connect`: this offer won; `contact.bridged`, `contact.returned` or `contact.left` is due within the queue's `connectMs`. */
  | { readonly do: 'offer' | 'connect'; readonly offer: Offer }
  | { readonly do: 'withdraw'; readonly offer: Offer; readonly why: WithdrawReason }
  /** `wait` is undefined where the data are too thin to say. */
  | { readonly do: 'announce'; readonly contact: ContactId; readonly queue: QueueId; readonly position: number; readonly waiting: number; readonly wait: Band | undefined }
  /** The contact has left the queues and goes on elsewhere. */
  | { readonly do: 'divert'; readonly contact: ContactId; readonly queue: QueueId; readonly target: Target; readonly why: DivertReason }
  /** The contact has left: its queue is no more. */
  | { readonly do: 'dismiss'; readonly contact: ContactId }
  /** The connection's lease ran out, or its bridge never stood: what is left of the agent's side must end. */
  | { readonly do: 'drop'; readonly offer: Offer }
  | { readonly do: 'remember'; readonly agent: AgentId; readonly state: ChosenState; readonly reason: string | null }
  /** `time.passed` is wanted then; replaces what was wanted before. */
  | { readonly do: 'wake'; readonly at: Ms | undefined }
  | { readonly do: 'publish'; readonly type: string; readonly subject: string; readonly data: FactData };

export type FactData = Readonly<Record<string, string | number | boolean | null>>;
