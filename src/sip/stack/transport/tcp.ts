import { connect, createServer, isIPv4, isIPv6, type Server, type Socket } from 'node:net';
import type { Clock } from '../clock/clock.js';
import { isWildcard, keyOf, plain } from './address.js';
import { createConnection, type Connection, type ConnectionParts } from './connection.js';
import { ListenError, TransportError } from './errors.js';
import type { Listen, Local, Remote, TransportLimits } from './types.js';

export interface TcpTable {
  /** @throws ListenError */
  listen(listen: Listen): Promise<{ readonly local: Local; readonly close: () => Promise<void> }>;
  send(data: Buffer, to: Remote, from: Local, mayConnect: boolean, onError: (error: TransportError) => void): void;
  trust(remote: Remote): void;
  readonly size: number;
  close(): void;
}

export interface TcpParts {
  readonly limits: TransportLimits;
  readonly clock: Clock;
  readonly onFrame: (frame: Parameters<ConnectionParts['onFrame']>[0], from: Remote, local: Local) => void;
  readonly onClosed: (remote: Remote) => void;
}

/** All TCP connections by the address of the other side, whoever opened them: one is used for both directions. */
export function createTcpTable(parts: TcpParts): TcpTable {
  const { limits } = parts;
  const table = new Map<string, Connection>();

  const adopt = (socket: Socket, remote: Remote, local: Local, inbound: boolean): Connection => {
    const key = keyOf(remote);
    const connection = createConnection({
      socket, remote, inbound, limits,
      clock: parts.clock,
      onFrame: (frame) => parts.onFrame(frame, remote, local),
      onClosed: () => {
        if (table.get(key) === connection) table.delete(key);
        parts.onClosed(remote);
      },
    });
    table.set(key, connection);
    return connection;
  };
  const accept = (socket: Socket, local: Local): void => {
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || remotePort === undefined) return void socket.destroy();
    const remote: Remote = { proto: 'tcp', address: plain(remoteAddress), port: remotePort };
    if (!hasRoom(table, remote, limits)) return void socket.destroy();
    adopt(socket, remote, local, true);
  };
  return {
    async listen(listen) {
      let local: Local = listen;
      const server = createServer((socket) => accept(socket, local));
      await listening(server, listen);
      const bound = server.address();
      local = { proto: 'tcp', address: listen.address, port: bound !== null && typeof bound === 'object' ? bound.port : listen.port };
      return { local, close: () => new Promise((resolve) => server.close(() => resolve())) };
    },
    send(data, to, from, mayConnect, onError) {
      let connection = table.get(keyOf(to));
      if (!connection) {
        if (!mayConnect || table.size >= limits.maxConnections) {
          const why = mayConnect ? 'too many connections' : 'its connection is gone';
          queueMicrotask(() => onError(new TransportError(`cannot send to ${to.address} port ${to.port} by TCP: ${why}`)));
          return;
        }
        connection = adopt(dial(to, from), to, from, false);
      }
      connection.write(data, onError);
    },
    trust: (remote) => table.get(keyOf(remote))?.trust(),
    get size() {
      return table.size;
    },
    close() {
      for (const connection of table.values()) connection.destroy('the transport is closing');
    },
  };
}

function dial(to: Remote, from: Local): Socket {
  const sameFamily = isIPv6(to.address) === isIPv6(from.address);
  const localAddress = isWildcard(from.address) || !sameFamily ? undefined : from.address;
  const host = isIPv4(from.address) || isIPv6(to.address) ? to.address : `::ffff:${to.address}`;
  return connect({ host, port: to.port, ...(localAddress === undefined ? {} : { localAddress }) });
}

/** Strangers are counted, trusted connections never; a full table lets its oldest stranger go. */
function hasRoom(table: Map<string, Connection>, { address }: Remote, limits: TransportLimits): boolean {
  let oldest: Connection | undefined;
  let same = 0;
  for (const connection of table.values()) {
    if (!connection.stranger) continue;
    oldest ??= connection;
    if (connection.remote.address === address) same += 1;
  }
  if (same >= limits.maxConnectionsPerSource) return false;
  if (table.size < limits.maxConnections) return true;
  oldest?.destroy('room is needed for another connection');
  return oldest !== undefined;
}

function listening(server: Server, listen: Listen): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void =>
      reject(new ListenError(`cannot listen on tcp ${listen.address} port ${listen.port}`, { cause, hint: 'is another program using it?' }));
    server.once('error', failed);
    server.listen({ host: listen.address, port: listen.port }, () => {
      server.off('error', failed);
      // accept() may fail for want of file descriptors; the connection is lost, the listener goes on.
      server.on('error', () => undefined);
      resolve();
    });
  });
}
