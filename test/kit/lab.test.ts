import { afterEach, expect, it } from 'vitest';
import { startFarm } from './farm.js';
import { createNat, natImpossible } from './netns.js';
import { createPhone } from './phone.js';
import { freePort } from './ports.js';
import { cpuSeconds, memoryMb } from './processes.js';
import { capture } from './wire.js';

const clean: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of clean.splice(0).reverse()) await step();
});

it('sees on the wire what two phones said', async () => {
  const [pa, pb] = [await freePort(), await freePort()];
  const anna = await createPhone({ user: 'anna', port: pa, server: { host: '127.0.0.1', port: pb } });
  const ben = await createPhone({ user: 'ben', port: pb, server: { host: '127.0.0.1', port: pa } });
  clean.push(() => anna.close(), () => ben.close());
  const wire = await capture(`udp port ${String(pa)}`);
  clean.push(wire.remove);
  const call = await anna.call('ben');
  (await ben.nextCall()).answer();
  await call.answered();
  await call.bye();
  await wire.stop();
  const rows = wire.rows('sip', ['sip.Method', 'sip.Status-Code'], [`udp.port==${String(pa)},sip`]);
  expect(rows.map((row) => row.join(''))).toEqual(['INVITE', '100', '200', 'ACK', 'BYE', '200']);
});

const impossible = natImpossible();
it.skipIf(impossible !== undefined)(`a phone behind a NAT reaches us from another address (${impossible ?? 'as root'})`, async () => {
  const nat = createNat();
  clean.push(nat.remove);
  const port = await freePort();
  const server = await createPhone({ user: 'server', address: nat.serverAddress, port, server: { host: nat.publicAddress, port: 9 } });
  clean.push(() => server.close());
  const farm = await startFarm(nat.inside);
  clean.push(() => farm.stop());
  const phone = await farm.phone({ user: 'inside', address: nat.privateAddress, server: { host: nat.serverAddress, port } });
  const number = await phone.call('server', 500);
  const call = await server.nextCall();
  call.answer();
  await phone.answered(number);
  await call.media.until('strangers: RTP from the public side of the NAT', 3000, (r) => r.strangers > 10);
  expect(call.invite().headers.find(([name]) => name === 'Contact')?.[1]).toContain(nat.privateAddress);
  expect(cpuSeconds(farm.pid)).toBeGreaterThan(0);
  expect(memoryMb(farm.pid)).toBeGreaterThan(10);
});
