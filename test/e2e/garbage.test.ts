import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { readWav } from '../kit/listen.js';
import { createPhone, RegisterFailed, type Call } from '../kit/phone.js';
import { memoryMb } from '../kit/processes.js';
import { realBackend, startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { folder, straightTo } from './house.js';
import { invite, tcpStranger, udpStranger, type Stranger } from './stranger.js';
import { ended, setState, talking, type CallView } from './talk.js';

const good = straightTo({ 4000: 'support' });
const mounts: string[] = [];
let strowger: Strowger;
let dialplans: string;
let call: { readonly caller: Call; readonly agent: Call; readonly id: string };
let over = false;
const strangers: Stranger[] = [];

function mountTmpfs(dir: string, options: string): string {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]);
  mounts.push(dir);
  return dir;
}
beforeAll(async () => {
  const data = mountTmpfs(mkdtempSync(join(tmpdir(), 'strowger-garbage-')), 'size=128m'); // recordings and database on one disk
  dialplans = folder({ 'main.yaml': good });
  strowger = await startStrowger({ agents: 3, data, dialplans, config: folder({ 'recordings.yaml': 'recording: { notice: false }\n' }) });
  call = await talking(strowger, '1201', '1001');
});
afterAll(async () => {
  await strowger.stop();
  for (const dir of mounts) {
    execFileSync('umount', [dir]);
    rmSync(dir, { recursive: true });
  }
});
beforeEach(() => {
  onTestFailed(() => console.error(strowger.output()));
  if (over) return;
  call.caller.media.reset();
  call.agent.media.reset();
});
/** Whatever a test did, the call that was in progress heard nothing of it: every packet came, no sample is missing. */
afterEach(async () => {
  for (const one of strangers.splice(0)) one.close();
  if (over) return;
  for (const [party, tone] of [[call.caller, 660], [call.agent, 440]] as const) {
    await party.media.packets(25, 10_000);
    await party.media.heard(tone, 5_000);
    const { lost, sources, ...heard } = party.media.reception();
    const jumps = realBackend() ? 0 : heard.jumps; // FreeSWITCH's own timestamps step when the machine is busy
    expect({ lost, jumps, sources, state: party.state() }).toEqual({ lost: 0, jumps: 0, sources: 1, state: 'talking' });
  }
});
const udp = async (address?: string): Promise<Stranger> => keep(await udpStranger(strowger.sip, address));
const tcp = async (address?: string): Promise<Stranger> => keep(await tcpStranger(strowger.sip, address));
const keep = (one: Stranger): Stranger => (strangers.push(one), one);
/** The same bytes in every run (mulberry32). */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const noise = (draw: () => number, bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => Math.floor(draw() * 256)));
const phoneCalls = async (user: string): Promise<void> => {
  const phone = await strowger.phone(user);
  const out = await phone.call('4000');
  await out.answered(10_000);
  await out.media.packets(10, 5_000);
  expect(await out.bye()).toBe(200);
  await phone.close();
};

