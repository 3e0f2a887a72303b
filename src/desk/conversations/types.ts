import type { MarkView } from '../erasing/index.js';

export type ConversationState = 'open' | 'queued' | 'talking' | 'ended';
/** `visitor:ID`, `agent:ID`, `user:ID`; whoever is on the customer's side is a visitor: his browsers, and the apps that carry his words. */
export type Party = string;
/** Who does something; also `queue` and `system`. */
export type Doer = string;

export interface PartyView {
  readonly party: Party;
  readonly name: string | null;
  readonly joinedAt: number;
  /** Null while he takes part. */
  readonly leftAt: number | null;
  /** The number of the last message he has read. */
  readonly read: number;
}
/** Times are ms since 1970. */
export interface Conversation extends MarkView {
  readonly id: string;
  readonly channel: string;
  readonly state: ConversationState;
  readonly queue: string | null;
  readonly contact: string | null;
  /** Whose it is; others may take part. */
  readonly agent: string | null;
  /** As customers count now. */
  readonly customer: string | null;
  /** For whom it was written: another than `customer` once he is merged. */
  readonly filedUnder: string | null;
  readonly visitor: string | null;
  readonly name: string | null;
  readonly language: string | null;
  readonly form: Readonly<Record<string, string>>;
  /** The page it was begun from, or `invitation:NAME`. */
  readonly source: string | null;
  readonly lastSeq: number;
  /** The agent who has it now has said something. */
  readonly replied: boolean;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly assignedAt: number | null;
  readonly firstReplyAt: number | null;
  readonly endedAt: number | null;
  readonly endedBy: Doer | null;
  readonly endWhy: string | null;
  readonly rating: number | null;
  readonly ratingComment: string | null;
  readonly parties: readonly PartyView[];
}
export type MessageKind = 'text' | 'file' | 'event';
export type Visibility = 'public' | 'internal';
/** Something said, or something everybody should see in its place: who came, who went. Never changed. */
export interface Message {
  readonly conversation: string;
  /** 1, 2, 3, … without gaps, in the order in which they were taken. */
  readonly seq: number;
  readonly id: string;
  /** As its sender named it. */
  readonly clientId: string | null;
  readonly at: number;
  readonly by: Doer;
  readonly byName: string | null;
  readonly kind: MessageKind;
  /** Internal: among agents; the customer never sees it. */
  readonly visibility: Visibility;
  /** Of an event its name: `queued`, `assigned`, `joined`, `left`, `handed_back`, `transferred`, `callback`, `ended`. */
  readonly text: string;
  readonly file: string | null;
  readonly data: Readonly<Record<string, string>> | null;
}

export interface NewConversation {
  readonly channel: string;
  readonly visitor?: string | undefined;
  readonly customer?: string | undefined;
  readonly name?: string | undefined;
  readonly language?: string | undefined;
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly source?: string | undefined;
}
export interface NewMessage {
  readonly by: Party;
  readonly name?: string | undefined;
  readonly text?: string | undefined;
  /** A file that the same party has sent, or `sentBy` for it. */
  readonly file?: string | undefined;
  readonly sentBy?: Party | undefined;
  readonly visibility?: Visibility | undefined;
  /** The same again from the same party is the same message. */
  readonly clientId?: string | undefined;
}
export interface ConversationQuery {
  readonly state?: ConversationState | 'live' | undefined;
  readonly agent?: string | undefined;
  readonly queue?: string | undefined;
  readonly customer?: string | undefined;
  readonly channel?: string | undefined;
  /** Only where one of these takes part or took part; left out: all. */
  readonly parties?: readonly Party[] | undefined;
  /** Also those whose contact is one of these. */
  readonly contacts?: readonly string[] | undefined;
  /** Left out: newest first. */
  readonly oldestFirst?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
/** In which somebody said all of these words in one message. */
export interface ConversationSearch extends Omit<ConversationQuery, 'oldestFirst'> {
  readonly q: string;
  /** Also in notes among agents. */
  readonly notes: boolean;
}
/** What those hear who follow a conversation: after it is on disk, but for typing, which is nowhere. */
export type Live =
  | { readonly is: 'message'; readonly message: Message }
  | { readonly is: 'changed'; readonly conversation: Conversation }
  | { readonly is: 'read'; readonly conversation: string; readonly party: Party; readonly seq: number }
  | { readonly is: 'typing'; readonly conversation: string; readonly party: Party; readonly name: string | null; readonly on: boolean; readonly visibility: Visibility };
