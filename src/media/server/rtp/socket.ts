import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIP } from 'node:net';

/** Two bound sockets: RTP on an even port and RTCP on the next. */
export interface SocketPair {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  close(): Promise<void>;
}

export type OnDatagram = (packet: Buffer, from: RemoteInfo) => void;

/** SDP gives addresses, never names: answering at once spares dgram a DNS queue and a tick for each packet. */
function lookup(host: string, _options: unknown, done: (error: NodeJS.ErrnoException | null, address: string, family: number) => void): void {
  done(null, host, isIP(host));
}

function open(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: isIP(address) === 6 ? 'udp6' : 'udp4', lookup });
    const failed = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', failed);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', failed);
      resolve(socket);
    });
  });
}

const close = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));

/** @throws the socket's error, e.g. EADDRINUSE when either port is taken */
export async function openPair(address: string, port: number, onError: (error: Error) => void): Promise<SocketPair> {
  const rtp = await open(address, port);
  try {
    const rtcp = await open(address, port + 1);
    for (const socket of [rtp, rtcp]) socket.on('error', onError);
    return { rtp, rtcp, close: () => Promise.all([close(rtp), close(rtcp)]).then(() => undefined) };
  } catch (error) {
    await close(rtp);
    throw error;
  }
}

/** Whether the port is simply somebody else's. */
export const isPortTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
