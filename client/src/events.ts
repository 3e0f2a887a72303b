import type { EventType, StrowgerEvent } from './event-types.js';
import { problemOf, StrowgerProblem } from './problem.js';
import { afterMs, paused } from './retry.js';
import { messageReader } from './sse.js';

export interface EventsRequest<T extends EventType = EventType> {
  /** Only these kinds; all where none is named. */
  readonly type?: readonly T[];
  /** Only what happened to these: `call:ID`, `agent:1001`. */
  readonly subject?: readonly string[];
  /** The last `seq` you have dealt with: keep it, and nothing is lost while you are away. Without it: what happens from now on. */
  readonly after?: number;
  readonly signal?: AbortSignal;
  /** A line on which nothing was heard for so long is dead: the house says something every 15 s. */
  readonly silentMs?: number;
}
export interface EventsHouse {
  readonly url: string;
  readonly token: string;
  readonly fetch: (request: Request) => Promise<Response>;
}
/** Where the reader stands, over all connections. */
interface Place {
  after: string | undefined;
  retryMs: number;
}

export async function* followEvents<T extends EventType>(house: EventsHouse, request: EventsRequest<T>): AsyncGenerator<StrowgerEvent<T>, void, undefined> {
  const { signal = new AbortController().signal } = request;
  const place: Place = { after: request.after === undefined ? undefined : String(request.after), retryMs: 2_000 };
  for (let broken = 0; !signal.aborted; broken += 1) {
    try {
      for await (const event of connection<T>(house, request, place, signal)) {
        broken = 0;
        yield event;
      }
    } catch (error) {
      if (isAborted(signal)) return;
      if (error instanceof StrowgerProblem && !mayPass(error)) throw error;
    }
    await paused(Math.min(place.retryMs * 2 ** broken, 30_000), signal).catch(() => undefined); // told to stop: the loop sees it
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;
const mayPass = ({ status }: StrowgerProblem): boolean => status === 429 || status >= 500;

/** One connection, until it breaks or ends. @throws StrowgerProblem, or what fetch throws */
async function* connection<T extends EventType>(house: EventsHouse, { type = [], subject = [], silentMs = 45_000 }: EventsRequest<T>, place: Place, signal: AbortSignal): AsyncGenerator<StrowgerEvent<T>, void, undefined> {
  const silence = new AbortController();
  const response = await house.fetch(new Request(urlOf(house.url, type, subject), {
    headers: { authorization: `Bearer ${house.token}`, accept: 'text/event-stream', ...(place.after === undefined ? {} : { 'last-event-id': place.after }) },
    signal: AbortSignal.any([signal, silence.signal]),
  }));
  if (response.status !== 200) {
    place.retryMs = Math.max(place.retryMs, afterMs(response) ?? 0);
    throw await problemOf(response);
  }
  if (!response.body) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error(`nothing was heard for ${silentMs} ms`)), silentMs);
  };
  const read = messageReader();
  heard();
  try {
    for await (const text of texts(response.body)) {
      heard();
      for (const { data, id, retryMs } of read(text)) {
        if (retryMs !== undefined) place.retryMs = retryMs;
        if (id !== undefined) place.after = id;
        if (data !== '') yield JSON.parse(data) as StrowgerEvent<T>;
      }
    }
  } finally {
    clearTimeout(timer);
    silence.abort(); // whoever stops listening lets the line go
  }
}

async function* texts(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield decoder.decode(part.value, { stream: true });
}

function urlOf(base: string, types: readonly string[], subjects: readonly string[]): URL {
  const url = new URL('/v1/events', base);
  for (const type of types) url.searchParams.append('type', type);
  for (const subject of subjects) url.searchParams.append('subject', subject);
  return url;
}
