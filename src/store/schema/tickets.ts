import type { Generated } from 'kysely';

/** Tables of src/store/migrations/tickets.ts. Lists and maps are JSON text. */
export interface TicketsTables {
  tickets: TicketTable;
  ticket_numbers: { number: Generated<number>; ticket: string };
  ticket_tags: { ticket: string; tag: string };
  ticket_comments: TicketCommentTable;
  ticket_attachments: TicketAttachmentTable;
  ticket_links: { ticket: string; kind: string; target: string; at: number; by: string };
  ticket_watchers: { ticket: string; watcher: string; at: number };
  ticket_history: TicketHistoryTable;
  ticket_views: TicketViewTable;
  ticket_notices: TicketNoticeTable;
  /** What can be searched: `ticket`, or the ID of a comment. */
  ticket_texts: { id: Generated<number>; ticket: string; part: string };
  ticket_words: { rowid: number; words: string };
}
export interface TicketTable {
  id: string;
  /** What people call it by; never given twice. */
  number: number;
  type: string;
  state: string;
  kind: 'open' | 'waiting' | 'resolved' | 'closed';
  priority: string;
  subject: string;
  text: string;
  fields: string;
  tags: string;
  channel: string;
  /** The customer's ID, where known, and how they are reached. */
  customer: string | null;
  requester_name: string | null;
  requester_email: string | null;
  requester_phone: string | null;
  language: 'zh-CN' | 'en';
  place: string | null;
  team: string | null;
  assignee: string | null;
  parent: string | null;
  merged_into: string | null;
  sla: string | null;
  calendar: string;
  /** The state of its clocks. */
  clocks: string;
  /** When the clocks have to be looked at next; null: never. */
  look_at: number | null;
  /** The nearest target; null where nothing is promised or the clocks stand. */
  due_at: number | null;
  breached: number;
  created_at: number;
  created_by: string;
  updated_at: number;
  resolved_at: number | null;
  version: number;
}
export interface TicketCommentTable {
  id: string;
  ticket: string;
  at: number;
  by: string;
  by_name: string;
  visibility: 'public' | 'internal';
  text: string;
}
export interface TicketAttachmentTable {
  id: string;
  ticket: string;
  comment: string | null;
  file: string;
  name: string;
  type: string;
  bytes: number;
  visibility: 'public' | 'internal';
  at: number;
  by: string;
}
export interface TicketHistoryTable {
  seq: Generated<number>;
  ticket: string;
  at: number;
  by: string;
  field: string;
  before: string | null;
  after: string | null;
}
export interface TicketViewTable {
  id: string;
  name: string;
  owner: string;
  /** Null: only its owner sees it; `*`: everybody. */
  team: string | null;
  filter: string;
  created_at: number;
  version: number;
}
export interface TicketNoticeTable {
  id: string;
  ticket: string;
  /** The event that it tells: an event tells each recipient once. */
  about: string;
  recipient: string;
  kind: string;
  data: string;
  created_at: number;
  /** Null once it is settled. */
  next_at: number | null;
  attempts: number;
  sent_at: number | null;
  failed: string | null;
}
