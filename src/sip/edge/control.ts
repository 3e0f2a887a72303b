import { timingSafeEqual, createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { App, Apps } from './apps.js';
import { WireFault } from './errors.js';
import type { Log } from './log.js';
import { parseCommand, type Command } from './wire/command.js';
import { createFrames } from './wire/frame.js';
import { no, ok } from './wire/notice.js';

/** Commands that need the SIP side; the others are answered here. */
export type SipCommand = Extract<Command, { type: 'reply' | 'within' | 'cancel' | 'request' | 'proxy' }>;
export interface ControlOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly apps: Apps;
  readonly log: Log;
  /** The answer to `authenticate`: addresses as applications may name them, and as they are bound. */
  readonly hostports: () => { readonly advertised: string; readonly bound: string };
  readonly onCommand: (app: App, command: SipCommand) => void;
  readonly onGone: (app: App) => void;
}
export interface Control {
  readonly port: number;
  connections(): number;
  close(): Promise<void>;
}

/** What drachtio-srf reads as able to `ping`; the protocol here is that of this release. */
export const SPOKEN_VERSION = 'v0.9.10';
const MAX_FRAME_BYTES = 1_000_000;
/** An application that reads nothing for so long is as good as gone; what it was owed must not fill our memory. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;
const MAX_CONNECTIONS = 100;

/** Listens for applications. @throws the listen error of node:net */
export async function createControl(options: ControlOptions): Promise<Control> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, options);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listening(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const listening = (server: Server, { host, port }: ControlOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

type Session = { readonly app: App & { connected: boolean; tags: ReadonlySet<string> }; authenticated: boolean; closing: boolean };

function serve(socket: Socket, options: ControlOptions): void {
  const name = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
  const out = createWriter(socket, name, options.log);
  const session: Session = { authenticated: false, closing: false, app: { name, connected: true, tags: new Set(), send: (one) => out.send(one) } };
  const frames = createFrames(MAX_FRAME_BYTES);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  socket.on('error', (error) => options.log.debug({ app: name, err: error }, 'application connection failed'));
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const payload of frames(chunk)) {
        if (!session.app.connected || session.closing) return;
        if (obey(session, parseCommand(payload), options)) continue;
        session.closing = true;
        out.flush();
        socket.end();
      }
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      options.log.warn({ app: name, why: error.message }, 'application speaks something else; disconnected');
      socket.destroy();
    }
  });
  socket.once('close', () => {
    session.app.connected = false;
    options.apps.forget(session.app);
    if (session.authenticated) options.log.info({ app: name }, 'application gone');
    options.onGone(session.app);
  });
}

/** @returns false when the connection is to be closed, as drachtio-server does after what it cannot understand */
function obey(session: Session, command: Command, { apps, log, secret, hostports, onCommand }: ControlOptions): boolean {
  const { app } = session;
  if (command.type === 'authenticate') {
    if (!same(command.secret, secret)) {
      log.warn({ app: app.name }, 'application with a wrong secret');
      app.send(no(command.id, 'incorrect secret'));
      return false;
    }
    session.authenticated = true;
    app.tags = new Set(command.tags);
    const { advertised, bound } = hostports();
    app.send(ok(command.id, `${advertised}|${SPOKEN_VERSION}|${bound}`));
    log.info({ app: app.name, tags: command.tags }, 'application connected');
    return true;
  }
  if (!session.authenticated) {
    app.send(no(command.id, 'not authenticated'));
    return false;
  }
  switch (command.type) {
    case 'ping':
      app.send(ok(command.id, 'pong'));
      return true;
    case 'route':
      apps.route(app, command.verb);
      app.send(ok(command.id));
      return true;
    case 'remove_route':
      apps.unroute(app, command.verb);
      app.send(ok(command.id));
      return true;
    case 'misfit':
      log.warn({ app: app.name, why: command.why }, 'application sent what cannot be done; disconnected');
      app.send(no(command.id, command.why));
      return false;
    default:
      onCommand(app, command);
      return true;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** Collects what one turn of the event loop yields into one write: system calls are the dearest part of a short message. */
function createWriter(socket: Socket, name: string, log: Log): { send(frame: Buffer): void; flush(): void } {
  let waiting: Buffer[] = [];
  const flush = (): void => {
    const frames = waiting;
    waiting = [];
    if (!socket.writable || frames.length === 0) return;
    if (socket.writableLength > MAX_UNREAD_BYTES) {
      log.error({ app: name, unread: socket.writableLength }, 'application does not read; disconnected');
      socket.destroy();
      return;
    }
    socket.write(frames.length === 1 && frames[0] !== undefined ? frames[0] : Buffer.concat(frames));
  };
  return {
    flush,
    send(frame) {
      if (waiting.push(frame) === 1) setImmediate(flush);
    },
  };
}
