export { createVoiceQueue, type VoiceQueue, type VoiceQueueOptions } from './carrier.js';
export { resumeWaiting } from './resume.js';
export type { AgentPhones, Destinations } from './room.js';
