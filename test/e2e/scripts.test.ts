import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import type { Call } from '../kit/phone.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { ended, newest, talking, type CallView } from './talk.js';

const dialplans = mkdtempSync(join(tmpdir(), 'strowger-dialplans-'));
const write = (name: string, text: string): void => writeFileSync(join(dialplans, name), text);
const SCRIPT = (body: string): string => `import { dialplan } from 'strowger/dialplan';\nexport const main = dialplan(async (call) => {\n${body}\n});\n`;
const MENU = (one: string): string => SCRIPT(`
  const way = await call.ask({ prompt: { en: 'Sales, one. Support, two.', 'zh-CN': '销售请按一，支持请按二。' }, keys: { '1': 'sales', '2': 'support' }, tries: 1, otherwise: 'support' });
  console.log('chose', way);
  if (way === 'sales') await call.goto('${one}');
  return way;`);

let strowger: Strowger;
beforeAll(async () => {
  mkdirSync(join(dialplans, 'scripts'));
  write('main.yaml', `
version: 1
person: support
entries: [ { number: "4000", flow: support }, { number: "4300", flow: menu }, { number: "4301", flow: loop } ]
flows:
  menu: [ { set: { language: en } }, { script: { name: menu, into: way } }, { goto: support } ]
  loop: [ { script: { name: loop, on_error: support } } ]
  sales: [ { dial: { extension: "1201" } }, { hang_up: {} } ]
  other: [ { dial: { extension: "1202" } }, { hang_up: {} } ]
  support: [ { queue: { name: support } } ]
`);
  write('scripts/menu.ts', MENU('sales'));
  write('scripts/loop.ts', SCRIPT('for (;;);'));
  strowger = await startStrowger({ agents: 2, phones: 6, dialplans });
});
afterAll(() => strowger.stop());
beforeEach(() => onTestFailed(() => console.error(strowger.output())));

async function callTo(number: string, from: string, key?: string): Promise<Call> {
  const call = await (await strowger.phone(from)).call(number);
  await call.answered(30_000);
  await call.media.packets(20, 30_000);
  if (key !== undefined) await call.media.digits(key);
  return call;
}
const flowsOf = ({ timeline }: CallView): unknown[] => timeline.filter(({ type }) => type === 'call.flow_entered').map(({ data }) => data['flow']);

describe('a script in TypeScript', () => {
  it('asks the caller, hears the key, and sends him where it says; what it prints is in the log with the call', async () => {
    const sales = await strowger.phone('1201');
    const call = await callTo('4300', '1203', '1');
    const offered = await sales.nextCall(10_000);
    offered.answer();
    call.media.tone(440);
    await offered.media.heard(440, 10_000);
    await call.bye();
    const cdr = await ended(strowger, (await newest(strowger, '1203')).id);
    expect([flowsOf(cdr), cdr.cause]).toEqual([['menu', 'sales'], 'completed']);
    expect(strowger.output().split('\n').find((line) => line.includes('chose sales'))).toContain(cdr.id);
  });

  it('is changed without a restart; one that does not compile leaves the last good one in service', async () => {
    write('scripts/menu.ts', 'export const main = (;');
    await until('the fault', 10_000, () => strowger.output().includes('script.broken'));
    write('scripts/menu.ts', MENU('other'));
    const other = await strowger.phone('1202');
    await until('the new one', 10_000, async () => {
      const call = await callTo('4300', '1204', '1');
      const rung = await other.nextCall(2_000).catch(() => undefined);
      rung?.reject(486);
      await call.bye();
      return rung !== undefined;
    }, 100);
  });

  it('that never ends costs its own caller nothing but the script, and nobody else anything', async () => {
    const others = await talking(strowger, '1205', '1002');
    const received = others.caller.media.reception();
    const call = await callTo('4301', '1206');
    const agent = await strowger.phone('1001');
    const offered = await agent.nextCall(30_000);
    offered.answer();
    call.media.tone(440);
    await offered.media.heard(440, 10_000);
    expect(others.caller.media.reception().packets).toBeGreaterThan(received.packets + 50);
    await call.bye();
    await others.caller.bye();
    const cdr = await ended(strowger, (await newest(strowger, '1206')).id);
    expect(cdr.timeline.find(({ type }) => type === 'call.flow_failed')?.data['why']).toContain('endless loop');
  });
});
