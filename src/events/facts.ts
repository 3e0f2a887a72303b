import type { AgentState, CallCause, CallDirection } from '../store/index.js';

type Empty = Record<string, never>;
type LegRole = 'caller' | 'agent' | 'callee';

/** Everything that can have happened, by name, with what is known of it. Keys are snake_case: the facts are public API. */
export interface FactMap {
  'call.started': { direction: CallDirection; from: string; to: string; trunk?: string; did?: string };
  'call.answered': Empty;
  'call.state_changed': { from: string; to: string };
  'call.flow_entered': { flow: string; step?: number };
  'call.flow_failed': { flow: string; step?: number; why: string };
  'call.digits': { digits: string; flow?: string };
  'call.language_set': { language: string };
  'call.queued': { queue: string; position: number; priority?: number };
  'call.left_queue': { queue: string; why: string; waited_ms: number };
  'call.position_told': { queue: string; position: number };
  'call.returned_to_queue': { queue: string; agent: string };
  'call.offered': { queue: string; agent: string; offer: string; attempt?: number };
  'call.offer_ended': { queue: string; agent: string; offer: string; why: string };
  'call.bridged': { agent?: string; extension?: string; to?: string };
  'call.held': { by: string };
  'call.resumed': { by: string };
  'call.transferred': { by: string; to: string };
  'call.codec_mismatch': { offered: string };
  'call.recording_started': { recording: string; part: number };
  'call.recording_stopped': { recording: string; part: number; ms: number; bytes: number };
  'call.recording_failed': { recording: string; part: number; error: string };
  'call.recording_repaired': { recording: string; part: number; ms: number };
  'call.leg_started': { leg: string; role: LegRole; remote: string; trunk?: string; host?: string };
  'call.leg_ringing': { leg: string; early_media: boolean };
  'call.leg_answered': { leg: string };
  'call.leg_ended': { leg: string; why: string; status?: number };
  'call.ended': { cause: CallCause; by?: string; duration_ms: number };
  'agent.state_changed': { agent: string; from: AgentState; to: AgentState; reason?: string };
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
  'config.loaded': { files: string[] };
  'config.refused': { faults: string[] };
  'dialplan.loaded': { files: string[] };
  'dialplan.refused': { faults: string[] };
}
export type FactType = keyof FactMap;
/** Facts of one call carry `call:ID`; those of other things `agent:ID`, `extension:N`, `trunk:NAME`, `media:NAME`, `system`. */
export type Subject = `${'call' | 'agent' | 'extension' | 'trunk' | 'media' | 'source'}:${string}` | 'edge' | 'system';

/** One thing that happened. `seq` grows without gaps in the order of happening; `at` is ms since 1970. */
export type Fact = { [T in FactType]: { readonly seq: number; readonly id: string; readonly type: T; readonly at: number; readonly subject: Subject; readonly data: FactMap[T] } }[FactType];
export type FactOf<T extends FactType> = Extract<Fact, { type: T }>;
