import type { AgentState, CallCause, CallDirection } from '../store/index.js';
import type { AccessFacts } from './facts/access.js';
import type { AlertFacts } from './facts/alerts.js';
import type { ConversationFacts } from './facts/conversations.js';
import type { CustomerFacts } from './facts/customers.js';
import type { ObjectFacts } from './facts/objects.js';
import type { QueueLeft } from './facts/queue-left.js';
import type { TicketFacts } from './facts/tickets.js';
import type { WebhookFacts } from './facts/webhooks.js';

export type { QueueLeft };
type Empty = Record<string, never>;
type LegRole = 'caller' | 'agent' | 'callee';

/** Everything that can have happened, by name, with what is known of it. Keys are snake_case: the facts are public API. */
export interface FactMap extends AccessFacts, AlertFacts, ConversationFacts, CustomerFacts, ObjectFacts, TicketFacts, WebhookFacts {
  /** `contact`, `callback_of`: of a callback, whom it serves and the call it goes back to. */
  'call.started': { direction: CallDirection; from: string; to: string; trunk?: string; did?: string; contact?: string; callback_of?: string };
  'call.answered': Empty;
  'call.state_changed': { from: string; to: string };
  'call.flow_entered': { flow: string; step?: number };
  'call.flow_failed': { flow: string; step?: number; why: string };
  /** Which version of which file it finishes on. */
  'call.dialplan_chosen': { file: string; version: number };
  'call.digits': { digits: string; flow?: string };
  /** `confidence`: of the recogniser, 0 to 1. */
  'call.heard': { text: string; confidence: number; flow: string };
  /** `verdict`: `act`, `confirm` (asked back) or `again` (asked again). */
  'call.understood': { flow: string; intent: string; confidence: number; verdict: string };
  'call.speech_unavailable': { why: string };
  /** `by`: a key, speech, or that he could not be understood. */
  'call.person_wanted': { flow: string; by: string };
  'call.http_answered': { flow: string; step: number; status?: number; why?: string };
  'call.survey_answered': { question: string; answer: number };
  'call.language_set': { language: string };
  /** `also`: other queues where it waits as well, with commas between. `tags`, `product`, `region`: of the contact's attributes, for reports. */
  'call.queued': { queue: string; position: number; priority?: number; also?: string; tags?: string; product?: string; region?: string };
  /** `queue` is null where it was none any more. */
  'call.left_queue': { queue: string | null; why: QueueLeft; waited_ms: number };
  'call.position_told': { queue: string; position: number; wait_low_s?: number; wait_high_s?: number };
  'call.returned_to_queue': { queue: string; agent: string };
  'call.offered': { queue: string; agent: string; offer: string; attempt?: number };
  'call.offer_ended': { queue: string; agent: string; offer: string; why: string };
  'call.connect_timed_out': { queue: string; agent: string };
  'call.escalated': { queue: string; priority: number; also?: string };
  'call.relaxed': { queue: string; step: number };
  'call.callback_scheduled': { queue: string | null; in_s: number };
  'call.callback_failed': { queue: string; attempts_left: number };
  'call.bridged': { agent?: string; extension?: string; to?: string };
  'call.held': { by: string };
  'call.resumed': { by: string };
  /** Whom he talked with handed him on; `by`: agent, extension or number, `to`: the number that took him. */
  'call.transferred': { by: string; to: string };
  /** Nobody was reached there: `status` of SIP. */
  'call.transfer_failed': { by: string; to: string; status: number };
  'call.codec_mismatch': { offered: string };
  'call.recording_started': { recording: string; part: number };
  'call.recording_stopped': { recording: string; part: number; ms: number; bytes: number };
  'call.recording_failed': { recording: string; part: number; error: string };
  /** `speaker`: the customer, or anybody else; times are of the recording's part. */
  'call.transcript_segment': { recording: string; part: number; speaker: 'customer' | 'other'; start_ms: number; end_ms: number; text: string; confidence: number };
  /** `how`: while they talked, or from the recording. */
  'call.transcribed': { recording: string; part: number; language: string; how: 'live' | 'after'; segments: number };
  'call.transcript_failed': { recording: string; part: number; why: string };
  /** File and words are gone. `why`: `asked`, or `retention`. */
  'call.recording_deleted': { recording: string; part: number; by: string; why: 'asked' | 'retention' };
  /** From now on it must not be deleted; `on` false: it may be again. */
  'call.recording_held': { recording: string; part: number; by: string; on: boolean; reason?: string };
  'call.recording_repaired': { recording: string; part: number; ms: number };
  /** `file`: in the folder of recordings. */
  'call.message_recorded': { file: string; ms: number };
  'call.leg_started': { leg: string; role: LegRole; remote: string; trunk?: string; host?: string };
  'call.leg_ringing': { leg: string; early_media: boolean };
  'call.leg_answered': { leg: string };
  'call.leg_ended': { leg: string; why: string; status?: number };
  'call.ended': { cause: CallCause; by?: string; duration_ms: number };
  'agent.state_changed': { agent: string; from: AgentState; to: AgentState; reason?: string; by?: string };
  /** `until_ms`: how long it lasts from now on. */
  'agent.wrap_up_extended': { agent: string; until_ms: number };
  /** No carrier had the agent's contact any more. */
  'agent.freed_by_lease': { agent: string; contact: string };
  'extension.registered': { extension: string; contact: string; source: string; user_agent?: string; expires_s: number };
  'extension.unregistered': { extension: string; contact: string; why: 'asked' | 'expired' | 'replaced' | 'removed' };
  'registration.refused': { user: string; source: string; why: 'wrong_password' | 'unknown_user' | 'throttled' | 'stale_cseq'; count: number };
  'caller.refused': { source: string; to: string; why: string; count: number };
  'trunk.state_changed': { trunk: string; host?: string; to: 'up' | 'down' | 'registered' | 'unregistered'; why: string };
  'trunk.attempt': { trunk: string; host: string; outcome: 'tried' | 'next' | 'answered' | 'ended'; status?: number; why?: string };
  'media.lost': { server: string; why: string };
  'media.back': { server: string };
  'edge.lost': { why: string };
  'edge.back': Empty;
  'app.started': { version: string };
  'app.draining': { calls: number; seconds: number };
  /** `queue`: whose settings; left out where several or all changed. */
  'queue.settings_changed': { version: number; by: string; queue?: string; comment?: string };
  'queue.mode_changed': { queue: string; from: 'open' | 'closed' | 'emergency'; to: 'open' | 'closed' | 'emergency' };
  'setup.switched': { setup: string; active: boolean; by: string };
  'config.loaded': { files: string[] };
  'config.refused': { faults: string[] };
  'dialplan.loaded': { files: string[] };
  /** `percent` of callers get it; 100: all. `restores`: it is that version again. */
  'dialplan.published': { file: string; version: number; percent: number; by: string; comment?: string; restores?: number };
  'dialplan.refused': { faults: string[] };
}
export type FactType = keyof FactMap;
/** Facts of one call carry `call:ID`; those of other things `agent:ID`, `extension:N`, `trunk:NAME`, `media:NAME`, `system`. */
export type Subject = `${'call' | 'agent' | 'queue' | 'extension' | 'trunk' | 'media' | 'source' | 'customer' | 'conversation' | 'ticket' | 'user' | 'webhook'}:${string}` | 'edge' | 'system';

/** One thing that happened. `seq` grows without gaps in the order of happening; `at` is ms since 1970. */
export type Fact = { [T in FactType]: { readonly seq: number; readonly id: string; readonly type: T; readonly at: number; readonly subject: Subject; readonly data: FactMap[T] } }[FactType];
export type FactOf<T extends FactType> = Extract<Fact, { type: T }>;
/** A fact before it has a number and a time. */
export type NewFact = { [T in FactType]: { readonly type: T; readonly subject: Subject; readonly data: FactMap[T] } }[FactType];
