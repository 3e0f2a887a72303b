import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAcdSettings, systemClock } from '../acd/index.js';
import { loadConfig } from '../config/index.js';
import { openStore } from '../store/index.js';
import { dialplanCheck } from './dialplan-check.js';
import { WrongUse } from './errors.js';
import { terminal } from './terminal.fixture.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dialplan-check-'));
  for (const folder of ['config', 'dialplans']) mkdirSync(join(dir, folder));
});
afterEach(() => rmSync(dir, { recursive: true }));

const good = 'version: 1\nentries:\n  - { number: "4000", flow: a }\nflows:\n  a:\n    - queue: { name: support }\n';
const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
const at = (more: Parameters<typeof terminal>[0] = {}) => terminal({ cwd: dir, env: { STROWGER_CONFIG: join(dir, 'config'), STROWGER_DIALPLANS: join(dir, 'dialplans') }, ...more });

it('finds nothing in a good folder', async () => {
  write('dialplans/main.yaml', good);
  const { io, json } = at();
  expect([await dialplanCheck(['--json'], io), json()]).toEqual([0, []]);
});

it('reports a missing flow with file, line, column and the nearest name', async () => {
  write('dialplans/main.yaml', good.replace('flow: a', 'flow: aa'));
  const { io, json } = at();
  expect(await dialplanCheck(['--json'], io)).toBe(1);
  expect(json()).toContainEqual({
    file: join(dir, 'dialplans/main.yaml'), line: 3, column: expect.any(Number), code: 'dialplan.missing_flow',
    message: 'there is no flow "aa"', hint: 'did you mean "a"?', severity: 'error',
  });
});

it('reports broken YAML as a compiler would', async () => {
  write('dialplans/main.yaml', 'version: 1\nentries: [\n');
  const { io, text } = at();
  expect(await dialplanCheck([], io)).toBe(1);
  expect(text()).toMatch(/^error: .*main\.yaml:\d+:\d+ /);
});

it('knows the queues of the configuration', async () => {
  write('dialplans/main.yaml', good.replace('support', 'sales'));
  const { io, text } = at();
  expect(await dialplanCheck([], io)).toBe(1);
  expect(text()).toContain('there is no queue "sales"');
});

it('knows the queues that the API made', async () => {
  const env = { STROWGER_CONFIG: join(dir, 'config'), STROWGER_DIALPLANS: join(dir, 'dialplans'), STROWGER_DATA: join(dir, 'data') };
  write('dialplans/main.yaml', good.replace('support', 'sales'));
  const store = await openStore({ path: join(dir, 'data/strowger.db') });
  const settings = createAcdSettings({
    config: loadConfig(join(dir, 'config'), { env: {} }), store, events: { publish: () => undefined as never }, clock: systemClock, log: { info: () => undefined, error: () => undefined },
    acd: () => ({ configure: () => undefined, preview: () => { throw new Error('not asked'); } }),
  });
  settings.addQueue({ name: 'sales' }, { by: 'api:admin' });
  settings.close();
  await store.close();
  const { io, text, err } = at({ env });
  expect([await dialplanCheck([], io), text(), err]).toEqual([0, '0 errors, 0 warnings', []]);
});

it('still checks flows while the configuration is broken', async () => {
  write('dialplans/main.yaml', good);
  write('config/queues.yaml', 'quueues: []\n');
  const { io, err } = at();
  expect(await dialplanCheck([], io)).toBe(0);
  expect(err.join()).toContain('The configuration has faults');
});

it('checks one file alone, wherever it lies', async () => {
  write('dialplans/main.yaml', good.replace('flow: a', 'flow: nowhere'));
  write('other.yaml', good);
  const { io, json } = at();
  expect([await dialplanCheck(['other.yaml', '--json'], io), json()]).toEqual([0, []]);
  const again = at();
  expect(await dialplanCheck(['dialplans/main.yaml'], again.io)).toBe(1);
});

it('says warnings without failing', async () => {
  write('dialplans/main.yaml', `${good}  b:\n    - hang_up: {}\n`);
  const { io, text } = at({ lang: 'zh-CN' });
  expect(await dialplanCheck([], io)).toBe(0);
  expect(text()).toContain('warning: ');
  expect(text()).toContain('0 个错误');
});

it.each(['missing.yaml', 'notes.txt'])('refuses %s as wrong use', async (file) => {
  write('notes.txt', '');
  await expect(dialplanCheck([file], at().io)).rejects.toThrow(WrongUse);
});
