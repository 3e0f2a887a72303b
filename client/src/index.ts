export { createClient, type ClientOptions, type StrowgerClient } from './client.js';
export type { EventsRequest } from './events.js';
export type { EventType, StrowgerEvent } from './event-types.js';
export type { components, operations, paths } from './openapi.js';
export { each, type EachOptions, type ItemOf, type ListPath } from './pages.js';
export { answer, StrowgerProblem, type Problem } from './problem.js';
export type { Retry } from './retry.js';
