import type { Generated } from 'kysely';

/** Times are milliseconds since 1970 (UTC), flags 0 or 1, `data` JSON text. */
export interface Database {
  meta: MetaTable;
  events: EventTable;
  calls: CallTable;
  call_legs: CallLegTable;
  recordings: RecordingTable;
  registrations: RegistrationTable;
  agents: AgentTable;
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
  state: 'recording' | 'done' | 'failed' | 'repaired';
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
export interface AgentTable {
  id: string;
  state: AgentState;
  reason: string | null;
  state_since: number;
  idle_since: number;
  unanswered: number;
  call_id: string | null;
}
