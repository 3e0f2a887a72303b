import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dialplanDraw } from './dialplan-draw.js';
import { WrongUse } from './errors.js';
import { shipped } from './shipped.js';
import { terminal } from './terminal.fixture.js';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'strowger-draw-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const at = (lang: 'en' | 'zh-CN' = 'en', dialplans = shipped('dialplans')) => terminal({ cwd: dir, lang, env: { STROWGER_DIALPLANS: dialplans } });

describe('dialplan draw', () => {
  it('draws the dialplan in service', async () => {
    const t = at('zh-CN');
    expect(await dialplanDraw([], t.io)).toBe(0);
    expect(t.text()).toMatch(/^<svg [^]*☎ 4000[^]*欢迎致电[^]*按 1[^]*<\/svg>$/);
  });

  it('writes Mermaid, one flow of it, with the way of a call', async () => {
    const t = at();
    expect(await dialplanDraw(['--format', 'mermaid', '--flow', 'operator', '--visited', 'operator/1'], t.io)).toBe(0);
    expect(t.text()).toBe('flowchart TD\n  subgraph f0["operator"]\n    direction TB\n    f0s0["dial: 1001"]\n    f0s1["hang up"]\n    f0s0 --> f0s1\n  end\n  classDef visited fill:#d9f2e3,stroke:#1a7f4b,stroke-width:2px\n  class f0s0 visited');
  });

  it('writes a file', async () => {
    const t = at();
    expect(await dialplanDraw([join(shipped('dialplans'), 'examples/order.yaml'), '--out', 'order.svg', '--lang', 'zh-CN'], t.io)).toBe(0);
    expect(readFileSync(join(dir, 'order.svg'), 'utf8')).toContain('说 cancel_order');
    expect(t.text()).toBe(`已写入: ${join(dir, 'order.svg')}`);
  });

  it.each([['--format', 'png'], ['--flow', 'nowhere'], ['--lang', 'fr'], ['--visited', 'x'], ['a', 'b'], ['none.yaml', '--format=svg']])('refuses %s %s', async (...args) =>
    expect(dialplanDraw(args, at().io)).rejects.toThrow(WrongUse));

  it('asks which one, and refuses what has faults', async () => {
    const empty = at('en', dir);
    await expect(dialplanDraw([], empty.io)).rejects.toThrow(/there is no dialplan in/);
    for (const name of ['a', 'b']) writeFileSync(join(dir, `${name}.yaml`), 'version: 2');
    await expect(dialplanDraw([], empty.io)).rejects.toThrow(/which one\? a\.yaml, b\.yaml/);
    await expect(dialplanDraw(['a.yaml'], empty.io)).rejects.toThrow(/a\.yaml:1:10 "version": must be one of 1|"version" must be one of 1/);
  });
});
