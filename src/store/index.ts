export { StoreError, type StoreErrorCode } from './errors.js';
export { newId } from './ids.js';
export { openStore, type Store, type StoreOptions } from './open.js';
export { BadCursor, decodeCursor, encodeCursor, page, type Cursor } from './page.js';
export type {
  AgentState, AgentTable, CallCause, CallDirection, CallLegTable, CallState, CallTable, Database, EventTable, MetaTable, RecordingTable, RegistrationTable,
} from './schema.js';
