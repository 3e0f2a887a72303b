import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { toneShare } from './listen.js';
import { createWatch } from './wait.js';

/** What one fork has sent: text and audio in the order they came. */
export type Forked = {
  readonly protocol: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly texts: readonly string[];
  readonly frames: readonly Buffer[];
  /** Whether a text came before all audio. */
  readonly textFirst: () => boolean;
  readonly closed: () => number | undefined;
  readonly channel: (which: 0 | 1, of: 1 | 2) => Int16Array;
  readonly forget: () => void;
  readonly until: (what: string, ms: number, test: () => boolean) => Promise<void>;
  readonly socket: WebSocket;
};

/** Whoever takes audio forks, as an application or a speech service does. */
export type ForkServer = {
  readonly url: string;
  readonly forks: readonly Forked[];
  readonly next: (ms?: number) => Promise<Forked>;
  readonly close: () => Promise<void>;
};

export async function openForkServer(): Promise<ForkServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const forks: Forked[] = [];
  const watch = createWatch();
  let taken = 0;
  server.on('connection', (socket, request) => {
    forks.push(follow(socket, request.url ?? '', request.headers, watch));
    watch.changed();
  });
  return {
    url: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    forks,
    async next(ms = 3_000) {
      const index = (taken += 1) - 1;
      await watch.until('an audio fork', ms, () => forks.length > index);
      return forks[index] as Forked;
    },
    async close() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function follow(socket: WebSocket, path: string, headers: Forked['headers'], watch: ReturnType<typeof createWatch>): Forked {
  const texts: string[] = [];
  let frames: Buffer[] = [];
  let first: 'text' | 'audio' | undefined;
  let closed: number | undefined;
  socket.on('message', (data: Buffer, isBinary) => {
    first ??= isBinary ? 'audio' : 'text';
    if (isBinary) frames.push(Buffer.from(data));
    else texts.push(data.toString());
    watch.changed();
  });
  socket.on('error', () => undefined);
  socket.on('close', (code) => {
    closed = code;
    watch.changed();
  });
  return {
    protocol: socket.protocol, path, headers, texts, socket,
    get frames() {
      return frames;
    },
    textFirst: () => first === 'text',
    closed: () => closed,
    channel(which, of) {
      const all = Buffer.concat(frames);
      return new Int16Array(all.buffer.slice(all.byteOffset, all.byteOffset + all.length)).filter((_, i) => i % of === which);
    },
    forget: () => void (frames = []),
    until: (what, ms, test) => watch.until(what, ms, test),
  };
}

/** The last 400 ms are this tone. */
export function tonesIn(samples: Int16Array, hz: number, rate: number): boolean {
  const from = samples.length - rate * 0.4;
  return from >= 0 && toneShare(samples, hz, rate, from, samples.length) > 0.4;
}

/** A server that takes the connection and then says and reads nothing. */
export async function openDeafServer(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pause();
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
