import { spawn, type ChildProcess } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { freePorts, freeRange } from '../kit/ports.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until, within } from '../kit/wait.js';
import { ended, newest, talking } from './talk.js';

const clean: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of clean.splice(0).reverse()) await undo();
});

async function strowger(env: Record<string, string> = {}): Promise<Strowger> {
  const one = await startStrowger({ agents: 1, env });
  onTestFailed(() => console.error(one.output()));
  clean.push(() => one.stop());
  return one;
}

type MediaServer = { readonly esl: number; readonly secret: string; readonly output: () => string };

/** The media server alone, with a secret of our own. */
async function mediaServer(): Promise<MediaServer> {
  const [esl = 0, sip = 0] = await freePorts(2);
  const rtp = await freeRange(200);
  const secret = 'of-our-own';
  const args = ['--esl', `127.0.0.1:${esl}`, '--secret', secret, '--sip', `127.0.0.1:${sip}`, '--rtp', `${rtp.from}-${rtp.to}`, '--sounds', import.meta.dirname, '--profile', 'drachtio_mrf'];
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, '../../bin/strowger.js'), 'media', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout?.on('data', (data: Buffer) => { output += data.toString(); });
  child.stderr?.on('data', (data: Buffer) => { output += data.toString(); });
  const exited = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
  onTestFailed(() => console.error(output));
  clean.push(async () => {
    child.kill('SIGTERM');
    await within(10_000, 'the end of the media server', exited).finally(() => child.kill('SIGKILL'));
  });
  await until('READY', 20_000, () => output.startsWith('READY\n'));
  return { esl, secret, output: () => output };
}

/** A client of the event socket past its authentication; `commands` are sent at once. */
async function client({ esl, secret }: MediaServer, ...commands: readonly string[]): Promise<Socket> {
  const socket = connect(esl, '127.0.0.1');
  clean.push(() => socket.destroy());
  socket.on('error', () => undefined);
  let heard = '';
  const listen = (data: Buffer): void => { heard += data.toString(); };
  socket.on('data', listen);
  socket.write(`auth ${secret}\n\n`);
  await until('the event socket to let us in', 5_000, () => heard.includes('+OK accepted'));
  for (const command of commands) socket.write(`${command}\n\n`);
  await until('its answers', 5_000, () => heard.split('command/reply').length > commands.length + 1);
  socket.off('data', listen);
  return socket;
}

it('a client of the event socket that does not read is dropped, and calls go on (P29)', async () => {
  const media = await mediaServer();
  const house = await strowger({ STROWGER_FREESWITCH: `127.0.0.1:${media.esl}:${media.secret}` });
  const { caller, agent } = await talking(house);
  const stuck = await client(media, 'event plain all');
  stuck.pause();
  const busy = await client(media);
  busy.resume();
  let written = 0;
  await until('the media server to drop it', 60_000, () => {
    for (let i = 0; i < 500; i += 1) busy.write(`bgapi echo ${'x'.repeat(2_000)} ${(written += 1)}\n\n`);
    return media.output().includes('it does not read');
  }, 100);
  const dropped = new Promise<void>((resolve) => stuck.once('close', () => { resolve(); }));
  stuck.resume();
  await within(10_000, 'the end of the client that did not read', dropped);
  expect(busy.closed).toBe(false);
  caller.media.expect(660);
  agent.media.expect(440);
  const both = [caller, agent].map(({ media: heard }) => heard.until('audio', 10_000, (r) => r.heard.tone >= 50));
  await Promise.all(both);
  expect(await caller.bye()).toBe(200);
  expect((await agent.ended()).by).toBe('them');
  const next = await talking(house, '1202');
  expect(await next.agent.bye()).toBe(200);
  expect((await ended(house, next.id)).cause).toBe('completed');
});

describe('a media server that stands still (P30)', () => {
  const freed = (house: Strowger): Promise<unknown> =>
    Promise.all(['media_endpoints', 'rtp_ports_in_use', 'calls_active'].map((gauge) => expect.poll(() => house.metric(`strowger_${gauge}`), { timeout: 20_000, message: gauge }).toBe(0)));

  it('costs a new caller seconds, not for ever, and what it makes too late is freed', async () => {
    const house = await strowger();
    const phone = await house.phone('1201');
    house.kill('media', 'SIGSTOP');
    clean.push(() => house.kill('media', 'SIGCONT'));
    const call = await phone.call('4000');
    expect((await call.ended(20_000)).status).toBe(503);
    house.kill('media', 'SIGCONT');
    expect((await ended(house, (await newest(house, '1201')).id)).cause).toBe('failed');
    await freed(house);
    const again = await phone.call('4000');
    await again.answered(20_000);
    await again.media.packets(20, 20_000);
    expect(await again.bye()).toBe(200);
    await phone.close();
  });

  it('does not keep a call that was hung up meanwhile', async () => {
    const house = await strowger();
    const { caller, agent, id } = await talking(house);
    house.kill('media', 'SIGSTOP');
    clean.push(() => house.kill('media', 'SIGCONT'));
    expect(await caller.bye()).toBe(200);
    expect((await agent.ended(20_000)).by).toBe('them');
    expect((await ended(house, id)).cause).toBe('completed');
    house.kill('media', 'SIGCONT');
    await freed(house);
  });
});
