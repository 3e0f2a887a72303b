import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PortTaken } from './errors.js';
import { freePorts, mustBeFree } from './ports.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function takenTcp(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function takenUdp(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  closers.push(() => socket.close());
  await once(socket, 'listening');
  return socket.address().port;
}

describe('a port in use', () => {
  it('is named with its address, and the hint names the variable', async () => {
    const port = await takenTcp();
    const refused = mustBeFree('HTTP', 'tcp', { host: '127.0.0.1', port });
    await expect(refused).rejects.toThrow(PortTaken);
    await expect(refused).rejects.toMatchObject({
      message: `cannot listen for HTTP on tcp 127.0.0.1:${port}: the port is in use`,
      hint: 'stop the program that has it, or set STROWGER_HTTP_PORT to another port',
    });
  });

  it('is seen on UDP as well', async () => {
    const port = await takenUdp();
    await expect(mustBeFree('SIP', 'udp', { host: '127.0.0.1', port })).rejects.toThrow(`udp 127.0.0.1:${port}`);
  });
});

it('says so when the address is not one of this machine', async () => {
  await expect(mustBeFree('SIP', 'udp', { host: '192.0.2.1', port: 5060 })).rejects.toMatchObject({
    hint: expect.stringContaining('STROWGER_SIP_ADDRESS'),
  });
});

it('lets a free port pass, and leaves it free', async () => {
  const [port = 0] = await freePorts(1);
  const place = { host: '127.0.0.1', port };
  await mustBeFree('SIP', 'udp', place);
  await mustBeFree('SIP', 'tcp', place);
  await mustBeFree('SIP', 'udp', place);
});

it('finds several ports, each another one', async () => {
  const ports = await freePorts(5);
  expect(new Set(ports).size).toBe(5);
});
