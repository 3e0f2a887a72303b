import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FIGURES, GROUPS, REPORT_NAMES } from './index.js';

it.each(['reports.md', 'reports.zh-CN.md'])('docs/%s defines every figure, report and group, and none that does not exist', (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const code = new Set([...text.matchAll(/`([a-z_0-9]+)`/g)].map(([, word]) => word));
  for (const name of [...Object.keys(FIGURES), ...REPORT_NAMES, ...GROUPS]) expect([name, code.has(name)]).toEqual([name, true]);
  const defined = text.split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z_0-9]+)`/g)].map(([, word]) => word ?? ''));
  const known = new Set<string>([...Object.keys(FIGURES), ...REPORT_NAMES, ...GROUPS, 'since', 'until', 'by', 'time_zone', 'format', 'figure', 'language']);
  expect(defined.filter((word) => !known.has(word))).toEqual([]);
});
