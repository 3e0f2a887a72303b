import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFaults } from '../../config/index.js';
import { runJob, type JobDone } from './job.js';
import { createWorkbench, WorkbenchBusy } from './workbench.js';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-workbench-'));
  mkdirSync(join(dir, 'calendars'));
  writeFileSync(join(dir, 'calendars/c.yaml'), 'version: 1\ncalendars: { shop: { weekly: { daily: "00:00-24:00" } } }');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const TEXT = 'version: 1\nentries: [ { number: "1", flow: main } ]\nflows:\n  main: [ { say: { zh-CN: 好, en: Good } }, { hours: { calendar: shop, open: day } } ]\n  day: [ { hang_up: {} } ]\n';
const TESTS = 'dialplan: ../main.yaml\ncases: [ { name: day, call: { to: "1" }, steps: [ { hears: good }, { enters: day }, { ends: hang_up } ] } ]\n';
const about = { name: 'main.yaml', text: TEXT };
const bench = () => createWorkbench({ dir, run: (job) => runJob(job) });

describe('the workbench', () => {
  it('draws, and marks the way of a call', async () => {
    const drawing = { ...about, format: 'mermaid', flow: undefined, language: 'en' } as const;
    expect(await bench().draw({ ...drawing, facts: undefined })).toContain('|"open"|');
    expect(await bench().draw({ ...drawing, facts: [{ type: 'call.flow_entered', data: { flow: 'main' } }, { type: 'call.flow_entered', data: { flow: 'day' } }] })).toContain('class f0s0,f0s1,f1s0 visited');
  });

  it('runs tests against a text that is in no file', async () => {
    const { cases, coverage } = await bench().simulate({ ...about, tests: TESTS });
    expect(cases).toMatchObject([{ name: 'day', faults: [] }]);
    expect(coverage).toMatchObject([{ dialplan: 'main.yaml', steps: 3, reached: 3 }]);
  });

  it.each([
    [{ text: 'version: 1\nflows: { main: [ { sya: x } ] }' }, /main\.yaml:2:20 unknown step "sya"/],
    [{ tests: 'cases: [' }, /tests:1:/],
    [{ tests: 'dialplan: x\ncases: [ { name: a, call: { to: "1" }, steps: [ { heers: x } ] } ]' }, /tests:2:\d+ unknown key "heers"/],
  ])('says what is wrong with %j', async (more, why) => {
    const refused = bench().simulate({ ...about, tests: TESTS, ...more });
    await expect(refused).rejects.toThrow(ConfigFaults);
    await expect(refused).rejects.toThrow(why);
  });

  it('does one after another, and no more than a few wait', async () => {
    const begun: (() => void)[] = [];
    const slow = createWorkbench({ dir, run: () => new Promise<JobDone>((resolve) => void begun.push(() => resolve({ ok: true, drawn: 'x' }))) });
    const drawing = { ...about, format: 'svg', flow: undefined, language: 'en', facts: undefined } as const;
    const all = Array.from({ length: 5 }, () => slow.draw(drawing));
    await expect(slow.draw(drawing)).rejects.toThrow(WorkbenchBusy);
    expect(begun).toHaveLength(1);
    for (let i = 0; i < 5; i += 1) {
      begun[i]?.();
      await all[i];
      await Promise.resolve();
    }
    expect(await Promise.all(all)).toEqual(Array(5).fill('x'));
  });

  it('goes on after one that failed', async () => {
    let times = 0;
    const shaky = createWorkbench({ dir, run: (job) => ((times += 1) === 1 ? Promise.reject(new Error('crash')) : runJob(job)) });
    await expect(shaky.simulate({ ...about, tests: TESTS })).rejects.toThrow('crash');
    expect((await shaky.simulate({ ...about, tests: TESTS })).cases).toHaveLength(1);
  });
});
