export { TtsFailed, TtsUnavailable } from './errors.js';
export { recordingName } from './files.js';
export { positionPrompts, queuePrompts, recordingNotice } from './phrases.js';
export { LANGUAGES } from './ports.js';
export type { Language, Spoken, Tts } from './ports.js';
export { createTts, type TtsOptions } from './tts.js';
