import type { WebSocket } from 'ws';
import type { Principal } from '../../access/index.js';
import type { Ms } from '../../base/index.js';
import { maskNumber } from '../../config/index.js';
import type { Fact, Feed } from '../../events/index.js';
import { EventAhead, TooManyStreams } from '../errors.js';
import { wanted, type EventFilter, type OwnerOf } from './filter.js';
import { follow, type Reader } from './follow.js';

export interface StreamRequest {
  readonly principal: Principal;
  readonly filter: EventFilter;
  /** The last number seen; undefined: only what happens from now on. */
  readonly after: number | undefined;
}
/** Everybody who follows what happens. */
export interface EventStreams {
  /** @throws EventAhead, TooManyStreams */
  sse(request: StreamRequest): ReadableStream<Uint8Array>;
  /** Checks what `ws` would do, before the connection is taken over. @throws EventAhead, TooManyStreams */
  check(request: StreamRequest): void;
  ws(socket: WebSocket, request: StreamRequest): void;
  last(): number;
  open(): number;
  /** They are all sent away; they come back to the next process. */
  close(): void;
}
export interface StreamsOptions {
  readonly feed: Feed;
  readonly ownerOf?: OwnerOf;
  readonly beatMs?: Ms;
  readonly stallMs?: Ms;
  /** Streams of one principal, and of all. */
  readonly mostEach?: number;
  readonly most?: number;
}

/** As everybody outside sees a fact. The same text goes to all who follow. */
export const shownFact = ({ id, seq, type, at, subject, data }: Fact) => ({ id, seq, type, at: new Date(at).toISOString(), subject, data });
const texts = new WeakMap<Fact, string>();
export function textOf(fact: Fact): string {
  const known = texts.get(fact) ?? JSON.stringify(shownFact(fact));
  texts.set(fact, known);
  return known;
}

/** Where the numbers of people stand in facts. */
const NUMBERS: Readonly<Partial<Record<Fact['type'], readonly string[]>>> = {
  'call.started': ['from', 'to', 'did'], 'call.bridged': ['to'], 'call.transferred': ['to'], 'call.transfer_failed': ['to'], 'call.leg_started': ['remote'], 'caller.refused': ['to', 'source'], 'call.digits': ['digits'], 'conversation.callback_asked': ['number'],
};
/** The same for somebody who may not see numbers. */
export function maskedTextOf(fact: Fact): string {
  const hidden = NUMBERS[fact.type];
  if (!hidden) return textOf(fact);
  const data = Object.fromEntries(Object.entries(fact.data).map(([key, value]) => [key, hidden.includes(key) && typeof value === 'string' ? maskNumber(value) : (value as unknown)]));
  return JSON.stringify({ ...shownFact(fact), data });
}

export function createEventStreams({ feed, ownerOf = () => undefined, beatMs = 15_000, stallMs = 30_000, mostEach = 50, most = 1_000 }: StreamsOptions): EventStreams {
  const closing = new AbortController();
  const open = new Map<string, number>();
  let all = 0;
  const check = ({ principal, after }: StreamRequest): void => {
    if (after !== undefined && after > feed.last()) throw new EventAhead(after, feed.last());
    if (all >= most || (open.get(principal.id) ?? 0) >= mostEach) throw new TooManyStreams(all >= most ? most : mostEach);
  };
  const run = async ({ principal, filter, after }: StreamRequest, reader: Reader, gone: AbortSignal): Promise<'ended' | 'stalled'> => {
    all += 1;
    open.set(principal.id, (open.get(principal.id) ?? 0) + 1);
    try {
      const signal = AbortSignal.any([gone, closing.signal, principal.gone]);
      return await follow({ feed, after: after ?? feed.last(), wants: wanted(filter, principal, ownerOf), reader, beatMs, stallMs }, signal);
    } finally {
      all -= 1;
      const left = (open.get(principal.id) ?? 1) - 1;
      if (left > 0) open.set(principal.id, left);
      else open.delete(principal.id);
    }
  };
  return {
    check,
    last: () => feed.last(),
    open: () => all,
    close: () => closing.abort(),
    sse(request) {
      check(request);
      return sseOf(request.after ?? feed.last(), sayFor(request.principal), (reader, gone) => run({ ...request, after: request.after ?? feed.last() }, reader, gone));
    },
    ws(socket, request) {
      const { reader, gone, alive } = wsReader(socket, beatMs + stallMs, sayFor(request.principal));
      void run(request, reader, gone).then((why) => {
        alive.stop();
        if (why === 'stalled') return socket.terminate();
        socket.close(closing.signal.aborted ? 1012 : 1008, closing.signal.aborted ? 'restarting' : 'no longer allowed'); // RFC 6455 §7.4 and IANA's registry
      });
    },
  };
}

const sayFor = (principal: Principal) => (principal.sees('calls.numbers') ? textOf : maskedTextOf);

/** https://html.spec.whatwg.org/multipage/server-sent-events.html: an ID without data moves where the browser goes on from, and tells nothing. */
function sseOf(first: number, say: (fact: Fact) => string, run: (reader: Reader, gone: AbortSignal) => Promise<'ended' | 'stalled'>): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const gone = new AbortController();
  writer.closed.catch(() => undefined).finally(() => gone.abort());
  const encoder = new TextEncoder();
  const write = (text: string): Promise<void> => writer.write(encoder.encode(text));
  const reader: Reader = {
    facts: (facts) => write(facts.map((fact) => `id: ${fact.seq}\ndata: ${say(fact)}\n\n`).join('')),
    beat: (seq) => write(`: still here\nid: ${seq}\n\n`),
  };
  void write(`retry: 2000\nid: ${first}\n\n`)
    .then(() => run(reader, gone.signal))
    .then((why) => (why === 'stalled' ? writer.abort(new Error('the reader took nothing for too long')) : writer.close()))
    .catch(() => gone.abort()); // he went away first
  return readable;
}

/** Bytes that may wait in a socket before its reader counts as slow. */
const FULL = 256 * 1024;

function wsReader(socket: WebSocket, deadMs: Ms, say: (fact: Fact) => string) {
  const gone = new AbortController();
  socket.on('close', () => gone.abort());
  socket.on('message', () => socket.close(1003, 'nothing is taken here')); // it is for hearing only
  let heard = performance.now();
  socket.on('pong', () => (heard = performance.now()));
  const timer = setInterval(() => {
    if (performance.now() - heard > deadMs) socket.terminate();
    else socket.ping();
  }, deadMs / 4).unref();
  const send = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.send(text, (error) => (error ? reject(error) : resolve()));
    });
  const reader: Reader = {
    async facts(facts) {
      for (const fact of facts) {
        const sent = send(say(fact));
        if (socket.bufferedAmount > FULL) await sent;
        else sent.catch(() => gone.abort());
      }
    },
    beat: () => Promise.resolve(),
  };
  return { reader, gone: gone.signal, alive: { stop: () => clearInterval(timer) } };
}
