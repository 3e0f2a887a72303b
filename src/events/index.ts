export { createEvents, type EventLog, type Events, type EventsOptions } from './events.js';
export type { Fact, FactMap, FactOf, FactType, Subject } from './facts.js';
