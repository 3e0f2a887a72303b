export { countsAs, standsFor } from './customer-group.js';
export { StoreError, type StoreErrorCode } from './errors.js';
export { answersBeside } from './answering.js';
export { beside } from './beside.js';
export { indexDue, type Due } from './due.js';
export { isUp, whenUp } from './when-up.js';
export { finderBeside, finderHere, type Finder } from './finder.js';
export { newId } from './ids.js';
export { openStore, type Store, type StoreOptions } from './open.js';
export { BadCursor, decodeCursor, decodeTextCursor, encodeCursor, orderOf, page, type Cursor, type Order } from './page.js';
export { between, cursorAt, eachOf, foundBy, having, placeIn, shortest, spread, through, wayOf, type Asking, type Going, type Narrow, type Source, type WordIndex } from './places.js';
export { queueFigures } from './schema.js';
export { damageIn, schemaOf, settle, snapshot } from './snapshot.js';
export type {
  AccessKeyTable, AuditTable, RoleTable, SessionTable, TeamTable, UserTable,
} from './schema/access.js';
export type {
  AcdContactTable, AcdLogTable, AcdSettingsTable, AcdSnapshotTable, AgentState, AgentStateTable, AgentTable, CallCause, CallDirection, CallLegTable, CallState, CallTable, Database, DialplanRolloutTable, DialplanVersionTable, EventTable, IdempotencyTable, MetaTable, RecordingTable, RegistrationTable, TranscriptTable,
} from './schema.js';
export type {
  CustomerActivityTable, CustomerAttributeTable, CustomerConsentTable, CustomerIdentityTable, CustomerLinkTable, CustomerMergeTable, CustomerNoteTable, CustomersTables, CustomerSuggestionTable, CustomerTable, CustomerTagTable, CustomerTimelineTable,
} from './schema/customers.js';
export type { DeskMarkTable } from './schema/erasure.js';
export type { InsightAgentTable, InsightContactTable } from './schema/insight.js';
export type { DeadLetterTable, ReplayTable, WebhookTable } from './schema/webhooks.js';
export type { ConversationTable, MessageTable, PageTable, PartyTable, VisitorTable } from './schema/talks.js';
