import type { Generated } from 'kysely';
import type { AccessTables } from './schema/access.js';
import type { ArchiveTables } from './schema/archive.js';
import type { ConversationsTables } from './schema/conversations.js';
import type { CustomersTables } from './schema/customers.js';
import type { ErasureTables } from './schema/erasure.js';
import type { FindingTables } from './schema/finding.js';
import type { InsightTables } from './schema/insight.js';
import type { ObjectsTables } from './schema/objects.js';
import type { TalksTables } from './schema/talks.js';
import type { TicketsTables } from './schema/tickets.js';
import type { WebhooksTables } from './schema/webhooks.js';

/** Times are milliseconds since 1970 (UTC), flags 0 or 1, `data` JSON text. */
export interface Database extends AccessTables, ArchiveTables, ConversationsTables, CustomersTables, ErasureTables, FindingTables, InsightTables, ObjectsTables, TalksTables, TicketsTables, WebhooksTables {
  meta: MetaTable;
  events: EventTable;
  calls: CallTable;
  call_legs: CallLegTable;
  recordings: RecordingTable;
  registrations: RegistrationTable;
  agents: AgentTable;
  acd_log: AcdLogTable;
  acd_snapshots: AcdSnapshotTable;
  acd_contacts: AcdContactTable;
  agent_states: AgentStateTable;
  acd_settings: AcdSettingsTable;
  idempotency_keys: IdempotencyTable;
  transcripts: TranscriptTable;
  dialplan_versions: DialplanVersionTable;
  dialplan_rollouts: DialplanRolloutTable;
}
export interface MetaTable {
  key: string;
  value: string;
}
export interface EventTable {
  seq: Generated<number>;
  id: string;
  type: string;
  at: number;
  subject: string;
  data: string;
}
export type CallState = 'ringing' | 'ivr' | 'queued' | 'talking' | 'held' | 'ended';
export type CallDirection = 'inbound' | 'outbound' | 'internal';
export type CallCause = 'completed' | 'abandoned' | 'cancelled' | 'busy' | 'no_answer' | 'rejected' | 'media_timeout' | 'media_lost' | 'app_lost' | 'edge_lost' | 'failed';
export interface CallTable {
  id: string;
  direction: CallDirection;
  from_number: string;
  to_number: string;
  queue: string | null;
  agent: string | null;
  state: CallState;
  started_at: number;
  answered_at: number | null;
  ended_at: number | null;
  cause: CallCause | null;
  trunk: string | null;
  did: string | null;
  language: string | null;
  /** 1 once any part of it has been recorded. */
  recorded: Generated<number>;
}
export interface CallLegTable {
  id: string;
  call_id: string;
  role: 'caller' | 'agent' | 'callee';
  state: 'inviting' | 'ringing' | 'up' | 'ended';
  remote: string;
  /** The drachtio dialog ID: what the next process needs to say BYE. */
  sip_dialog_id: string | null;
  sip_call_id: string | null;
  media_dialog_id: string | null;
  media_uuid: string | null;
  media_server: string | null;
  started_at: number;
  answered_at: number | null;
  ended_at: number | null;
  end_why: string | null;
}
export interface RecordingTable {
  id: string;
  call_id: string;
  /** Counts from 1 within its call. */
  part: number;
  path: string;
  /** `deleted`: file and words are gone, the row says that it was there. */
  state: 'recording' | 'done' | 'failed' | 'repaired' | 'deleted';
  started_at: number;
  ended_at: number | null;
  ms: number | null;
  bytes: number | null;
  error: string | null;
}
export interface RegistrationTable {
  aor: string;
  contact: string;
  received_proto: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';
  received_address: string;
  received_port: number;
  call_id: string;
  cseq: number;
  /** Thousandths, 0–1000 (RFC 3261 §10.2.1.2). */
  q: number;
  expires_at: number;
  user_agent: string | null;
  instance: string | null;
  updated_at: number;
}
export type AgentState = 'offline' | 'available' | 'ringing' | 'talking' | 'wrap_up' | 'away' | 'training';
/** Read once: before there was a log, chosen states were kept here. */
export interface AgentTable {
  id: string;
  state: AgentState;
  reason: string | null;
  state_since: number;
  idle_since: number;
  unanswered: number;
  call_id: string | null;
}
/** Everything the queue engine was told, in order. `at` is engine time: see `src/acd/clock.ts`. */
export interface AcdLogTable {
  seq: number;
  at: number;
  event: string;
}
/** The engine as it was after event `seq`. */
export interface AcdSnapshotTable {
  seq: number;
  at: number;
  state: string;
}
/** Where in the log a contact that is gone can be found. */
export interface AcdContactTable {
  contact: string;
  subject: string;
  /** Who had it in the end. */
  agent: string | null;
  first_seq: number;
  /** Replayed up to and with this event, the engine stands as it did when the contact's fate was decided. */
  decided_seq: number;
  last_seq: number;
}
/** `seq` is that of the fact it was read from. */
export interface AgentStateTable {
  seq: number;
  agent: string;
  state: AgentState;
  reason: string | null;
  by: string | null;
  from_at: number;
  until_at: number | null;
}

/** The facts that a queue's figures are made of, whatever the channel. The index `events_queue` is used where a query says these words. */
export const queueFigures = `(type glob '*.queued' or type glob '*.left_queue' or type glob '*.returned_to_queue' or type glob '*.connect_timed_out')`;

/** Changes of the queues' settings that no file knows, in the order in which they lie over the files. */
export interface AcdSettingsTable {
  version: Generated<number>;
  at: number;
  by: string;
  comment: string | null;
  /** RFC 7396, over `{queues, agents, setups, routing}`. */
  patch: string;
  /** This version is that one again; its own patch says nothing. */
  restores: number | null;
}
/** The words of one part of a recording. */
export interface TranscriptTable {
  id: string;
  call_id: string;
  recording_id: string;
  part: number;
  language: 'zh-CN' | 'en';
  how: 'live' | 'after';
  state: 'done' | 'failed';
  /** JSON: who said what when, word by word. */
  segments: string;
  error: string | null;
  at: number;
}
/** What was answered to a request that may come again. */
export interface IdempotencyTable {
  key: string;
  principal: string;
  /** A digest of method, path and body. */
  request: string;
  /** Null while the first is still being answered. */
  status: number | null;
  body: string | null;
  at: number;
}

/** Every dialplan that was good, as it was written. `file` is its name in the folder, `version` counts from 1 within it. */
export interface DialplanVersionTable {
  id: Generated<number>;
  file: string;
  version: number;
  /** SHA-256 of the text, hexadecimal. */
  hash: string;
  text: string;
  at: number;
  by: string;
  comment: string | null;
  /** It is that version's text again. */
  restores: number | null;
  /** When all callers got it, and by whom; null: never yet. */
  published_at: number | null;
  published_by: string | null;
}
/** A version that some callers get instead of the file: `percent` of them, by number. */
export interface DialplanRolloutTable {
  file: string;
  version: number;
  percent: number;
  at: number;
  by: string;
}
