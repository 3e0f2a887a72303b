export { destinations, engage, goOn, onInvite, type InviteDeps } from './invite.js';
export { handingOf } from './handing.js';
export { agentPhones } from './phones.js';
export {
  createDesktops, createReachability, createTextOffers, NoSuchOffer, OfferOver, type Desktop, type Desktops, type OfferView, type Reachability, type TextChannel, type TextOffers,
} from './desk-queue/index.js';
export { followRegistrations } from './agent-presence.js';
export { listeningOver, openForkListener, type ForkListener } from './listening/index.js';
export { createTranscripts, type Segment, type Transcripts, type TranscriptView } from './transcripts/index.js';
export type { Voice } from './voice.js';
export { createVoiceQueue, resumeWaiting, type VoiceQueue, type VoiceQueueOptions } from './queue/index.js';
export { attributesOfCaller, createCallers, followFacts, toldOf, type Callers, type OpenTalks } from './customers/index.js';
export { createChatQueue, type ChatQueue, type Place } from './chat-queue/index.js';
export { createTicketQueue, type TicketQueue } from './ticket-queue/index.js';
export { createFlowDesk, type FlowDesk } from './flow-desk.js';
