import type { Access, Principal, Scope } from '../access/index.js';
import type { Acd, AcdSettings, Adherence, AgentId, ContactDesk, QueueMetricsReader } from '../acd/index.js';
import type { Chat, ChatPlace, shownSettings } from '../channels/chat/index.js';
import type { Conversation, Conversations } from '../desk/conversations/index.js';
import type { Files, FileView } from '../desk/files/index.js';
import type { Customers } from '../desk/customers/index.js';
import type { Catalogue } from '../events/index.js';
import type { Archive } from '../archive/index.js';
import type { Live, Reports } from '../insight/index.js';
import type { TicketDesk, TicketSetup } from '../desk/tickets/index.js';
import type { Arrival, Chosen, DialplanDesk, Workbench } from '../ivr/index.js';
import type { ObjectsDesk } from '../objects/index.js';
import type { CallCause, CallDirection, CallState, RecordingTable } from '../store/index.js';
import type { Webhooks } from '../webhooks/index.js';
import type { EventDoors } from './events/doors.js';
import type { Limits } from './limits.js';
import type { IdempotencyStore } from './idempotency.js';

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
  /** Whose call it is, as customers count now; null while nobody knows. */
  readonly customer: string | null;
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
  /** Of these agents alone. */
  readonly agents?: readonly string[] | undefined;
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
  /** Newest first unless asked otherwise; without `timelines` they are empty, which is cheaper. @throws BadCursor */
  list(filter: CallFilter, page: PageRequest, how: { readonly timelines: boolean; readonly oldestFirst: boolean }): Page<CallView>;
  get(id: string): CallView | undefined;
}
export interface CallCommands {
  /** Hands the caller on, as a REFER from the phone of whom he talks with would: the status that it would get; 409 where nobody could. */
  handOn(id: string, to: string): number;
}

export type RecordingPart = Pick<RecordingTable, 'part' | 'path' | 'state'>;
export interface RecordingReader {
  /** In order of their part numbers; empty where nothing was recorded; undefined where there is no such call. */
  parts(callId: string): readonly RecordingPart[] | undefined;
}

export interface TranscriptSegment {
  /** The left channel of the recording, or the right. */
  readonly speaker: 'customer' | 'other';
  readonly start_ms: number;
  readonly end_ms: number;
  readonly text: string;
  readonly confidence: number;
  readonly words: readonly { readonly word: string; readonly start_ms: number; readonly end_ms: number; readonly confidence: number }[];
}
export interface TranscriptPart {
  readonly part: number;
  readonly recording: string;
  /** `live`: they are still talking. */
  readonly state: 'live' | 'done' | 'failed';
  readonly how: 'live' | 'after';
  readonly language: 'zh-CN' | 'en';
  readonly error: string | null;
  readonly segments: readonly TranscriptSegment[];
}
export interface TranscriptReader {
  /** In order of their part numbers; empty where there is none (yet); undefined where there is no such call. */
  parts(callId: string): readonly TranscriptPart[] | undefined;
}

export type AgentDesk = Pick<Acd, 'agents' | 'agent' | 'setState' | 'extendWrapUp'>;
export type QueueReader = Pick<Acd, 'queues' | 'queue'>;
/** Reads all files of `config/` again and puts them in force; what is wrong leaves everything as it is. @throws ConfigFaults @throws SettingsRefused */
export type Reload = (by: string) => void;
/** Everything about waiting contacts that needs no carrier. */
export type ContactReader = Pick<Acd, 'contacts' | 'contact' | 'why' | 'change'>;
/** The settings service as the API uses it: `createAcdSettings` is one. */
export type SettingsDesk = Omit<AcdSettings, 'start' | 'close' | 'reload' | 'wouldKnow' | 'know'>;

/** What a supervisor does to a contact that its channel must hear of. */
export type ContactCommands = Pick<ContactDesk, 'remove' | 'callBack'>;
export type CallbackBooker = Pick<ContactDesk, 'book'>;
/** An offer of a channel whose agents answer by API. */
export interface OfferView {
  readonly id: string;
  readonly contact: string;
  readonly agent: AgentId;
  readonly queue: string;
  readonly channel: string;
  readonly subject: string;
  readonly attempt: number;
  readonly state: string;
  readonly offeredAt: number;
  readonly expiresAt: number;
  readonly about: Readonly<Record<string, unknown>>;
}
export interface OfferDesk {
  list(agent?: AgentId): readonly OfferView[];
  get(id: string): OfferView;
  accept(id: string): OfferView;
  decline(id: string, why: 'rejected' | 'busy'): OfferView;
}
export interface DesktopView {
  readonly agent: AgentId;
  readonly present: boolean;
  readonly until: number | null;
}
export interface DesktopDesk {
  renew(agent: AgentId, ttlMs: number): DesktopView;
  /** While a socket is open; answers how to let go. */
  hold(agent: AgentId): () => void;
  leave(agent: AgentId): DesktopView;
}
/** What channels of written words share. */
export interface TextDesk {
  readonly files: Files;
  readonly offers: OfferDesk;
  readonly desktops: DesktopDesk;
  /** Whether the asker may see a file: the owner of what it is about knows. */
  readonly mayOpen: (asker: FileAsker, file: FileView) => boolean;
}
export interface FileAsker {
  readonly principal: Principal;
  readonly scope: Scope;
  /** As files are signed by who sends them. */
  readonly sender: string;
}
export type AdherenceReader = Pick<Adherence, 'day'>;

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
  extension(number: string): ExtensionView | undefined;
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

