import { createSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';
import { parseMessage, type SipMessage } from './message.js';

export type Place = { readonly host: string; readonly port: number };
/** Sends bytes back to where a message came from. */
export type Reply = (data: string) => void;
export type OnMessage = (message: SipMessage, reply: Reply, from: Place) => void;
export type Transport = {
  readonly protocol: 'UDP' | 'TCP';
  readonly address: string;
  readonly port: number;
  /** To the server, unless UDP is told another place. */
  readonly send: (data: string, to?: Place) => void;
  readonly close: () => Promise<void>;
};
export type TransportOptions = { readonly address: string; readonly port: number; readonly server: Place; readonly onMessage: OnMessage };

/** What is no SIP is counted by nobody here: the phone is a peer, not a judge of bytes. */
function deliver(text: string, reply: Reply, from: Place, onMessage: OnMessage): void {
  let message: SipMessage;
  try {
    message = parseMessage(text);
  } catch {
    return;
  }
  onMessage(message, reply, from);
}

export async function openUdp(options: TransportOptions): Promise<Transport> {
  const socket = createSocket('udp4');
  let open = true;
  socket.on('message', (data, from) => {
    const reply: Reply = (text) => { if (open) socket.send(text, from.port, from.address); };
    deliver(data.toString('utf8'), reply, { host: from.address, port: from.port }, options.onMessage);
  });
  socket.on('error', () => undefined); // ICMP errors of a peer that is gone
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(options.port, options.address, () => { socket.off('error', reject); resolve(); });
  });
  const { address, port } = socket.address();
  return {
    protocol: 'UDP',
    address,
    port,
    send: (data, to = options.server) => { if (open) socket.send(data, to.port, to.host); },
    close: () => new Promise((resolve) => {
      if (!open) { resolve(); return; }
      open = false;
      socket.close(() => { resolve(); });
    }),
  };
}

/** RFC 3261 §18.3: on a stream Content-Length ends the message; CRLF between messages is keep-alive. */
function frame(socket: Socket, onMessage: OnMessage): void {
  let buffered = Buffer.alloc(0);
  const reply: Reply = (text) => { if (!socket.destroyed) socket.write(text); };
  const from = (): Place => ({ host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 });
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => {
    buffered = Buffer.concat([buffered, data]);
    for (;;) {
      while (buffered.length > 0 && (buffered[0] === 13 || buffered[0] === 10)) buffered = buffered.subarray(1);
      const end = buffered.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/^(?:content-length|l)\s*:\s*(\d+)/im.exec(buffered.toString('latin1', 0, end))?.[1] ?? 0);
      if (buffered.length < end + 4 + length) return;
      const text = buffered.toString('utf8', 0, end + 4 + length);
      buffered = buffered.subarray(end + 4 + length);
      deliver(text, reply, from(), onMessage);
    }
  });
}

/** One connection to the server, opened again when it is found closed, and a listener for calls that come the other way. */
export async function openTcp(options: TransportOptions): Promise<Transport> {
  const sockets = new Set<Socket>();
  const adopt = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    frame(socket, options.onMessage);
    return socket;
  };
  const listener = createServer(adopt);
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port, options.address, resolve);
  });
  const bound = listener.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  let outbound: Socket | undefined;
  return {
    protocol: 'TCP',
    address: options.address,
    port,
    send(data) {
      if (outbound === undefined || outbound.destroyed) {
        outbound = adopt(connect({ host: options.server.host, port: options.server.port, localAddress: options.address }));
      }
      outbound.write(data);
    },
    close: () => new Promise((resolve) => {
      sockets.forEach((socket) => socket.destroy());
      listener.close(() => { resolve(); });
    }),
  };
}
