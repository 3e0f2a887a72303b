import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFaults } from '../config/index.js';
import { acdSimulate } from './acd-simulate.js';
import { WrongUse } from './errors.js';
import { run } from './run.js';
import { terminal } from './terminal.fixture.js';

let dir: string;
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'simulate-')); });
afterEach(() => rmSync(dir, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return name;
};
const at = (lang: 'en' | 'zh-CN' = 'en') => terminal({ cwd: dir, lang });

/** Little is simulated: the line grows without end, so that no error ever becomes small, and the hours are few. */
const simple = '{ arrivals_per_hour: 3000, mean_handling_s: 180, mean_patience_s: 20, agents: 20, hours: 1, seed: 1, threshold_s: 20 }';
const rich = `
queues: [ { name: support } ]
agents: [ { id: lin, count: 2, queues: [support] } ]
contacts: [ { kind: call, queues: support, arrivals: [ { from: "09:00", to: "10:00", per_hour: 30 } ], handling_seconds: 60, patience_seconds: 60 } ]
`;
const log = [
  { at: 1_790_000_000_000, event: { type: 'setup.changed', remembered: {}, setup: { queues: [], agents: [], blending: {}, blocked: [], rankMs: 0 } } },
].map((one) => JSON.stringify(one)).join('\n');

describe('strowger acd simulate', () => {
  it('prints the five figures of the contracts as one document', async () => {
    const { io, json } = at();
    expect(await acdSimulate([file('mmcm.yaml', simple), '--json'], io)).toBe(0);
    const document = json() as Record<string, unknown>;
    for (const key of ['service_level', 'asa_s', 'abandoned_share', 'occupancy', 'waiting_share']) expect(document[key]).toEqual(expect.any(Number));
    expect(document['analytical']).toMatchObject({ model: 'Erlang A' });
  });

  it('puts theory and error beside the figures', async () => {
    const { io, text } = at();
    expect(await acdSimulate([file('mmcm.yaml', simple)], io)).toBe(0);
    expect(text()).toMatch(/figure +simulated +Erlang A +standard error/);
  });

  it('speaks Chinese where the terminal does', async () => {
    const { io, text } = at('zh-CN');
    expect(await acdSimulate([file('day.yaml', rich)], io)).toBe(0);
    expect(text()).toContain('平均应答时间（秒）');
  });

  it('takes another seed', async () => {
    const contacts = async (...args: string[]): Promise<unknown> => {
      const { io, json } = at();
      await acdSimulate([file('day.yaml', rich), '--json', ...args], io);
      return (json() as { total: unknown }).total;
    };
    expect(await contacts('--seed', '1')).toEqual(await contacts());
    expect(await contacts('--seed', '5')).not.toEqual(await contacts());
  });

  it('names every fault with file, line and column: exit code 1', async () => {
    const { io, err } = at();
    file('bad.yaml', rich.replace('queues: [support]', 'queues: [sales]'));
    await expect(acdSimulate(['bad.yaml'], io)).rejects.toThrow(ConfigFaults);
    expect(await run(['acd', 'simulate', 'bad.yaml'], io, '1')).toBe(1);
    expect(err.join('\n')).toMatch(/bad\.yaml:3:\d+ there is no queue "sales"/);
  });

  it('replays a log and prints what was beside what would have been', async () => {
    const { io, text } = at();
    file('queues.yaml', 'queues: [ { name: support } ]\n');
    expect(await acdSimulate(['--replay', file('log.jsonl', log), '--config', '.'], io)).toBe(0);
    expect(text()).toMatch(/as it was +same settings +other settings/);
  });

  it.each([
    [[]], [['a.yaml', 'b.yaml']], [['none.yaml']], [['day.yaml', '--seed', 'x']], [['day.yaml', '--config', '.']], [['--replay', 'none.db']], [['day.yaml', '--replay', 'day.yaml']],
    [['--replay', 'day.yaml', '--day', 'yesterday']], [['--replay', 'day.yaml', '--time-zone', 'Mars/Olympus']], [['day.yaml', '--frobnicate']],
  ])('refuses %j: exit code 2', async (args) => {
    file('day.yaml', rich);
    await expect(acdSimulate(args, at().io)).rejects.toThrow(WrongUse);
  });
});
