export { readCatalogue, type Catalogue, type CatalogueEntry, type FactSchema } from './catalogue.js';
export { createEvents, type EventLog, type Events, type EventsOptions } from './events.js';
export { follow, type FollowOptions } from './follow.js';
export type { Fact, FactMap, FactOf, FactType, NewFact, QueueLeft, Subject } from './facts.js';
export { createFeed, type Feed, type FeedOptions } from './feed.js';
