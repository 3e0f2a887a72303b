import { createServer } from 'node:net';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { freePort } from '../../../test/kit/ports.js';
import { startMediaServer } from './index.js';
import { openLab, SECRET } from './lab.test.js';

it('an address that is taken: an error, and nothing stays open', async () => {
  const lab = await openLab();
  const ours = async (): Promise<number> => (await readdir(tmpdir())).filter((name) => name.startsWith(`strowger-music-${process.pid}-`)).length;
  const before = await ours();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const sip = { host: '127.0.0.1', port: await freePort() };
  await expect(startMediaServer({ ...lab.options, sip, esl: { host: '127.0.0.1', port } }, pino({ level: 'silent' }))).rejects.toThrow();
  expect(await ours()).toBe(before);
  const again = await startMediaServer({ ...lab.options, sip, esl: { host: '127.0.0.1', port: 0 } }, pino({ level: 'silent' }));
  expect(again.sipAddress).toBe(`127.0.0.1:${sip.port}`);
  await again.close();
  await new Promise((resolve) => taken.close(resolve));
  await lab.close();
});

it('a server that is closed says BYE to its calls', async () => {
  const lab = await openLab();
  const { call } = await lab.leg();
  const control = await lab.inbound(SECRET);
  const ended = call.ended();
  await lab.media.close();
  expect((await ended).by).toBe('them');
  expect(control.socket.destroyed || (await control.closed) === undefined).toBe(true);
  await lab.close();
});

it('a hundred calls at once come and go, and every gauge is back to nothing', async () => {
  const lab = await openLab();
  const phone = await lab.phone();
  for (let round = 0; round < 2; round++) {
    const calls = await Promise.all(
      Array.from({ length: 50 }, () => phone.call(`sip:x@${lab.media.sipAddress}`, { headers: [['X-esl-outbound', lab.target()]] })),
    );
    await Promise.all(calls.map((call) => call.answered(15_000)));
    expect(lab.media.gauges().endpoints).toBe(50);
    const control = await lab.inbound(SECRET);
    if (round === 0) expect(await control.api('hupall')).toContain('+OK');
    else for (const socket of lab.sockets()) socket.destroy();
    await Promise.all(calls.map((call) => call.ended(15_000)));
    await lab.idle(15_000);
    control.socket.destroy();
  }
  await lab.close();
});
