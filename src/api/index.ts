export { createApi, describe } from './app.js';
export { makeDocuments } from './docs/index.js';
export { createIdempotencyStore } from './idempotency-store.js';
export { byTicket, createEventStreams, createTickets, eventSocket, permissionOf, shownFact, textOf, type EventDoors, type EventStreams, type Owner, type OwnerOf, type Tickets } from './events/index.js';
export { HttpPortTaken, serveApi, type HttpDoor, type ServeOptions } from './serve.js';
export { refuseUpgrade, urlOf, webSockets, type UpgradeHandler, type WebSocketDoor } from './upgrade.js';
export type {
  AdherenceReader, AgentDesk, ApiDeps, ApiLog, Asker, Authenticate, ChatDoor, ConversationDesk, CallbackBooker, CallCommands, CallFilter, CallReader, CallView, ContactCommands, ContactReader, ExtensionReader,
  ExtensionView, Health, Metrics, Page, PageRequest, QueueReader, RecordingPart, RecordingReader, TranscriptReader, RegistrationView, Reload, SettingsDesk, TimelineEntry,
  FileAsker, TextDesk, TrunkHostState, TrunkReader, TrunkView,
} from './ports.js';
export { chatSocket } from './chat-socket.js';
export { conversationSocket } from './conversations-socket.js';
export type { IdempotencyStore } from './idempotency.js';
export { ticketActor } from './ticket-actor.js';
export { hears, toldTo } from './webhooks.js';
