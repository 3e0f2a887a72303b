import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { StrowgerError, type Ms } from '../../base/index.js';

/** Audio on its way from a media server to us. */
export interface ForkLine {
  /** L16, little-endian, in the order of time. One listener; what came before it is given to it first. */
  onAudio(listener: (pcm: Buffer) => void): void;
  /** Fires when the line is gone, whoever ended it. */
  readonly gone: AbortSignal;
  close(): void;
}

/** Where media servers bring the audio they fork. */
export interface ForkListener {
  /** An address that is good for one fork, once, for so long. */
  expect(ms: Ms): { readonly url: string; readonly line: Promise<ForkLine>; readonly cancel: () => void };
  lines(): number;
  readonly port: number;
  close(): Promise<void>;
}

export interface ForkListenerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** What media servers are told to connect to, where that differs; port 0 is the one listened on. */
  readonly advertise?: { readonly host: string; readonly port: number } | undefined;
}

/** No media server came in time, or nobody waits any more. */
export class NoFork extends StrowgerError {
  readonly code = 'listening.no_fork';
}

const PROTOCOL = 'audio.drachtio.org';
/** 20 ms are 1 280 bytes at most; metadata a little more. */
const MAX_MESSAGE = 65_536;
/** Audio that is kept until somebody listens: 10 s in stereo at 16 kHz. */
const MAX_KEPT = 640_000;
const MAX_CONNECTIONS = 4_000;

/** Opens the door. Its addresses cannot be guessed; any other is a 404. @throws what node:net says when it cannot listen there */
export async function openForkListener({ listen, advertise }: ForkListenerOptions): Promise<ForkListener> {
  const expected = new Map<string, (socket: WebSocket) => void>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false, handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false) });
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.maxConnections = MAX_CONNECTIONS;
  server.headersTimeout = 5_000;
  server.on('upgrade', (request, socket, head) => {
    const path = request.url ?? '';
    const take = expected.get(path);
    socket.on('error', () => socket.destroy());
    if (!take) return void socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    expected.delete(path);
    sockets.handleUpgrade(request, socket, head, take);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = advertise?.host ?? listen.host;
  const origin = `ws://${host.includes(':') ? `[${host}]` : host}:${String(advertise === undefined || advertise.port === 0 ? port : advertise.port)}`;
  return {
    port,
    lines: () => sockets.clients.size,
    expect(ms) {
      const path = `/fork/${randomBytes(32).toString('base64url')}`;
      let cancel = (): void => undefined;
      const line = new Promise<ForkLine>((resolve, reject) => {
        const give = (why: string): void => {
          expected.delete(path);
          clearTimeout(timer);
          reject(new NoFork(why, { hint: 'can the media server reach the application? see STROWGER_FORK_LISTEN' }));
        };
        const timer = setTimeout(() => give(`no audio came in ${String(ms)} ms`), ms);
        cancel = () => give('not wanted any more');
        expected.set(path, (socket) => {
          clearTimeout(timer);
          resolve(followLine(socket));
        });
      });
      line.catch(() => undefined); // whoever waits hears of it; whoever cancelled does not want to
      return { url: origin + path, line, cancel: () => cancel() };
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

function followLine(socket: WebSocket): ForkLine {
  const life = new AbortController();
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let listener: ((pcm: Buffer) => void) | undefined;
  socket.on('error', () => socket.terminate());
  socket.on('close', () => life.abort('closed'));
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary || data.length === 0) return;
    if (listener) return listener(data);
    if (keptBytes + data.length > MAX_KEPT) return;
    keptBytes += data.length;
    kept.push(data);
  });
  return {
    gone: life.signal,
    onAudio(listen) {
      listener = listen;
      for (const pcm of kept) listen(pcm);
      kept = [];
    },
    close: () => socket.close(1000),
  };
}