describe('on the SIP port', () => {
  it('random bytes and cut-off messages do no harm, on UDP and TCP', async () => {
    const draw = random(1);
    const one = await udp();
    const whole = invite(strowger.sip, { port: one.port, proto: 'UDP' }, { body: 'v=0\r\no=- 1 1 IN IP4 127.0.0.3\r\ns=-\r\n' });
    for (let i = 0; i < 1_000; i += 1) one.send(noise(draw, 1 + Math.floor(draw() * 1_400)));
    for (let cut = 1; cut < whole.length; cut += 3) one.send(whole.slice(0, cut));
    for (let i = 0; i < 20; i += 1) {
      const connection = await tcp();
      connection.send(noise(draw, 4_000));
      connection.send(whole.slice(0, Math.floor(draw() * whole.length)));
      connection.close();
    }
    await phoneCalls('1202');
    expect(strowger.output()).toContain('not a SIP message');
  });

  it.each<[what: string, proto: 'UDP' | 'TCP', options: Parameters<typeof invite>[2], status: number]>([
    ['a Content-Length above what came', 'UDP', { length: 500 }, 400],
    ['a Content-Length below what came (RFC 3261 §18.3: the rest is dropped)', 'UDP', { length: 2 }, 401],
    ['a Content-Length below zero', 'UDP', { length: -1 }, 400],
    ['10 000 header lines', 'UDP', { extra: 'X: 1\r\n'.repeat(10_000).trimEnd() }, 513],
    ['a Content-Length below zero', 'TCP', { length: -1 }, 400],
    ['no Content-Length', 'TCP', { length: 'none' }, 400],
    ['10 000 header lines', 'TCP', { extra: 'X: 1\r\n'.repeat(10_000).trimEnd() }, 513],
    ['more than 64 KiB', 'TCP', { body: 'x'.repeat(70_000) }, 513],
    ['a header of 60 000 characters', 'TCP', { extra: `X: ${'y'.repeat(60_000)}` }, 513],
  ])('%s on %s is answered: %#', async (_what, proto, options, status) => {
    const address = '127.0.0.9'; // somebody else than who sent the noise: garbage is answered 20 times a second and address
    const one = await (proto === 'UDP' ? udp(address) : tcp(address));
    one.send(invite(strowger.sip, { port: one.port, proto, address }, options));
    expect(await one.status()).toBe(status);
    if (proto === 'TCP') await one.closed();
  });

  it('a Content-Length that is too small on TCP: what follows the message is no message and ends the connection', async () => {
    const one = await tcp('127.0.0.10');
    one.send(invite(strowger.sip, { port: one.port, proto: 'TCP', address: '127.0.0.10' }, { length: 2, body: 'v=0 and more that is no message\r\n\r\n' }));
    await one.closed();
    expect(one.answers().filter((line) => !/ (100|400|401|407) /.test(line))).toEqual([]);
  });

  it('who drips bytes, who promises a body, and who says nothing is disconnected; connections of one address are counted', async () => {
    const silent = await Promise.all(Array.from({ length: 120 }, () => tcp('127.0.0.4')));
    const dripping = await Promise.all(Array.from({ length: 10 }, () => tcp('127.0.0.5')));
    const promising = await tcp('127.0.0.6');
    promising.send(invite(strowger.sip, { port: promising.port, proto: 'TCP', address: '127.0.0.6' }, { length: 5_000 }));
    const drip = setInterval(() => {
      for (const one of dripping) if (!one.isClosed()) one.send('I');
    }, 200);
    const phone = await strowger.phone('1203', { transport: 'tcp' });
    try {
      await until('most of the silent ones to be turned away at once', 5_000, () => silent.filter((one) => one.isClosed()).length >= 120 - 50);
      await Promise.all([...silent, ...dripping, promising].map((one) => one.closed(30_000)));
    } finally {
      clearInterval(drip);
    }
    const out = await phone.call('4000'); // on the connection it has had all the time
    await out.answered(10_000);
    expect(await out.bye()).toBe(200);
    await phone.close();
  });

  it('500 INVITEs a second of a stranger: refused or ignored, phones go on calling, memory stays', async () => {
    const sockets = await Promise.all(Array.from({ length: 10 }, () => udp('127.0.0.7')));
    const ours = realBackend() ? (['app'] as const) : (['app', 'edge'] as const);
    const before = ours.map((process) => memoryMb(strowger.pid(process)));
    const start = performance.now();
    let sent = 0;
    const flood = setInterval(() => {
      for (; sent < (performance.now() - start) / 2; sent += 1) {
        const one = sockets[sent % sockets.length]!;
        one.send(invite(strowger.sip, { port: one.port, proto: 'UDP', address: '127.0.0.7' }));
      }
    }, 10);
    try {
      const phone = await strowger.phone('1204');
      for (let calls = 0; sent < 2_500 || calls < 10; calls += 1) {
        const out = await phone.call('4000');
        await out.answered(10_000);
        expect(await out.bye()).toBe(200);
      }
      await phone.close();
    } finally {
      clearInterval(flood);
    }
    const answers = sockets.flatMap((one) => one.answers());
    expect(answers.filter((line) => !/^SIP\/2\.0 (100|401|403|407|503) /.test(line))).toEqual([]);
    expect(answers.some((line) => line.includes(' 503 '))).toBe(true);
    const { body } = await strowger.api<{ items: { from: string }[] }>('/v1/calls?limit=1000');
    expect(body.items.filter((c) => c.from === 'mallory')).toEqual([]);
    // A refused INVITE is remembered for 32 s (timer H, RFC 3261 §17.2.1), some 12 kB each: the rate limits bound them all.
    for (const [i, process] of ours.entries()) expect(memoryMb(strowger.pid(process)) - before[i]!, process).toBeLessThan(128);
    expect(strowger.output()).toMatch(/too many requests from a stranger|stranger_throttled/);
  });

  it('wrong passwords get 403, are logged, and after ten the user has to wait, but only from that address', async () => {
    const at = async (user: string, password: string, address: string): Promise<number> => {
      const phone = await createPhone({ user, password, server: strowger.sip, domain: '127.0.0.1', address });
      const status = await phone.register().then((r) => r.status, (error: unknown) => (error instanceof RegisterFailed ? error.status : Promise.reject(error as Error)));
      await phone.close();
      return status;
    };
    for (let i = 0; i < 11; i += 1) expect(await at('1205', 'guess', '127.0.0.8')).toBe(403);
    expect(await at('1205', strowger.password, '127.0.0.8')).toBe(403);
    expect(await at('1206', strowger.password, '127.0.0.8')).toBe(200);
    expect(await at('1205', strowger.password, '127.0.0.1')).toBe(200);
    expect(strowger.output().match(/wrong credentials/g)?.length).toBe(10);
  });

  it('a number that leads nowhere gets 404', async () => {
    const phone = await strowger.phone('1206');
    const out = await phone.call('4999');
    expect((await out.ended(10_000)).status).toBe(404);
    await phone.close();
  });
});

