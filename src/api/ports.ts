import type { Acd } from '../acd/index.js';
import type { CallCause, CallDirection, CallState, RecordingTable } from '../store/index.js';

/**
 * What the API needs of the rooms behind it. Times are milliseconds since 1970; the API turns them into ISO 8601.
 * Readers answer from memory or by one indexed query; none waits.
 */
export interface TimelineEntry {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly data: object;
}
export interface CallView {
  readonly id: string;
  readonly direction: CallDirection;
  readonly from: string;
  readonly to: string;
  readonly queue: string | null;
  readonly agent: string | null;
  readonly state: CallState;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly cause: CallCause | null;
  readonly timeline: readonly TimelineEntry[];
}
/** Each set field must match; `since` and `until` bound `startedAt`: since ≤ startedAt < until. */
export interface CallFilter {
  readonly state?: CallState | undefined;
  readonly direction?: CallDirection | undefined;
  readonly cause?: CallCause | undefined;
  readonly queue?: string | undefined;
  readonly agent?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | undefined;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | undefined;
}
export interface CallReader {
  /** Newest first. @throws BadCursor */
  list(filter: CallFilter, page: PageRequest): Page<CallView>;
  get(id: string): CallView | undefined;
}

export type RecordingPart = Pick<RecordingTable, 'part' | 'path' | 'state'>;
export interface RecordingReader {
  /** In order of their part numbers; empty where nothing was recorded; undefined where there is no such call. */
  parts(callId: string): readonly RecordingPart[] | undefined;
}

export type AgentDesk = Pick<Acd, 'agents' | 'agent' | 'setState'>;
export type QueueReader = Pick<Acd, 'queues' | 'queue'>;

export interface RegistrationView {
  readonly contact: string;
  /** `udp:192.0.2.7:5060`: where the REGISTER came from. */
  readonly source: string;
  readonly userAgent: string | null;
  readonly expiresAt: number;
}
export interface ExtensionView {
  readonly number: string;
  readonly name: string;
  readonly registrations: readonly RegistrationView[];
}
export interface ExtensionReader {
  extensions(): readonly ExtensionView[];
}

export type TrunkHostState = 'up' | 'down' | 'unknown';
export interface TrunkView {
  readonly name: string;
  /** Up when at least one host is and, where the trunk registers, a registration stands. */
  readonly health: TrunkHostState;
  /** Null where the trunk does not register. */
  readonly registered: boolean | null;
  readonly hosts: readonly { readonly uri: string; readonly state: TrunkHostState; readonly checkedAt: number | null; readonly why: string | null }[];
  readonly calls: number;
  readonly maxCalls: number | null;
  readonly maxCps: number | null;
}
export interface TrunkReader {
  trunks(): readonly TrunkView[];
}

export interface Health {
  /** Calls can be taken. False while starting and while draining. */
  ready(): boolean;
  /** `speech: off, no model`: what works less well than it should, and why. */
  degraded(): readonly string[];
}

export interface Metrics {
  readonly contentType: string;
  /** The Prometheus text. */
  metrics(): Promise<string>;
}

/** Who sends a request. */
export interface Principal {
  readonly name: string;
}
/** Compares in constant time; undefined for a token that is nobody's. */
export type Authenticate = (token: string) => Principal | undefined | Promise<Principal | undefined>;

export interface ApiLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ApiDeps {
  readonly calls: CallReader;
  readonly recordings: RecordingReader;
  readonly agents: AgentDesk;
  readonly queues: QueueReader;
  readonly extensions: ExtensionReader;
  readonly trunks: TrunkReader;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly authenticate: Authenticate;
  readonly log: ApiLog;
  readonly version: string;
  /** Monotonic milliseconds, for the throttle of wrong tokens. */
  readonly now?: () => number;
}
