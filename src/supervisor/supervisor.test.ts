import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSettings } from '../config/index.js';
import type { Log } from './log.js';
import { startSupervisor, type Supervisor } from './supervisor.js';

/** Stands for edge, media and app: says READY, reports what it sees, ends when its channel closes or it is told. */
const program = `
const [name, ...args] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify({ name, pid: process.pid, ...what }));
process.on('disconnect', () => process.exit(0));
process.on('message', (got) => say({ got }));
let asked = 0;
process.on('SIGTERM', () => { asked += 1; say({ term: asked }); if (name !== 'app' || !process.env.DRAINS || (asked === 2 && process.env.DRAINS !== 'forever')) process.exit(0); });
process.on('SIGHUP', () => say({ hup: 1 }));
if (process.env.FAILS === name) process.exit(3);
console.log('READY');
say({ args, drachtio: process.env.STROWGER_DRACHTIO, sip: process.env.STROWGER_SIP_PORT, http: process.env.STROWGER_HTTP_PORT });
if (name !== 'app') process.send({ type: 'stats', gauges: { strowger_dialogs: 2 } });
`;

type Said = { name: string; pid: number; args?: string[]; drachtio?: string; got?: unknown; term?: number; hup?: number };
const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined, child: () => quiet };
let data: string;
let said: Said[];
let running: Supervisor | undefined;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'supervisor-'));
  writeFileSync(join(data, 'program.cjs'), program);
  said = [];
});
afterEach(async () => {
  void running?.stop();
  void running?.stop();
  await running?.stop();
  running = undefined;
  rmSync(data, { recursive: true });
});

async function start(over: Record<string, string> = {}): Promise<Supervisor> {
  const env = { STROWGER_DATA: data, STROWGER_SIP_ADDRESS: '127.0.0.1', STROWGER_SIP_PORT: '0', STROWGER_HTTP_PORT: '0', ...over };
  running = await startSupervisor(readSettings(env), {
    run: [process.execPath, join(data, 'program.cjs')], env: { ...process.env, ...env }, log: quiet,
    print: (line) => said.push(JSON.parse(line) as Said),
  });
  return running;
}
const pidFile = (name: string) => join(data, 'run', `${name}.pid`);
const pidOf = (name: string) => Number(readFileSync(pidFile(name), 'utf8'));
const lives = (name: string) => said.filter((s) => s.name === name && s.args);
const soon = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 10 });

it('starts the servers first, then the application, and leaves their process IDs in files', async () => {
  await start();
  await soon(() => expect(lives('app')).toHaveLength(1));
  expect(said.filter((s) => s.args).at(-1)?.name).toBe('app');
  for (const name of ['edge', 'media', 'app']) expect(pidOf(name)).toBe(lives(name)[0]?.pid);
});

it('fills in ports that were left to it, and tells the application', async () => {
  const { sip, http } = await start();
  await soon(() => expect(lives('app')).toHaveLength(1));
  expect(sip.port).toBeGreaterThan(0);
  expect(lives('app')[0]).toMatchObject({ sip: String(sip.port), http: String(http.port) });
  expect(lives('edge')[0]?.args).toContain(`udp:127.0.0.1:${sip.port}`);
});

it('lets the application alone read its configuration again', async () => {
  const supervisor = await start();
  await soon(() => expect(lives('app')).toHaveLength(1));
  supervisor.reload();
  await soon(() => expect(said.filter((s) => s.hup).map((s) => s.name)).toEqual(['app']));
});

it.each(['edge', 'media', 'app'])('starts %s again at once when it is killed, on the same ports', async (name) => {
  await start();
  await soon(() => expect(lives(name)).toHaveLength(1));
  const killedAt = performance.now();
  process.kill(pidOf(name), 'SIGKILL');
  await soon(() => expect(lives(name)).toHaveLength(2));
  expect(performance.now() - killedAt).toBeLessThan(2_000);
  const [before, after] = lives(name);
  expect(after?.pid).not.toBe(before?.pid);
  expect(after?.args).toEqual(before?.args);
  expect(after?.drachtio).toBe(before?.drachtio);
  expect(pidOf(name)).toBe(after?.pid);
});