/** Users, roles, keys, sessions and the audit log: `createAccess` is one. */
export type AccessDesk = Pick<Access, 'users' | 'teams' | 'roles' | 'keys' | 'audit' | 'sessions' | 'login' | 'oidc' | 'secondFactor' | 'session' | 'needs'>;

/** Compares in constant time; undefined for a token that is nobody's. */
export type Authenticate = (token: string) => Principal | undefined | Promise<Principal | undefined>;

export interface ApiLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Conversations, and what the queue must hear of them. */
export interface ConversationDesk {
  readonly conversations: Conversations;
  /** @throws NoSuchAgent, NoSuchQueue, WrongState, ConversationOver */
  transfer(id: string, to: { readonly queue: string } | { readonly agent: string }, by: string): Conversation;
  end(id: string, by: string, why: string): Conversation;
  /** The queue calls the number. @throws NoSuchQueue, ConversationOver */
  callBack(conversation: Conversation, how: { readonly number: string; readonly by: string; readonly queue?: string | undefined }): Conversation;
  /** Undefined: it does not wait. */
  place(conversation: Conversation): ChatPlace | undefined;
  reaches(asker: Asker, conversation: Conversation): boolean;
  /** What of a list he may see; nothing: all of it. */
  within(asker: Asker): { readonly parties?: readonly string[]; readonly contacts?: readonly string[] };
  /** As customers and colleagues read it. */
  nameOf(principal: Principal): string;
  /** For whom the customer stands now. @throws NoSuchCustomer */
  customer(id: string): string;
}
/** Chat with visitors of web pages. */
export interface ChatDoor {
  readonly chat: Chat;
  readonly files: Pick<Files, 'get' | 'links'>;
  readonly origins: () => readonly string[];
  /** Of one frame; read when the door is made. */
  readonly frameBytes: () => number;
  readonly settings: (language: 'zh-CN' | 'en') => ReturnType<typeof shownSettings>;
}
export interface Asker {
  readonly principal: Principal;
  readonly scope: Scope;
}

/** The customers' room as the API uses it. */
export type CustomerDesk = Omit<Customers, 'sweep' | 'lay' | 'close' | 'take' | 'reached' | 'resolve' | 'known' | 'outside'>;

export interface ApiDeps {
  readonly customers: CustomerDesk;
  readonly conversations: ConversationDesk;
  readonly chat: ChatDoor;
  readonly calls: CallReader;
  readonly callCommands: CallCommands;
  readonly recordings: RecordingReader;
  readonly transcripts: TranscriptReader;
  readonly agents: AgentDesk;
  readonly queues: QueueReader;
  readonly contacts: ContactReader;
  readonly tickets: TicketDesk;
  readonly ticketSetup: () => TicketSetup;
  readonly contactCommands: ContactCommands;
  readonly callbacks: CallbackBooker;
  readonly settings: SettingsDesk;
  readonly dialplans: DialplanDesk;
  readonly workbench: Workbench;
  /** The flow for a call: `dialplans.find`. */
  readonly answering: (call: Arrival) => Pick<Chosen, 'file' | 'version'> | undefined;
  /** As SIGHUP does, but it throws. */
  readonly reload: Reload;
  readonly queueMetrics: QueueMetricsReader;
  readonly adherence: AdherenceReader;
  /** `createIdempotencyStore(store)`. */
  readonly idempotency: IdempotencyStore;
  readonly text: TextDesk;
  /** IANA name of the house's zone: `config.system.timeZone`. */
  readonly timeZone: string;
  readonly extensions: ExtensionReader;
  readonly trunks: TrunkReader;
  readonly reports: Omit<Reports, 'close'>;
  readonly live: Omit<Live, 'close'>;
  readonly archive: Omit<Archive, 'sweep' | 'close'>;
  readonly limits: Limits;
  readonly eventDoors: EventDoors;
  readonly webhooks: Webhooks;
  readonly catalogue: Catalogue;
  /** Trunks, extensions, numbers, calendars, alerts and settings of the house, with their owners. */
  readonly objects: ObjectsDesk;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly authenticate: Authenticate;
  readonly access: AccessDesk;
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: () => readonly string[];
  /** Browsers reach us by HTTPS: cookies are marked Secure. */
  readonly behindTls: () => boolean;
  readonly log: ApiLog;
  readonly version: string;
  /** Monotonic milliseconds, for the throttle of wrong tokens. */
  readonly now?: () => number;
}
