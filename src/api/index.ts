export { createApi } from './app.js';
export { HttpPortTaken, serveApi, type HttpDoor, type ServeOptions } from './serve.js';
export type {
  AgentDesk, ApiDeps, ApiLog, Authenticate, CallFilter, CallReader, CallView, ExtensionReader, ExtensionView, Health, Metrics, Page, PageRequest, Principal,
  QueueReader, RecordingPart, RecordingReader, RegistrationView, TimelineEntry, TrunkHostState, TrunkReader, TrunkView,
} from './ports.js';
