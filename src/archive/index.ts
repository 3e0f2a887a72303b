export { createArchive, type Archive, type ArchiveOptions } from './archive.js';
export { BadWords, NoSuchRecording, RecordingDeleted, RecordingHeld, RecordingRuns } from './errors.js';
export type { RecordingFilter, RecordingRow, RecordingSearch, SpokenRow } from './search.js';
export type { Said } from './words.js';
