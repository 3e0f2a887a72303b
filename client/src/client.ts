import createFetchClient, { type Client } from 'openapi-fetch';
import { followEvents, type EventsRequest } from './events.js';
import type { EventType, StrowgerEvent } from './event-types.js';
import type { paths } from './openapi.js';
import { problemOf } from './problem.js';
import { retried, type Retry } from './retry.js';

export interface ClientOptions {
  /** Where the house is: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** An API key, or the admin token. Never put it into a page: what a browser has, everybody has. */
  readonly token: string;
  readonly retry?: Partial<Retry>;
  /** Another fetch than the global one. */
  readonly fetch?: (request: Request) => Promise<Response>;
}
/** GET, POST, PUT, PATCH and DELETE with the paths and types of the API; refusals are thrown. */
export type StrowgerClient = Client<paths> & {
  /**
   * What happens, as it happens, for as long as you listen; goes on after a lost connection with the event after the last one, so none is
   * missed and none comes twice. @throws StrowgerProblem where going on would be of no use (401, 403, event_ahead)
   */
  events<T extends EventType = EventType>(request?: EventsRequest<T>): AsyncGenerator<StrowgerEvent<T>, void, undefined>;
};

export function createClient({ url, token, retry, fetch = globalThis.fetch }: ClientOptions): StrowgerClient {
  const send = retried((request) => fetch(request), { times: 3, longestMs: 30_000, ...retry });
  const client = createFetchClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${token}` }, fetch: send });
  client.use({
    async onResponse({ response }) {
      if (response.status >= 400) throw await problemOf(response);
    },
  });
  const events: StrowgerClient['events'] = (request = {}) => followEvents({ url, token, fetch }, request);
  return Object.assign(client, { events });
}
