import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import type { Ms } from '../../../base/index.js';
import type { Server } from '../session/types.js';
import { begin, handle, type Client } from './client.js';
import type { Command } from './command.js';
import { createConnection, type ConnectionLimits } from './connection.js';
import { AUTH_REQUEST, commandReply, disconnectNotice } from './replies.js';

export interface InboundOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly limits: ConnectionLimits;
  /** To authenticate. */
  readonly authMs: Ms;
  /** Connections that have not authenticated. */
  readonly maxStrangers: number;
}

export interface InboundSocket {
  readonly port: number;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** Listens for applications that connect to us: authentication first, then commands and events. */
export async function listenInbound(server: Server, options: InboundOptions): Promise<InboundSocket> {
  const sockets = new Set<Socket>();
  let strangers = 0;
  const tcp = createServer((socket) => {
    if (strangers >= options.maxStrangers) {
      server.log.warn({ remote: socket.remoteAddress, strangers }, 'event socket connection refused: too many have not authenticated');
      socket.destroy();
      return;
    }
    strangers++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    welcome(server, options, socket, () => strangers--);
  });
  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen(options.port, options.host, resolve);
  });
  return {
    port: portOf(tcp),
    connections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        tcp.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function portOf(tcp: TcpServer): number {
  const address = tcp.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function welcome(server: Server, options: InboundOptions, socket: Socket, known: () => void): void {
  let authenticated = false;
  let counted = true;
  let unsubscribe = (): void => undefined;
  const noLongerStranger = (): void => {
    if (counted) known();
    counted = false;
  };
  const tooLate = setTimeout(() => {
    server.log.warn({ remote: socket.remoteAddress }, 'event socket client dropped: it did not authenticate in time');
    socket.destroy();
  }, options.authMs);
  const connection = createConnection(socket, {
    limits: options.limits,
    log: server.log,
    begin: (line) => (authenticated ? begin(client, line) : /^auth /i.test(line) ? 'done' : undefined),
    handle: (command) => (authenticated ? handle(client, command) : authenticate(command)),
    closed() {
      clearTimeout(tooLate);
      noLongerStranger();
      unsubscribe();
    },
  });
  const client: Client = { server, connection, session: undefined, linger: undefined, connected: () => undefined };

  const authenticate = ({ line }: Command): undefined => {
    const [name, ...rest] = line.trim().split(' ');
    if (name?.toLowerCase() === 'exit') return connection.close(commandReply('+OK bye') + disconnectNotice(undefined)) as undefined;
    if (name?.toLowerCase() !== 'auth') return connection.write(commandReply('-ERR command not found')) as undefined;
    if (!same(rest.join(' '), options.secret)) {
      server.log.warn({ remote: socket.remoteAddress }, 'event socket client refused: wrong secret');
      return connection.close(commandReply('-ERR invalid') + disconnectNotice(undefined)) as undefined;
    }
    authenticated = true;
    clearTimeout(tooLate);
    noLongerStranger();
    unsubscribe = server.bus.add(connection.listener);
    connection.write(commandReply('+OK accepted'));
    return undefined;
  };
  connection.write(AUTH_REQUEST);
}

function same(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
