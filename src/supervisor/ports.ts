import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Address } from '../config/index.js';
import { PortTaken } from './errors.js';


/** Binds and lets go. @returns the port bound; rejects with the system's error */
function tryTcp({ host, port }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === 'object' && bound ? bound.port : port));
    });
  });
}

function tryUdp({ host, port }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', reject);
    socket.bind({ address: host, port, exclusive: true }, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}

/** @throws PortTaken when somebody else has the port, or the address is not ours */
export async function mustBeFree(use: 'SIP' | 'HTTP', proto: 'udp' | 'tcp', { host, port }: Address): Promise<void> {
  try {
    await (proto === 'udp' ? tryUdp : tryTcp)({ host, port });
  } catch (cause) {
    throw new PortTaken(use, proto, host, port, cause as NodeJS.ErrnoException);
  }
}

/** Ports free on UDP and TCP of `host` at this moment, each another one. */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count && attempt < 100; attempt += 1) {
    const port = await tryTcp({ host, port: 0 });
    await tryUdp({ host, port }).then(() => found.add(port), () => undefined);
  }
  if (found.size < count) throw new Error(`found ${found.size} of ${count} free ports on ${host}`);
  return [...found];
}