describe('on the HTTP port', () => {
  const put = (path: string, body: string, headers: Record<string, string> = {}) => strowger.raw(path, { method: 'PUT', body, headers });
  it.each<[what: string, ask: () => Promise<Response>, status: number, code: string]>([
    ['a body that is no JSON', () => put('/v1/agents/1001/state', '{"state":'), 400, 'malformed'],
    ['a body that says something else', () => put('/v1/agents/1001/state', '{"status":"away"}'), 422, 'invalid'],
    ['a body of another type', () => put('/v1/agents/1001/state', 'state=away', { 'content-type': 'text/plain' }), 415, 'not_json'],
    ['a body of 1 MiB', () => put('/v1/agents/1001/state', `{"state":"${'x'.repeat(1_048_576)}"}`), 413, 'too_large'],
    ['a wrong method', () => strowger.raw('/v1/calls', { method: 'DELETE' }), 405, 'wrong_method'],
    ['an unknown path', () => strowger.raw('/v1/nothing'), 404, 'no_such_path'],
    ['an unknown call', () => strowger.raw('/v1/calls/call_none'), 404, 'no_such_call'],
    ['a limit out of range', () => strowger.raw('/v1/calls?limit=0'), 400, 'malformed'],
    ['no token', () => fetch(`${strowger.base}/v1/calls`), 401, 'unauthorized'],
  ])('%s: problem+json', async (_what, ask, status, code) => {
    const response = await ask();
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(await response.json()).toMatchObject({ status, code, hint: expect.any(String) });
  });

  it('wrong tokens get 401, then 429 with Retry-After; the right one is let through all the while', async () => {
    const guess = (i: number) => fetch(`${strowger.base}/v1/calls`, { headers: { authorization: `Bearer guess-${i}` } });
    for (let i = 0; i < 10; i += 1) expect((await guess(i)).status).toBe(401);
    const blocked = await guess(10);
    expect([blocked.status, Number(blocked.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await strowger.raw('/v1/calls')).status).toBe(200);
  });
});

describe('in the files', () => {
  const healthz = async (): Promise<string> => (await fetch(`${strowger.base}/healthz`)).text();

  it('a dialplan that refers to a missing flow is refused with its place, and the good one serves on', async () => {
    writeFileSync(join(dialplans, 'main.yaml'), good.replace('flow: to_4000 }', 'flow: nowhere }'));
    await until('the refusal', 10_000, () => /main\.yaml:3:\d+ /.test(strowger.output()));
    expect(await healthz()).toContain('dialplans: 1 fault');
    await phoneCalls('1207');
    writeFileSync(join(dialplans, 'main.yaml'), straightTo({ 4000: 'support', 4002: 'support' }));
    await until('the new one', 10_000, async () => !(await healthz()).includes('fault'));
    const phone = await strowger.phone('1208');
    const out = await phone.call('4002');
    await out.answered(10_000);
    expect(await out.bye()).toBe(200);
    await phone.close();
  });

  it('`dialplan check` says the same and exits with 1', async () => {
    const dir = folder({ 'main.yaml': good.replace('flow: to_4000 }', 'flow: nowhere }') });
    const { code, out } = await command(['dialplan', 'check', '--json'], { STROWGER_DIALPLANS: dir });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toContainEqual(expect.objectContaining({ file: join(dir, 'main.yaml'), line: 3, code: 'dialplan.missing_flow' }));
  });

  it.each([
    ['broken YAML', 'queues:\n  - { name: support\n', /queues\.yaml:\d+:\d+ /],
    ['an unknown key', 'queues:\n  - { name: support, offer_second: 3 }\n', /queues\.yaml:2:\d+ [^]*offer_seconds/],
  ])('%s in the configuration: no start, file:line:column, exit code 1', async (_what, text, says) => {
    const { code, out } = await command(['start'], { ...elsewhere(), STROWGER_CONFIG: folder({ 'queues.yaml': text }) });
    expect(out).toMatch(says);
    expect(out).not.toMatch(/\n\s+at .*\.js:\d+/);
    expect(code).toBe(1);
  });

  it('a data folder that cannot be written: no start, and it says which', async () => {
    const data = mountTmpfs(mkdtempSync(join(tmpdir(), 'strowger-ro-')), 'ro,size=1m');
    const { code, out } = await command(['start'], { ...elsewhere(), STROWGER_DATA: data });
    expect(code).toBe(1);
    expect(out).toContain(data);
    expect(out).not.toMatch(/\n\s+at .*\.js:\d+/);
  });
});

describe('the disk', () => {
  const facts = async (): Promise<string[]> => (await strowger.api<CallView>(`/v1/calls/${call.id}`)).body.timeline.map((t) => t.type);

  it('full in mid-call: log lines and /healthz say so, and the call goes on, hold and all', async () => {
    const filler = join(strowger.data, 'filler');
    fill(filler);
    try {
      await until('the recording to stop', 20_000, () => strowger.output().includes('recording failed'));
      await until('facts to wait in memory', 20_000, async () => {
        expect([await call.caller.hold(), await call.caller.resume()]).toEqual([200, 200]);
        return (await (await fetch(`${strowger.base}/healthz`)).text()).includes('disk: the database takes no writes');
      });
      expect(strowger.output()).toContain('the disk is full');
      for (const party of [call.caller, call.agent]) party.media.reset(); // what hold dropped is no loss
      await Promise.all([call.caller.media.heard(660, 5_000), call.agent.media.heard(440, 5_000)]);
    } finally {
      rmSync(filler);
    }
  });

  it('with room again: the call ends as calls do, nothing of it is missing, and its recording is short or reported', async () => {
    over = true;
    expect(await call.caller.bye()).toBe(200);
    const cdr = await ended(strowger, call.id, 10_000);
    expect([cdr.cause, cdr.timeline.filter((t) => t.type === 'call.ended').length]).toEqual(['completed', 1]);
    expect(cdr.timeline.filter((t) => t.type === 'call.held').length).toBe(cdr.timeline.filter((t) => t.type === 'call.resumed').length);
    await until('how the recording ended', 5_000, async () => (await facts()).some((t) => t === 'call.recording_failed' || t === 'call.recording_stopped'));
    if ((await facts()).includes('call.recording_failed')) return;
    const wav = readWav(Buffer.from(await (await strowger.raw(`/v1/calls/${call.id}/recording`)).arrayBuffer()));
    expect([wav.channels.length, wav.durationMs > 500]).toEqual([2, true]);
  });

  it('and the next call is recorded', async () => {
    await setState(strowger, '1001', 'away'); // his phone is still there, but nobody would answer it
    const other = await talking(strowger, '1210', '1003');
    expect(await other.caller.bye()).toBe(200);
    await ended(strowger, other.id);
    await until('the recording', 5_000, async () => (await strowger.raw(`/v1/calls/${other.id}/recording`)).status === 200);
  });
});

/** Takes what room there is. */
function fill(file: string): void {
  for (const chunk = Buffer.alloc(65_536); ;) {
    try {
      appendFileSync(file, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
/** Ports and folders apart from those of the Strowger that runs. */
const elsewhere = (): Record<string, string> => ({
  STROWGER_SIP_ADDRESS: '127.0.0.1', STROWGER_SIP_PORT: '0', STROWGER_HTTP_PORT: '0', STROWGER_DATA: mkdtempSync(join(tmpdir(), 'strowger-else-')),
});
/** Runs one command of the built program to its end. */
function command(args: readonly string[], env: Readonly<Record<string, string>>): Promise<{ readonly code: number; readonly out: string }> {
  const bin = join(import.meta.dirname, '../../bin/strowger.js');
  if (!existsSync(bin)) throw new Error(`no ${bin}`);
  const child = spawn(process.execPath, [bin, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { out += data.toString(); });
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  return new Promise((resolve) => child.once('close', (code) => {
    clearTimeout(late);
    resolve({ code: code ?? 255, out });
  }));
}
