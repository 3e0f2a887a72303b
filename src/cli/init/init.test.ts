import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig, Secret } from '../../config/index.js';
import { checkDialplans } from '../../ivr/index.js';
import { WrongUse } from '../errors.js';
import { terminal } from '../terminal.fixture.js';
import { init } from './index.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'init-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('writes an example that Strowger accepts without a fault', async () => {
  expect(await init([], terminal({ cwd: dir }).io)).toBe(0);
  const config = loadConfig(join(dir, 'config'), { demo: { agents: 3, phones: 10, password: new Secret('x') } });
  expect(config.queues.map((q) => q.name)).toEqual(['support']);
  expect(checkDialplans(join(dir, 'dialplans'), { queues: ['support'], extensions: config.extensions.map((e) => e.number) })).toEqual([]);
});

it('shows the defaults as the defaults are, but for tickets.yaml, which is an example', async () => {
  await init([], terminal({ cwd: dir }).io);
  const { tickets: _shown, ...shown } = loadConfig(join(dir, 'config'));
  const { tickets: _default, ...defaults } = loadConfig(join(dir, 'nothing-there'));
  expect(shown).toEqual(defaults);
});

it('has commented examples that are accepted once they are uncommented', async () => {
  await init([], terminal({ cwd: dir }).io);
  const config = join(dir, 'config');
  for (const name of ['trunks', 'extensions', 'agents']) {
    const file = join(config, `${name}.yaml`);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^# \S.*\n/gm, '').replace(/: \[\]\n/, ':\n').replace(/^#/gm, ''));
  }
  writeFileSync(join(config, 'secrets.env'), 'CARRIER_A_PASSWORD=a\nPHONE_2001=b\n');
  const { trunks, extensions, agents } = loadConfig(config);
  expect(trunks.map((t) => [t.name, t.hosts.length, t.maxCalls])).toEqual([['carrier-a', 2, 30]]);
  expect([extensions.map((e) => e.number), agents.map((a) => a.id)]).toEqual([['2001'], ['lin']]);
});

it('speaks the language asked for', async () => {
  const { io, text } = terminal({ cwd: dir });
  await init(['sub', '--lang', 'zh-CN'], io);
  expect(text()).toContain(`已写入: ${join(dir, 'sub/config/trunks.yaml')}`);
});

it('leaves a file as it is when there is one', async () => {
  await init([], terminal({ cwd: dir }).io);
  writeFileSync(join(dir, 'config/queues.yaml'), 'queues: []\n');
  const { io, text } = terminal({ cwd: dir });
  await init([], io);
  expect(readFileSync(join(dir, 'config/queues.yaml'), 'utf8')).toBe('queues: []\n');
  expect(text()).toContain(`left as it is: ${join(dir, 'config/queues.yaml')}`);
});

it.each([['--lang', 'fr'], ['a', 'b']])('refuses %s %s', async (...args) => expect(init(args, terminal({ cwd: dir }).io)).rejects.toThrow(WrongUse));
