import type { Ms } from '../../../base/index.js';
import { RtpAddressUnusable, RtpPortsExhausted } from '../channel/errors.js';
import { freePort, takePort, type PortPool } from './ports.js';
import { isPortTaken, openPair, type SocketPair } from './socket.js';

/**
 * The next free pair of ports, bound. What others use is skipped.
 * @throws RtpPortsExhausted, RtpAddressUnusable
 */
export async function reservePorts(pool: PortPool, address: string, clock: () => Ms, onError: (error: Error) => void): Promise<{ port: number; sockets: SocketPair }> {
  for (let tries = 0; tries < pool.pairs; tries += 1) {
    const port = takePort(pool, clock());
    if (port === undefined) break;
    try {
      return { port, sockets: await openPair(address, port, onError) };
    } catch (error) {
      freePort(pool, port, clock());
      if (!isPortTaken(error)) throw new RtpAddressUnusable(`RTP cannot be bound to ${address}`, { hint: 'is it an address of this machine?', cause: error });
    }
  }
  throw new RtpPortsExhausted(`no free pair of RTP ports from ${pool.first} on`, { hint: 'widen STROWGER_RTP_PORTS' });
}
