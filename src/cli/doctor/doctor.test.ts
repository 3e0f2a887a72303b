import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../config/index.js';
import { terminal } from '../terminal.fixture.js';
import { doctor } from './index.js';
import { dataFolder, nativeModule, nodeVersion } from './machine.js';
import { address, rtp } from './network.js';

let dir: string;
let env: Record<string, string>;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'doctor-'));
  mkdirSync(join(dir, 'dialplans'));
  env = { STROWGER_DATA: join(dir, 'data'), STROWGER_CONFIG: dir, STROWGER_DIALPLANS: join(dir, 'dialplans'), STROWGER_SIP_PORT: '0', STROWGER_HTTP_PORT: '0' };
});
afterEach(() => rmSync(dir, { recursive: true }));
type Line = { check: string; verdict: string; text: string; hint: string | null };
const examine = async () => {
  const { io, json } = terminal({ env });
  const code = await doctor(['--json'], io);
  return { code, lines: json() as Line[] };
};

it('finds no fault where there is none', async () => {
  const { code, lines } = await examine();
  expect(lines.filter((line) => line.verdict === 'fault')).toEqual([]);
  expect(code).toBe(0);
});

it('speaks the language of the terminal', async () => {
  const { io, text } = terminal({ env, lang: 'zh-CN' });
  await doctor([], io);
  expect(text()).toContain('可写，剩余');
});

it('names a taken port and what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  env['STROWGER_HTTP_PORT'] = String((taken.address() as AddressInfo).port);
  const { code, lines } = await examine();
  taken.close();
  expect(code).toBe(1);
  expect(lines).toContainEqual({ check: 'http tcp', verdict: 'fault', text: expect.stringContaining('the port is in use'), hint: expect.stringContaining('STROWGER_HTTP_PORT') });
});

it('shows faults of the configuration, of dialplans and of the environment', async () => {
  writeFileSync(join(dir, 'queues.yaml'), 'quueues: []\n');
  expect((await examine()).lines).toContainEqual(expect.objectContaining({ check: 'config', verdict: 'fault', text: expect.stringContaining('queues.yaml:1:1') }));
  rmSync(join(dir, 'queues.yaml'));
  writeFileSync(join(dir, 'dialplans/main.yaml'), 'version: 1\nentries: [ { number: "1", flow: x } ]\nflows: {}\n');
  expect((await examine()).lines).toContainEqual(expect.objectContaining({ check: 'dialplans', verdict: 'fault' }));
  env['STROWGER_SIP_PORT'] = 'five';
  expect((await examine()).lines).toContainEqual(expect.objectContaining({ check: 'environment', text: expect.stringContaining('STROWGER_SIP_PORT') }));
});

describe('each look', () => {
  it.each([['20.19.0', 'ok'], ['22.1.0', 'ok'], ['20.18.9', 'fault'], ['18.20.0', 'fault']])('Node %s is %s', (version, verdict) => expect(nodeVersion(version).verdict).toBe(verdict));

  it('a module that does not load is a fault or a warning, as it is needed', async () => {
    const broken = () => Promise.reject(new Error('was compiled against a different Node.js version\nlong story'));
    expect(await nativeModule('x', 'fault', broken)).toMatchObject({ verdict: 'fault', text: { en: 'x does not load: was compiled against a different Node.js version' } });
    expect((await nativeModule('x', 'warning', broken)).verdict).toBe('warning');
  });

  it('a data folder that is a file is a fault', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(dataFolder(join(dir, 'file')).verdict).toBe('fault');
  });

  it('a server that listens everywhere but names the loopback is warned', () => {
    expect(address(readSettings({ STROWGER_PUBLIC_ADDRESS: '127.0.0.1' })).verdict).toBe('warning');
    expect(address(readSettings({ STROWGER_SIP_ADDRESS: '127.0.0.1' })).verdict).toBe('ok');
  });

  it('counts the calls that the RTP ports have room for', () => {
    expect(rtp(readSettings({ STROWGER_RTP_PORTS: '20000-20399' })).text.en).toContain('100 calls');
    expect(rtp(readSettings({ STROWGER_RTP_PORTS: '20000-20019' })).verdict).toBe('warning');
  });
});
