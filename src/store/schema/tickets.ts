import type { Generated } from 'kysely';

/** Tables of src/store/migrations/tickets.ts and ticket-desk.ts. Lists and maps are JSON text. */
export interface TicketsTables {
  tickets: TicketTable;
  ticket_numbers: { number: Generated<number>; ticket: string };
  ticket_tags: { ticket: string; tag: string };
  ticket_comments: TicketCommentTable;
  /** Files of a ticket; `comment` null: sent when it was opened. */
  ticket_files: { file: string; ticket: string; comment: string | null; at: number };
  /** Tickets that wait in a queue, or that an agent has out of one. */
  ticket_waits: { ticket: string; queue: string; contact: string; at: number };
  ticket_links: { ticket: string; kind: string; target: string; at: number; by: string };
  ticket_watchers: { ticket: string; watcher: string; at: number };
  ticket_history: TicketHistoryTable;
  ticket_views: TicketViewTable;
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
