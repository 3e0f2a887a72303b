import type { Generated } from 'kysely';

/** Tables of src/store/migrations/talks.ts. Times are ms since 1970. */
export interface TalksTables {
  conversations: ConversationTable;
  conversation_messages: MessageTable;
  conversation_parties: PartyTable;
  chat_visitors: VisitorTable;
  chat_pages: PageTable;
}
export interface ConversationTable {
  id: string;
  channel: string;
  state: 'open' | 'queued' | 'talking' | 'ended';
  queue: string | null;
  /** What waits in the queue, or is an agent's, for it. */
  contact: string | null;
  agent: string | null;
  customer: string | null;
  visitor: string | null;
  name: string | null;
  language: string | null;
  /** JSON: answers of the form before. */
  form: string;
  source: string | null;
  last_seq: number;
  /** 1 once the agent who has it now has said something. */
  replied: number;
  started_at: number;
  updated_at: number;
  assigned_at: number | null;
  first_reply_at: number | null;
  ended_at: number | null;
  ended_by: string | null;
  end_why: string | null;
  rating: number | null;
  rating_comment: string | null;
}
export interface MessageTable {
  conversation: string;
  seq: number;
  id: string;
  client_id: string | null;
  at: number;
  by: string;
  by_name: string | null;
  kind: 'text' | 'file' | 'event';
  visibility: 'public' | 'internal';
  text: string;
  file: string | null;
  /** JSON, of events. */
  data: string | null;
}
export interface PartyTable {
  conversation: string;
  party: string;
  name: string | null;
  joined_at: number;
  left_at: number | null;
  read_seq: number;
}
export interface VisitorTable {
  id: string;
  /** SHA-256, hexadecimal: the token itself is nowhere. */
  token: string;
  customer: string | null;
  /** 1: the house's own site has vouched for who it is. */
  verified: number;
  name: string | null;
  language: string | null;
  /** 1: may be followed over pages. */
  consent: number;
  created_at: number;
  seen_at: number;
}
export interface PageTable {
  seq: Generated<number>;
  visitor: string;
  at: number;
  url: string;
  title: string | null;
}
