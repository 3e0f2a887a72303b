import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Given out in this process before, so that two requests in a row never get the same one. */
const given = new Set<number>();

const tcpFree = (port: number, address: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => { resolve(undefined); });
    server.listen(port, address, () => {
      const bound = server.address();
      server.close(() => { resolve(typeof bound === 'object' && bound !== null ? bound.port : undefined); });
    });
  });

const udpFree = (port: number, address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => { resolve(false); });
    socket.bind({ port, address, exclusive: true }, () => { socket.close(() => { resolve(true); }); });
  });

/** A loopback port free on UDP and TCP at this moment. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = await tcpFree(0, address);
    if (port === undefined || given.has(port) || !(await udpFree(port, address))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port on ${address}`);
}

export async function freePorts(count: number, address = '127.0.0.1'): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort(address));
  return ports;
}

/** Test files that run beside each other draw from ranges of their own. */
const SHARE = 5_500;
const LOWEST = 10_000 + (Number(process.env['VITEST_POOL_ID'] ?? 1) % 4) * SHARE;

/** An even-numbered UDP range `from-to` below the ephemeral ports, sampled for being free, for STROWGER_RTP_PORTS. */
export async function freeRange(size: number, address = '127.0.0.1'): Promise<{ from: number; to: number }> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const from = LOWEST + 2 * Math.floor(Math.random() * ((SHARE - size) / 2));
    const probes = [from, from + Math.floor(size / 2), from + size - 1];
    const free = await Promise.all(probes.map((port) => udpFree(port, address)));
    if (free.every(Boolean) && !probes.some((port) => given.has(port))) {
      probes.forEach((port) => given.add(port));
      return { from, to: from + size - 1 };
    }
  }
  throw new Error(`no free UDP range of ${String(size)} ports on ${address}`);
}
