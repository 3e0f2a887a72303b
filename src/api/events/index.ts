export type { EventDoors } from './doors.js';
export { byTicket, eventRoutes, eventSocket } from './events.js';
export type { Owner, OwnerOf } from './filter.js';
export { permissionOf } from './permissions.js';
export { createEventStreams, maskedTextOf, shownFact, textOf, type EventStreams, type StreamsOptions } from './streams.js';
export { createTickets, type Tickets } from './tickets.js';
export { asyncapi } from './asyncapi.js';