it('shows the application what the servers report, and zeros when one has died', async () => {
  await start();
  const fromMedia = () => said.filter((s) => s.name === 'app' && JSON.stringify(s.got ?? '').includes('"media"')).map((s) => s.got);
  await soon(() => expect(fromMedia().length).toBeGreaterThan(0));
  process.kill(pidOf('media'), 'SIGKILL');
  await soon(() => expect(fromMedia()).toContainEqual({ type: 'stats', from: 'media', gauges: { strowger_dialogs: 0 } }));
});

describe('when told to stop', () => {
  it('lets the application end its calls before the servers go', async () => {
    const supervisor = await start({ DRAINS: '1' });
    let over = false;
    void supervisor.stop().then(() => { over = true; });
    await soon(() => expect(said).toContainEqual(expect.objectContaining({ name: 'app', term: 1 })));
    expect(over).toBe(false);
    expect(existsSync(pidFile('edge'))).toBe(true);
    await supervisor.stop(); // the second request: now
    expect(said.filter((s) => s.term).map((s) => `${s.name} ${s.term ?? ''}`)).toEqual(['app 1', 'app 2', expect.any(String), expect.any(String)]);
    for (const name of ['supervisor', 'edge', 'media', 'app']) expect(existsSync(pidFile(name))).toBe(false);
  });

  it('does not wait for an application that dies meanwhile', async () => {
    const supervisor = await start({ DRAINS: '1' });
    const stopped = supervisor.stop();
    process.kill(pidOf('app'), 'SIGKILL');
    await stopped;
    expect(lives('app').length).toBeLessThanOrEqual(1);
  });
});

it('kills an application that does not end, at the third request', async () => {
  const supervisor = await start({ DRAINS: 'forever' });
  void supervisor.stop();
  await soon(() => expect(said).toContainEqual(expect.objectContaining({ name: 'app', term: 1 })));
  void supervisor.stop();
  await soon(() => expect(said).toContainEqual(expect.objectContaining({ name: 'app', term: 2 })));
  await supervisor.stop();
  expect(existsSync(pidFile('app'))).toBe(false);
});

it('mends two processes that die together', async () => {
  await start();
  await soon(() => expect(lives('app')).toHaveLength(1));
  for (const name of ['edge', 'media']) process.kill(pidOf(name), 'SIGKILL');
  await soon(() => expect([lives('edge').length, lives('media').length]).toEqual([2, 2]));
  expect(lives('app')).toHaveLength(1);
});

it('keeps mending a process that dies again and again', async () => {
  await start();
  for (let life = 1; life <= 3; life += 1) {
    await soon(() => expect(lives('media')).toHaveLength(life));
    process.kill(lives('media')[life - 1]?.pid ?? 0, 'SIGKILL');
  }
  await soon(() => expect(lives('media')).toHaveLength(4));
});

describe('a start that cannot succeed', () => {
  it('names the taken port, and starts nothing', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = (taken.address() as AddressInfo).port;
    await expect(start({ STROWGER_HTTP_PORT: String(port) })).rejects.toThrow(`127.0.0.1:${port}`);
    taken.close();
    expect(said).toEqual([]);
    expect(existsSync(pidFile('supervisor'))).toBe(false);
  });

  it('ends the others when one process fails before it was ever ready', async () => {
    await expect(start({ FAILS: 'app' })).rejects.toThrow('the app process did not start: exit code 3');
    for (const name of ['supervisor', 'edge', 'media']) expect(existsSync(pidFile(name))).toBe(false);
  });
});

it('leaves servers of somebody else alone', async () => {
  await start({ STROWGER_DRACHTIO: '198.51.100.1:9022:x', STROWGER_FREESWITCH: '198.51.100.2:8021:y' });
  await soon(() => expect(lives('app')).toHaveLength(1));
  expect(said.map((s) => s.name)).toEqual(['app']);
  expect(lives('app')[0]?.drachtio).toBe('198.51.100.1:9022:x');
});
