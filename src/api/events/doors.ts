import type { EventStreams } from './streams.js';
import type { Tickets } from './tickets.js';

export interface EventDoors {
  readonly streams: EventStreams;
  readonly tickets: Tickets;
}
