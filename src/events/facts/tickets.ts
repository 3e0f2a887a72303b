import type { QueueLeft } from './queue-left.js';

type Of<T> = { ticket: string; by: string; customer?: string } & T;
type Target = 'response' | 'update' | 'resolution';

/**
 * Tickets and their deadlines. Subject `ticket:ID`. `by`: `user:ID`, `key:ID`, `agent:ID`, `customer`, `flow:CALL`, `chat:CONVERSATION`, `system`.
 * The last ones are told by the queue, for a ticket that waits for an agent.
 */
export interface TicketFacts {
  'ticket.created': Of<{ number: string; type: string; state: string; priority: string; channel: string; team?: string; assignee?: string }>;
  /** `fields`: what was changed, as `priority`, `fields.order`, `tags`. */
  'ticket.changed': Of<{ fields: string[]; version: number }>;
  'ticket.state_changed': Of<{ from: string; to: string; kind: 'open' | 'waiting' | 'resolved' | 'closed' }>;
  'ticket.assigned': Of<{ assignee: string | null; team: string | null }>;
  'ticket.commented': Of<{ comment: string; visibility: 'public' | 'internal'; files?: number }>;
  'ticket.linked': Of<{ kind: string; target: string }>;
  'ticket.unlinked': Of<{ kind: string; target: string }>;
  'ticket.watched': Of<{ watcher: string; watches: boolean }>;
  'ticket.customer_set': Of<{ was?: string }>;
  'ticket.merged': Of<{ into: string }>;
  'ticket.split': Of<{ from: string }>;
  /** Business time; `within` is left out where nothing was promised. */
  'ticket.sla_met': Of<{ target: 'response' | 'resolution'; business_ms: number; within?: boolean }>;
  'ticket.sla_warned': Of<{ target: Target; due_at: number }>;
  'ticket.sla_breached': Of<{ target: Target; at: number }>;
  'ticket.sla_escalated': Of<{ target: Target; level: number; to: string }>;
  'ticket.sla_changed': Of<{ sla: string | null; calendar: string }>;
  /** Legal hold, on or off. */
  'ticket.held': Of<{ on: boolean; reason?: string }>;
  /** What was written in it is gone, and for whom. `by`: who removed the customer. */
  'ticket.erased': Of<{ why: 'customer_deleted' | 'retention' }>;
  /** A mail is on its way: `mail.sent` or `mail.failed` tells what became of it. `to`: `requester`, an agent or user, or a watcher's address. */
  'ticket.notified': Of<{ mail: string; to: string; about: string }>;
  'ticket.notice_failed': Of<{ to: string; about: string; why: 'no_address' }>;

  'ticket.queued': { queue: string; position: number; priority?: number; also?: string; tags?: string; product?: string; region?: string };
  'ticket.left_queue': { queue: string | null; why: QueueLeft; waited_ms: number };
  'ticket.returned_to_queue': { queue: string; agent: string };
  'ticket.offered': { queue: string; agent: string; offer: string; attempt?: number };
  'ticket.offer_ended': { queue: string; agent: string; offer: string; why: string };
  'ticket.connect_timed_out': { queue: string; agent: string };
  'ticket.escalated': { queue: string; priority: number; also?: string };
  'ticket.relaxed': { queue: string; step: number };
}
