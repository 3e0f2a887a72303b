import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../config/index.js';
import { createEvents } from '../events/index.js';
import { calendarForm } from '../ivr/index.js';
import { createObjects, openSecrets, rulesWith, secretFileIn } from '../objects/index.js';
import { openStore } from '../store/index.js';
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

it('knows what the API owns, with passwords that are none of its business', async () => {
  const [data, config] = [join(dir, 'data'), join(dir, 'config')];
  const store = await openStore({ path: join(data, 'strowger.db') });
  const log = { warn: () => undefined, error: () => undefined };
  const objects = createObjects({
    files: loadConfig(config, { env: { SECRET: 'hush-hush' } }), fileCalendars: () => new Map(), rules: rulesWith(calendarForm), store, events: createEvents({ store, log }),
    secrets: openSecrets(secretFileIn(data)), lookup: () => () => 'hush-hush', realm: 'strowger', log,
  });
  objects.create('extension', { number: '3000', password: 'hush-hush-hush' }, { by: 'api:admin' });
  objects.create('trunk', { name: 'carrier-b', hosts: [{ uri: 'sip:c.example' }], register: { username: 'me', password: 'hush-hush-too' }, outbound: [{ pattern: '+8610x.' }] }, { by: 'api:admin' });
  await store.close();
  const env = { STROWGER_CONFIG: config, STROWGER_DIALPLANS: join(dir, 'dialplans'), STROWGER_DATA: data, SECRET: 'hush-hush' };
  const said = async (...args: string[]) => {
    const { io, json, text, err } = terminal({ env });
    await numbersExplain([...args, '--json'], io);
    expect([err.join(), text()]).toEqual(['', expect.not.stringContaining('hush')]);
    return json();
  };
  expect(await said('3000')).toMatchObject({ resolution: { to: 'extension', extension: '3000' } });
  expect(await said('01065551234', '--from', '3000')).toMatchObject({ from: 'extension 3000', resolution: { attempts: expect.arrayContaining([expect.objectContaining({ uri: expect.stringContaining('c.example') })]) } });
});

it.each([[[]], [['1', '2']], [['1', '--from', '9']], [['1', '--trunk', 'x']]])('refuses %j as wrong use', async (args) => {
  await expect(numbersExplain(args, at().io)).rejects.toThrow(WrongUse);
});
