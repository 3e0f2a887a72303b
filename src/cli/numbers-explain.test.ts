import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WrongUse } from './errors.js';
import { numbersExplain } from './numbers-explain.js';
import { terminal } from './terminal.fixture.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'numbers-'));
  for (const folder of ['config', 'dialplans']) mkdirSync(join(dir, folder));
  writeFileSync(join(dir, 'dialplans/main.yaml'), 'version: 1\nentries:\n  - { number: "4000", flow: a }\nflows:\n  a:\n    - hang_up: {}\n');
  writeFileSync(join(dir, 'config/trunks.yaml'), `trunks:
  - name: carrier-a
    credentials: { username: me, password: "\${SECRET}" }
    hosts: [ { uri: "sip:b.example", priority: 2 }, { uri: "sip:a.example", priority: 1 } ]
    numbers: { "+8675512345678": { entry: "4000" } }
    outbound: [ { pattern: "+86x.", caller_id: "+8675512340000" } ]
`);
});
afterEach(() => rmSync(dir, { recursive: true }));
const at = () => terminal({ env: { STROWGER_CONFIG: join(dir, 'config'), STROWGER_DIALPLANS: join(dir, 'dialplans'), SECRET: 'hush-hush' } });

it.each([
  ['4000', { to: 'entry', entry: '4000', did: null }],
  ['1002', { to: 'extension', extension: '1002', did: null }],
  ['*45', { to: 'feature', feature: 'available' }],
])('%s leads to %j', async (number, resolution) => {
  const { io, json } = at();
  expect(await numbersExplain([number, '--json'], io)).toBe(0);
  expect(json()).toMatchObject({ number, resolution });
});

it('shows by which hosts a call goes out, in order, and never a password', async () => {
  const { io, json, text } = at();
  expect(await numbersExplain(['13800138000', '--from', '1201', '--json'], io)).toBe(0);
  expect(json()).toMatchObject({ from: 'extension 1201', resolution: { to: 'outbound', number: '+8613800138000', attempts: [{ uri: expect.stringContaining('a.example') }, { uri: expect.stringContaining('b.example') }] } });
  expect(text()).not.toContain('hush');
});

it('says why a number is refused, with exit code 1', async () => {
  const { io, text } = at();
  expect(await numbersExplain(['0044 20 7946 0000'.replaceAll(' ', '')], io)).toBe(1);
  expect(text()).toMatch(/refused with 40\d/);
});

it('explains what a carrier sends', async () => {
  const { io, json } = at();
  expect(await numbersExplain(['+8675512345678', '--trunk', 'carrier-a', '--json'], io)).toBe(0);
  expect(json()).toMatchObject({ from: 'trunk carrier-a', resolution: { to: 'entry', entry: '4000', did: '+8675512345678' } });
});

it.each([[[]], [['1', '2']], [['1', '--from', '9']], [['1', '--trunk', 'x']]])('refuses %j as wrong use', async (args) => {
  await expect(numbersExplain(args, at().io)).rejects.toThrow(WrongUse);
});
