import type { AgentId } from '../acd/index.js';
import { createEventStreams, createTickets, eventSocket, type EventDoors, type HttpDoor, type Owner, type OwnerOf } from '../api/index.js';
import type { Ledger } from '../calls/index.js';
import type { ApiConfig } from '../config/index.js';
import { createFeed, readCatalogue, type Catalogue } from '../events/index.js';
import type { Webhooks } from '../webhooks/index.js';
import type { Ground } from './rooms.js';
import { openWebhooks } from './webhooks.js';

/** Where others hear what happens: SSE, WebSocket, webhooks. */
export interface OpenEventDoors {
  readonly api: { readonly limits: ApiConfig; readonly eventDoors: EventDoors; readonly webhooks: Webhooks; readonly catalogue: Catalogue };
  attach(door: HttpDoor): void;
  close(): Promise<void>;
}

export interface WhoseThings {
  readonly call: Ledger['get'];
  /** Who takes part in a conversation. */
  readonly talkers: (conversation: string) => readonly string[];
  readonly ticket: (id: string) => Owner | undefined;
}
/** `hold`: an agent's desktop is there while his socket is open. */
export function openEventDoors(ground: Ground, hold: (agent: AgentId) => () => void, whose: WhoseThings): OpenEventDoors {
  const { events, log, live } = ground;
  const { heartbeatMs: beatMs, slowReaderMs: stallMs } = live.now().system.api;
  const feed = createFeed({ events });
  const ownerOf: OwnerOf = (subject) => {
    const id = subject.slice(subject.indexOf(':') + 1);
    if (subject.startsWith('conversation:')) return { agent: null, agents: whose.talkers(id), teams: [] };
    if (subject.startsWith('ticket:')) return whose.ticket(id);
    const call = subject.startsWith('call:') ? whose.call(id) : undefined;
    return call && { agent: call.agent, teams: [] };
  };
  const eventDoors: EventDoors = { streams: createEventStreams({ feed, ownerOf, beatMs, stallMs }), tickets: createTickets() };
  const webhooks = openWebhooks(ground, feed);
  return {
    api: { limits: live.now().system.api, eventDoors, webhooks, catalogue: readCatalogue() },
    attach: (door) => door.onUpgrade('/v1/events/ws', eventSocket(eventDoors, (error) => log.error({ err: error }, 'a WebSocket failed by our fault'), hold)),
    async close() {
      eventDoors.streams.close();
      await webhooks.close();
      feed.close();
    },
  };
}
