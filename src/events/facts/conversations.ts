import type { QueueLeft } from './queue-left.js';

/** What channels of written words share, and conversations. Nothing that was said stands in them. Subject `conversation:ID`, of mails and desktops as told below. */
export interface ConversationFacts {
  /** Subject: what the mail was about, as `ticket:ID`, or `system`. */
  'mail.sent': { mail: string };
  'mail.failed': { mail: string; why: string };
  /** An agent's browser is there, or no longer. Subject `agent:ID`. */
  'agent.desktop_changed': { agent: string; present: boolean; why: 'renewed' | 'left' | 'expired' };

  /** `from`: the page, or the invitation that led to it. */
  'conversation.started': { channel: string; customer?: string; visitor?: string; language?: string; from?: string };
  'conversation.customer_identified': { customer: string; by: string };
  /** The agent's from now on. `by`: `queue`, or who handed it over. */
  'conversation.assigned': { agent: string; queue?: string; by: string };
  'conversation.joined': { party: string; agent?: string };
  'conversation.left': { party: string; agent?: string };
  /** `by`: `visitor:ID`, `agent:ID`, `user:ID`, `system`. `number`: counts within the conversation. */
  'conversation.message': { message: string; number: number; by: string; kind: 'text' | 'file' | 'event'; visibility: 'public' | 'internal' };
  'conversation.read': { party: string; number: number };
  'conversation.transferred': { by: string; to: string };
  /** The agent who had it did not answer, or his desktop went away: it waits again. */
  'conversation.handed_back': { agent: string; why: 'no_reply' | 'desktop_gone' | 'restart' };
  'conversation.callback_asked': { number: string; queue: string; contact: string; by: string };
  /** Its customer calls, and the call goes on with it. */
  'conversation.called_in': { call: string };
  'conversation.rated': { rating: number; agent?: string };
  'conversation.transcript_sent': { mail: string };
  /** Pages seen before, with consent. */
  'conversation.browsed': { customer: string; pages: { at: string; url: string; title: string }[] };
  'conversation.page_visited': { customer: string; url: string };
  /** Legal hold, on or off. */
  'conversation.held': { by: string; on: boolean; reason?: string };
  /** What was said is gone, and who said it. `by`: who removed the customer, or `retention`. */
  'conversation.erased': { by: string; why: 'customer_deleted' | 'retention' };
  'conversation.ended': { by: string; why: string; duration_ms: number; messages: number; agent?: string };

  'conversation.queued': { queue: string; position: number; priority?: number; also?: string };
  'conversation.left_queue': { queue: string | null; why: QueueLeft; waited_ms: number };
  'conversation.position_told': { queue: string; position: number; wait_low_s?: number; wait_high_s?: number };
  'conversation.returned_to_queue': { queue: string; agent: string };
  'conversation.offered': { queue: string; agent: string; offer: string; attempt?: number };
  'conversation.offer_ended': { queue: string; agent: string; offer: string; why: string };
  'conversation.connect_timed_out': { queue: string; agent: string };
  'conversation.escalated': { queue: string; priority: number; also?: string };
  'conversation.relaxed': { queue: string; step: number };
}
