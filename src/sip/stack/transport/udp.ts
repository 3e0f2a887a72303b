import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import { plain } from './address.js';
import { ListenError } from './errors.js';
import type { Listen, Remote } from './types.js';

/** Shorter than any SIP message: keep-alives (CRLF, NUL, "jaK") are dropped unseen. */
const minBytes = 20;
/** Room for a burst while the process is busy; the system may grant less. */
const receiveBufferBytes = 4 * 1024 * 1024;

export interface UdpListener {
  readonly port: number;
  /** `done` gets null or the reason it failed, never before this returns. */
  send(data: Buffer, to: Remote, done: (error: Error | null) => void): void;
  readonly close: () => Promise<void>;
}

/** Addresses are literals, so nothing is looked up: sending stays on this thread and in order. */
const noLookup = (host: string, _options: unknown, answer: (error: Error | null, address: string, family: number) => void): void =>
  answer(null, host, isIPv6(host) ? 6 : 4);

/** STUN (RFC 5389 §6: the first two bits are zero) and keep-alives on a SIP port are no SIP. */
const isNoise = (data: Buffer): boolean => data.length < minBytes || (data[0] ?? 0) < 4;

/** @throws ListenError */
export async function openUdp(listen: Listen, onData: (data: Buffer, from: Remote) => void): Promise<UdpListener> {
  const type = isIPv6(listen.address) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, lookup: noLookup, recvBufferSize: receiveBufferBytes });
  await bound(socket, listen);
  socket.on('message', (data, info: RemoteInfo) => {
    if (!isNoise(data)) onData(data, { proto: 'udp', address: plain(info.address), port: info.port });
  });
  return {
    port: socket.address().port,
    send(data, to, done) {
      const host = type === 'udp6' && isIPv4(to.address) ? `::ffff:${to.address}` : to.address;
      try {
        socket.send(data, to.port, host, done);
      } catch (error) {
        // Node throws for a port out of range and for a socket closed meanwhile.
        queueMicrotask(() => done(error instanceof Error ? error : new Error(String(error))));
      }
    },
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}

function bound(socket: Socket, listen: Listen): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => {
      socket.close();
      reject(new ListenError(`cannot listen on udp ${listen.address} port ${listen.port}`, { cause, hint: 'is another program using it?' }));
    };
    socket.once('error', failed);
    socket.bind({ address: listen.address, port: listen.port }, () => {
      socket.off('error', failed);
      // Errors of a bound socket belong to single sends, which report them themselves.
      socket.on('error', () => undefined);
      resolve();
    });
  });
}
