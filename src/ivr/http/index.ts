export { permitted, systemLookup, type Lookup } from './attempt.js';
export { createHttp, type HttpOptions } from './client.js';
export { parsePath, pick, type ParsedPath } from './pick.js';
export { secretNames } from './secrets.js';
export type { HttpAnswer, HttpClient, HttpFailure, HttpSpec, Method } from './types.js';
