import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dialplanSchema } from './dialplan-schema.js';
import { dialplanDiff, dialplanPublish, dialplanRollback, dialplanVersions } from './dialplan-versions.js';
import { WrongUse } from './errors.js';
import { terminal } from './terminal.fixture.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dialplan-versions-'));
  for (const folder of ['config', 'dialplans', 'data']) mkdirSync(join(dir, folder));
  writeFileSync(join(dir, 'dialplans/main.yaml'), text('one'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const text = (said: string): string => `version: 1\nentries: [ { number: "4000", flow: a } ]\nflows:\n  a:\n    - say: { zh-CN: 好, en: ${said} }\n`;
const at = () => terminal({ cwd: dir, env: { STROWGER_CONFIG: join(dir, 'config'), STROWGER_DIALPLANS: join(dir, 'dialplans'), STROWGER_DATA: join(dir, 'data') } });
const inService = (): string => readFileSync(join(dir, 'dialplans/main.yaml'), 'utf8');
const publish = (said: string, ...more: string[]) => {
  writeFileSync(join(dir, 'draft.yaml'), text(said));
  return dialplanPublish(['draft.yaml', '--as', 'main.yaml', ...more], at().io);
};

describe('on the command line', () => {
  it('a dialplan is published, compared and taken back', async () => {
    expect([await publish('two', '--comment', 'nicer'), inService()]).toEqual([0, text('two')]);
    const [diff, versions, back] = [at(), at(), at()];
    expect([await dialplanDiff(['main.yaml'], diff.io), diff.text()]).toEqual([0, expect.stringContaining('+    - say: { zh-CN: 好, en: two }')]);
    expect([await dialplanRollback(['main.yaml'], back.io), back.text(), inService()]).toEqual([0, 'main.yaml: version 3 is in service, which is version 1 again', text('one')]);
    expect(await dialplanVersions(['--json'], versions.io)).toBe(0);
    expect(versions.json()).toMatchObject([{ version: 3, live: true, restores: 1, by: expect.stringMatching(/^cli:/) }, { version: 2, live: false, comment: 'nicer' }, { version: 1, by: 'file' }]);
  });

  it('any version can be had again, and the list says which is in service', async () => {
    for (const said of ['two', 'three']) await publish(said);
    const list = at();
    await dialplanRollback(['main.yaml', '--to', '1'], at().io);
    await dialplanVersions(['main.yaml'], list.io);
    expect([inService(), list.out.map((line) => line.slice(0, 13))]).toEqual([text('one'), ['* main.yaml 4', '  main.yaml 3', '  main.yaml 2', '  main.yaml 1']]);
  });

  it('a file with faults is refused, and what serves stays', async () => {
    writeFileSync(join(dir, 'draft.yaml'), text('x').replace('say', 'sya'));
    const { io, err } = at();
    expect([await dialplanPublish(['draft.yaml', '--as', 'main.yaml'], io), err, inService()]).toEqual([1, ['main.yaml:5:7 unknown step "sya" (did you mean "say"?)'], text('one')]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['no file', () => dialplanPublish([], at().io)], ['a file that is not there', () => dialplanPublish(['gone.yaml'], at().io)], ['no dialplan', () => dialplanRollback([], at().io)], ['a dialplan that is not there', () => dialplanRollback(['gone.yaml'], at().io)],
    ['nothing to go back to', () => dialplanRollback(['main.yaml'], at().io)], ['a version that is none', () => dialplanDiff(['main.yaml', 'one', '2'], at().io)], ['a version that is not there', () => dialplanDiff(['main.yaml', '1', '9'], at().io)],
    ['a name that is none', async () => (await publish('two'), dialplanPublish(['draft.yaml', '--as', '../x.yaml'], at().io))],
  ])('%s is wrong use', async (_what, use) => expect(use()).rejects.toBeInstanceOf(WrongUse));
});

it('the schema for editors is one JSON document', async () => {
  const { io, json } = at();
  expect([await dialplanSchema([], io), json()]).toEqual([0, expect.objectContaining({ title: 'Strowger dialplan' })]);
});
