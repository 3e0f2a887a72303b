export { FEATURE_SAID, onInvite, type InviteDeps } from './invite.js';
export { agentPhones } from './phones.js';
export { followRegistrations } from './agent-presence.js';
export type { Voice } from './voice.js';
export { createVoiceQueue, type VoiceQueue } from './voice-queue.js';
