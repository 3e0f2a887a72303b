import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { startBaresip, type Baresip, type BaresipOptions } from '../kit/baresip.js';
import { bursts, readWav } from '../kit/listen.js';
import { writeTone } from '../kit/material.js';
import { createPhone, type Phone, type PhoneOptions } from '../kit/phone.js';
import { freePort } from '../kit/ports.js';
import { DTMF, G722, PCMA, PCMU } from '../kit/sip/sdp.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { ended, newest } from './talk.js';

let strowger: Strowger;
let folder: string;
let carrierPort: number;
const open: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strowger-phones-'));
  carrierPort = await freePort();
  writeFileSync(join(folder, 'trunks.yaml'), `
trunks:
  - name: carrier
    peers: [127.0.0.9/32]
    hosts: [ { uri: "sip:127.0.0.1:${carrierPort}" } ]
    health: { interval_seconds: 0 }
    outbound: [ { pattern: "+86x.", priority: 1 } ]
`);
  strowger = await startStrowger({ agents: 1, config: folder });
});
afterAll(async () => {
  await strowger.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => onTestFailed(() => console.error(strowger.output())));
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

async function phone(user: string, options: Partial<PhoneOptions> = {}): Promise<Phone> {
  const one = await strowger.phone(user, options);
  open.push(() => one.close());
  return one;
}

async function baresip(user: string, options: Partial<BaresipOptions> = {}): Promise<Baresip> {
  const one = await startBaresip({ user, password: strowger.password, server: strowger.sip, says: writeTone(join(folder, '550.wav'), 550, 60), ...options });
  onTestFailed(() => console.error(one.output(), one.events));
  open.push(() => one.stop());
  // Its own REGISTER_OK may be told before anybody listens.
  await strowger.when<{ items: { number: string; registrations: { user_agent?: string }[] }[] }>('/v1/extensions', 20_000, (b) => b.items.some((e) => e.number === user && e.registrations.length > 0));
  return one;
}

/** The longest stretch of this tone in what baresip recorded, in ms. */
async function longest(one: Baresip, hz: number): Promise<number> {
  const read = (): number => {
    const wav = readWav(one.heardFiles().at(-1)!);
    return Math.max(0, ...bursts(wav.channels[0]!, hz, wav.rate, 100).map((b) => b.toMs - b.fromMs));
  };
  await until('what baresip heard', 10_000, () => {
    try {
      return read() > 0;
    } catch {
      return false; // the file is not closed yet
    }
  });
  return read();
}

describe('baresip', () => {
  it.each([['picks up by itself', true], ['is picked up by hand', false]])('as an agent %s, talks and hears', async (_how, autoAnswer) => {
    const agent = await baresip('1001', { autoAnswer });
    const caller = await phone('1201');
    const call = await caller.call('4000');
    await call.answered(30_000);
    await call.media.packets(20, 30_000);
    await call.media.digits('1');
    if (!autoAnswer) {
      await agent.event('CALL_INCOMING', 30_000);
      await agent.answer();
    }
    await agent.event('CALL_ESTABLISHED', 30_000);
    call.media.tone(850);
    await call.media.heard(550, 10_000);
    await call.media.packets(call.media.reception().packets + 100);
    await call.bye();
    await agent.event('CALL_CLOSED');
    expect(await longest(agent, 850)).toBeGreaterThan(800);
    const cdr = await ended(strowger, (await newest(strowger, '1201')).id);
    expect([cdr.agent, cdr.cause]).toEqual(['1001', 'completed']);
  });

  it('as a caller presses a key, talks, hears and hangs up', async () => {
    const agent = await phone('1001');
    const caller = await baresip('1202');
    await caller.dial('4000');
    await caller.event('CALL_ESTABLISHED', 30_000);
    await caller.digits('1');
    const offered = await agent.nextCall(30_000);
    expect(offered.from.user).toBe('1202');
    offered.media.tone(850);
    offered.answer();
    await offered.media.heard(550, 10_000);
    await offered.media.packets(offered.media.reception().packets + 100);
    await caller.hangUp();
    expect((await offered.ended(5_000)).by).toBe('them');
    expect(await longest(caller, 850)).toBeGreaterThan(800);
    expect((await ended(strowger, (await newest(strowger, '1202')).id)).cause).toBe('completed');
  });
});

describe('early media is heard before the answer', () => {
  it('from a phone', async () => {
    const [caller, callee] = [await phone('1201'), await phone('1202')];
    const call = await caller.call('1202');
    const offered = await callee.nextCall();
    offered.media.tone(700);
    offered.ring(true);
    await call.media.heard(700, 10_000);
    expect([call.state(), call.responses.at(-1)?.status]).toEqual(['ringing', 183]);
    offered.answer();
    await call.answered();
    call.media.tone(440);
    await offered.media.heard(440);
    await call.media.heard(700);
    expect(await call.bye()).toBe(200);
    await offered.ended();
  });

  it('from a trunk, and when it ends in a refusal the caller is told which', async () => {
    const carrier = await createPhone({ server: strowger.sip, user: 'carrier', port: carrierPort });
    open.push(() => carrier.close());
    const caller = await phone('1203');
    const call = await caller.call('+8613800138000');
    const taken = await carrier.nextCall();
    taken.media.tone(700);
    taken.ring(true);
    await call.media.heard(700, 10_000);
    expect(call.state()).toBe('ringing');
    taken.reject(486);
    expect((await call.ended()).status).toBe(486);
    expect((await ended(strowger, (await newest(strowger, '1203')).id)).cause).toBe('busy');
  });
});

describe('codecs', () => {
  it('a caller without one of ours gets 488 from the menu', async () => {
    const caller = await phone('1204', { codecs: [G722, DTMF] });
    const call = await caller.call('4000');
    expect((await call.ended()).status).toBe(488);
    expect((await ended(strowger, (await newest(strowger, '1204')).id)).cause).toBe('rejected');
  });

  it('a caller without one of ours who dials a phone gets 488, and the phone does not ring', async () => {
    const [caller, callee] = [await phone('1204', { codecs: [G722, DTMF] }), await phone('1202')];
    const call = await caller.call('1202');
    expect((await call.ended()).status).toBe(488);
    expect(callee.calls).toEqual([]);
    expect((await ended(strowger, (await newest(strowger, '1204')).id)).cause).toBe('rejected');
  });

  it('an agent without one of ours is passed by while the caller goes on waiting', async () => {
    const agent = await phone('1001', { codecs: [G722, DTMF] });
    const caller = await phone('1201');
    const call = await caller.call('4000');
    await call.answered(30_000);
    await call.media.packets(20, 30_000);
    await call.media.digits('1');
    const offered = await agent.nextCall(30_000);
    offered.answer();
    expect([offered.end()?.status, call.state()]).toEqual([488, 'talking']);
    await strowger.when<{ waiting: number }>('/v1/queues/support', 5_000, (q) => q.waiting === 1);
    expect(await call.bye()).toBe(200);
  });

  it('an A-law caller and a µ-law agent hear each other', async () => {
    const agent = await phone('1001', { codecs: [PCMU, DTMF] });
    const caller = await phone('1205', { codecs: [PCMA, DTMF] });
    const call = await caller.call('4000');
    await call.answered(30_000);
    await call.media.packets(20, 30_000);
    await call.media.digits('1');
    const offered = await agent.nextCall(30_000);
    offered.answer();
    call.media.tone(440);
    offered.media.tone(660);
    await Promise.all([call.media.heard(660, 10_000), offered.media.heard(440, 10_000)]);
    expect([call.media.remote()?.codecs[0]?.name, offered.media.remote()?.codecs[0]?.name]).toEqual(['PCMA', 'PCMU']);
    await offered.bye();
    await call.ended();
  });
});

/** Established TCP connections whose one end on this machine is this port. */
const connectionsAt = (port: number): number =>
  readFileSync('/proc/net/tcp', 'latin1').split('\n').filter((line) => new RegExp(`^ *\\d+: [0-9A-F]{8}:${port.toString(16).toUpperCase().padStart(4, '0')} \\S+ 01 `).test(line)).length;

it('a phone on TCP is called over the connection it registered on', async () => {
  const callee = await phone('1206', { transport: 'tcp' });
  const caller = await phone('1201');
  const call = await caller.call('1206');
  const offered = await callee.nextCall();
  offered.ring();
  offered.answer();
  await call.answered();
  offered.media.tone(660);
  await call.media.heard(660);
  expect(connectionsAt(callee.port)).toBe(0);
  expect(await call.bye()).toBe(200);
  expect((await offered.ended()).by).toBe('them');
  const back = await callee.call('1201');
  const taken = await caller.nextCall();
  taken.answer();
  await back.answered();
  expect(await back.bye()).toBe(200);
});

describe('an extension with several phones', () => {
  it('rings on all; the first answer wins and the others are cancelled', async () => {
    const phones = [await phone('1207'), await phone('1207'), await phone('1207', { transport: 'tcp' })];
    const caller = await phone('1201');
    const call = await caller.call('1207');
    const [first, second, third] = await Promise.all(phones.map((one) => one.nextCall()));
    [first, second, third].forEach((one) => one!.ring());
    await call.ringing();
    second!.media.tone(660);
    second!.answer();
    await call.answered();
    expect((await Promise.all([first!.ended(), third!.ended()])).map((end) => end.by)).toEqual(['cancelled', 'cancelled']);
    await call.media.heard(660);
    expect(await call.bye()).toBe(200);
    await second!.ended();
  });

  it('has one winner when all answer at once', async () => {
    const phones = [await phone('1207'), await phone('1207'), await phone('1207')];
    const caller = await phone('1201');
    const call = await caller.call('1207');
    const offered = await Promise.all(phones.map((one) => one.nextCall()));
    offered.forEach((one) => one.answer());
    await call.answered();
    await until('one to be left', 10_000, () => offered.filter((one) => one.state() === 'talking').length === 1);
    const winner = offered.find((one) => one.state() === 'talking')!;
    winner.media.tone(660);
    await call.media.heard(660);
    expect(await winner.bye()).toBe(200);
    await call.ended();
  });
});

it('a phone may prove itself by SHA-256', async () => {
  const caller = await phone('1208', { digest: 'SHA-256' });
  const sent = caller.log.flatMap((m) => (m.kind === 'request' ? m.headers.filter(([name]) => name === 'Authorization').map(([, value]) => value) : []));
  expect(sent.join()).toContain('algorithm=SHA-256');
  const callee = await phone('1201', { digest: 'MD5' });
  const call = await caller.call('1201');
  (await callee.nextCall()).answer();
  await call.answered();
  expect(await call.bye()).toBe(200);
});

it('two phones on one address stay two', async () => {
  const [one, two] = [await phone('1209', { address: '127.0.0.3' }), await phone('1210', { address: '127.0.0.3' })];
  for (const [from, to] of [[one, two], [two, one]] as const) {
    const call = await from.call(to.user);
    const offered = await to.nextCall();
    expect(offered.from.user).toBe(from.user);
    offered.answer();
    await call.answered();
    offered.media.tone(660);
    await call.media.heard(660);
    expect(await call.bye()).toBe(200);
    await offered.ended();
  }
});

it('everything is idle again afterwards', async () => {
  for (const gauge of ['calls_active', 'legs_active', 'dialogs', 'transactions', 'media_endpoints', 'rtp_ports_in_use', 'timers']) {
    await expect.poll(() => strowger.metric(`strowger_${gauge}`), { timeout: 40_000, interval: 500, message: gauge }).toBe(0);
  }
});
