import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig, Secret } from '../../config/index.js';
import { checkDialplans } from '../../ivr/index.js';
import { WrongUse } from '../errors.js';
import { terminal } from '../terminal.fixture.js';
import { init } from './index.js';
import { exampleFiles } from './templates.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'init-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it.each(['en', 'zh-CN'] as const)('writes an example that Strowger accepts without a fault (%s)', async (lang) => {
  const { io } = terminal({ cwd: dir, lang });
  expect(await init([], io)).toBe(0);
  const config = loadConfig(join(dir, 'config'), { demo: { agents: 3, phones: 10, password: new Secret('x') } });
  expect(config.queues.map((q) => q.name)).toEqual(['support']);
  expect(checkDialplans(join(dir, 'dialplans'), { queues: ['support'], extensions: config.extensions.map((e) => e.number) })).toEqual([]);
});

it('writes its defaults as the defaults are', async () => {
  await init([], terminal({ cwd: dir }).io);
  const { trunks, ...written } = loadConfig(join(dir, 'config'));
  const { trunks: none, ...without } = loadConfig(join(dir, 'nothing-there'));
  expect(written).toEqual(without);
  expect(trunks).toEqual(none);
});

it('speaks the language asked for', async () => {
  await init(['sub', '--lang', 'zh-CN'], terminal({ cwd: dir }).io);
  expect(readFileSync(join(dir, 'sub/config/trunks.yaml'), 'utf8')).toContain('运营商中继');
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

it('gives both languages the same YAML', () => {
  const yamlOf = (lang: 'en' | 'zh-CN') => exampleFiles(lang).map(({ text }) => text.replace(/^#.*\n/gm, ''));
  expect(yamlOf('en')).toEqual(yamlOf('zh-CN'));
});

it('has uncommented examples that would be accepted', () => {
  const [trunks, extensions] = ['config/trunks.yaml', 'config/extensions.yaml'].map((path) => exampleFiles('en').find((f) => f.path === path)?.text ?? '');
  const config = join(dir, 'config');
  const use = (text = '') => text.replace(/^# [A-Z].*\n/gm, '').replace(/^(trunks|extensions): \[\]/m, '$1:').replace(/^#(?= {2,})/gm, '');
  terminal();
  rmSync(config, { recursive: true, force: true });
  return init([], terminal({ cwd: dir }).io).then(() => {
    writeFileSync(join(config, 'trunks.yaml'), use(trunks));
    writeFileSync(join(config, 'extensions.yaml'), use(extensions));
    writeFileSync(join(config, 'secrets.env'), 'CARRIER_A_PASSWORD=a\nEXT_2001_PASSWORD=b\n');
    const loaded = loadConfig(config);
    expect(loaded.trunks.map((t) => [t.name, t.hosts.length, t.maxCalls])).toEqual([['carrier-a', 2, 30]]);
    expect(loaded.extensions.map((e) => e.number)).toEqual(['2001']);
  });
});
