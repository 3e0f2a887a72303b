import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { HttpFault, NotFound } from './errors.js';
import { refusalOf } from './problem.js';

/** Bytes of answers to pings that wait for somebody who does not read. */
const MOST_UNREAD = 256 * 1024;

/** Takes over the connection of a request that asks for another protocol. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
export interface Upgrades {
  /** `path` is matched whole, without the query. */
  on(path: string, handler: UpgradeHandler): void;
  handle: UpgradeHandler;
  /** Cuts off every connection that was taken over. */
  destroyAll(): void;
  /** Connections that were taken over and are open. */
  count(): number;
}

/** Who takes over which path, and what is open. */
export function createUpgrades(): Upgrades {
  const handlers = new Map<string, UpgradeHandler>();
  const open = new Set<Duplex>();
  return {
    on: (path, handler) => void handlers.set(path, handler),
    handle(request, socket, head) {
      socket.on('error', () => socket.destroy()); // a client that goes away while it is answered
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      const { pathname } = urlOf(request);
      const handler = handlers.get(pathname);
      if (handler) handler(request, socket, head);
      else refuseUpgrade(socket, new NotFound('no_such_path', `there is no WebSocket at ${pathname}`, 'see /docs for the paths'));
    },
    destroyAll: () => open.forEach((socket) => socket.destroy()),
    count: () => open.size,
  };
}

export const urlOf = (request: IncomingMessage): URL => {
  const written = request.url ?? '/';
  return URL.canParse(written, 'http://house') ? new URL(written, 'http://house') : new URL('http://house/');
};

/** Answers as the API does, before any upgrade, and closes. */
export function refuseUpgrade(socket: Duplex, error: Error): void {
  const { status, headers, body } = refusalOf(error);
  const text = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'Connection: close', 'Content-Type: application/problem+json', `Content-Length: ${Buffer.byteLength(text)}`,
    ...Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'connection').map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}

export interface WebSocketDoor<Admitted> {
  /** Bytes of one message; a longer one closes the connection with 1009. */
  readonly maxBytes: number;
  /** Looks at the request before anything is taken over; what it throws is answered as a problem. */
  readonly admit: (request: IncomingMessage, url: URL) => Admitted | Promise<Admitted>;
  readonly connected: (socket: WebSocket, admitted: Admitted) => void;
  /** What went wrong by our fault. */
  readonly failed: (error: unknown) => void;
}

/** A handler for `onUpgrade` that speaks WebSocket (RFC 6455), without compression: a small frame cannot grow in our memory. */
export function webSockets<Admitted>({ maxBytes, admit, connected, failed }: WebSocketDoor<Admitted>): UpgradeHandler {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxBytes, perMessageDeflate: false });
  return (request, socket, head) => {
    Promise.resolve().then(() => admit(request, urlOf(request))).then(
      (admitted) => server.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', () => ws.terminate()); // a frame too large, or one that is none: ws has said why to the other side
        // Every ping is answered: who sends them and never reads would fill our memory with answers.
        ws.on('ping', () => { if (ws.bufferedAmount > MOST_UNREAD) ws.terminate(); });
        connected(ws, admitted);
      }),
      (error: unknown) => {
        const thrown = error instanceof Error ? error : new Error(String(error));
        if (!(thrown instanceof HttpFault) && refusalOf(thrown).status === 500) failed(thrown);
        refuseUpgrade(socket, thrown);
      },
    );
  };
}
