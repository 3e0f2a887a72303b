import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFaults, formatFault } from './faults.js';
import { loadConfig, type Config } from './load.js';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'strowger-alerts-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const load = (text: string): Config => {
  writeFileSync(join(dir, 'alerts.yaml'), text);
  return loadConfig(dir);
};
const refusal = (text: string): string[] => {
  try {
    load(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    return error.faults.map((fault) => formatFault(fault).replace(`${dir}/`, ''));
  }
};

it('no file, no alerts; the shipped one has none either', () => {
  expect(loadConfig(dir).alerts).toEqual([]);
  expect(loadConfig(new URL('../../config', import.meta.url).pathname).alerts).toEqual([]);
});

it('reads them, of all queues unless told', () => {
  const text = 'alerts:\n  - { name: crowded, figure: waiting, queue: support, above: 10, for_s: 30 }\n  - { name: slow, figure: service_level, below: 0.8, at_least: 20 }\n  - { name: unhappy, figure: satisfaction, below: 3.5, at_least: 10 }\n';
  expect(load(text).alerts).toEqual([
    { name: 'crowded', figure: 'waiting', queue: 'support', side: 'above', value: 10, forMs: 30_000, atLeast: 1 },
    { name: 'slow', figure: 'service_level', queue: undefined, side: 'below', value: 0.8, forMs: 0, atLeast: 20 },
    { name: 'unhappy', figure: 'satisfaction', queue: undefined, side: 'below', value: 3.5, forMs: 0, atLeast: 10 },
  ]);
});

it.each(['reports.md', 'reports.zh-CN.md'])('reads those that docs/%s shows', (page) => {
  const [, text = ''] = /```yaml\n(alerts:\n[^`]*)```/.exec(readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')) ?? [];
  expect(load(text)).toMatchObject({ alerts: [{ name: 'crowded' }, { name: 'slow' }, { name: 'unhappy', figure: 'satisfaction' }], warnings: [] });
});

it('warns of a queue that no file has: the API may have it', () => {
  const { alerts, warnings } = load('alerts:\n  - name: a\n    figure: waiting\n    queue: suport\n    above: 1\n');
  expect(alerts).toHaveLength(1);
  expect(warnings.map((fault) => formatFault(fault).replace(`${dir}/`, ''))).toEqual([expect.stringMatching(/^alerts\.yaml:4:12 no file has the queue "suport".*did you mean "support"\?/)]);
});

describe.each<[why: string, text: string, fault: string]>([
  ['an unknown key', 'alerts:\n  - { name: a, figure: waiting, over: 1, above: 1 }\n', 'alerts.yaml:2:33 unknown key "over"'],
  ['an unknown figure', 'alerts:\n  - { name: a, figure: wait, above: 1 }\n', 'alerts.yaml:2:24 "figure": must be one of waiting'],
  ['neither above nor below', 'alerts:\n  - { name: a, figure: waiting }\n', 'alerts.yaml:2:5 an alert has either "above" or "below"'],
  ['both', 'alerts:\n  - { name: a, figure: waiting, above: 1, below: 2 }\n', 'alerts.yaml:2:5 an alert has either "above" or "below"'],
  ['a share of 80', 'alerts:\n  - { name: a, figure: service_level, below: 80 }\n', 'alerts.yaml:2:46 a share is between 0 and 1'],
  ['a mark of 100', 'alerts:\n  - { name: a, figure: satisfaction, above: 100 }\n', 'alerts.yaml:2:45 a mark is between 0 and 99'],
  ['at_least of no share', 'alerts:\n  - { name: a, figure: waiting, above: 1, at_least: 5 }\n', 'alerts.yaml:2:53 "at_least" belongs to service_level, abandoned_share, satisfaction'],
  ['a name used twice', 'alerts:\n  - { name: a, figure: waiting, above: 1 }\n  - { name: a, figure: waiting, above: 2 }\n', 'alerts.yaml:3:13 name "a" is used twice'],
])('%s', (_why, text, fault) => it('is refused with its place', () => {
  const found = refusal(text);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(fault);
}));
