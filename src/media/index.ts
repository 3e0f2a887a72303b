export type { Endpoint, ForkOptions, GoneWhy } from './endpoint.js';
export { CodecMismatch, MediaLost, MediaRefused, MediaUnavailable, RecordingLost } from './errors.js';
export { lease } from './lease.js';
export { musicFile } from './music.js';
export { createMediaPool, type MediaPool, type PoolOptions } from './pool.js';
export { recordingPath } from './paths.js';
export { finishRecording, joinRecordings, type AudioSlice, type RecordedPart } from './recordings.js';
export type { ResumedDialog } from './resume.js';
export type { MediaAddress } from './server.js';
