import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkDialplans, flowNames, loadDialplans } from './dialplans.js';
import { readHere } from './reader.fixture.js';

const plan = (number: string, text: string): string =>
  `version: 1\nentries: [ { number: "${number}", flow: main } ]\nflows:\n  main:\n    - say: { zh-CN: 好, en: ${text} }\n`;

let dir = '';
const write = (name: string, text: string): void => writeFileSync(join(dir, name), text);
const saying = (plans: ReturnType<typeof loadDialplans>, number: string): string | undefined => {
  const step = plans.find(number)?.plan.flows.get('main')?.[0];
  const text = step?.do === 'say' ? step.prompt.en : undefined;
  return typeof text === 'string' ? text : undefined;
};
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'dialplans-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the folder of dialplans', () => {
  it('is all of its YAML files together', () => {
    write('a.yaml', plan('4000', 'one'));
    write('b.yml', plan('50xx', 'two'));
    write('notes.txt', 'not a dialplan');
    const plans = loadDialplans({ dir, known: {} });
    expect([saying(plans, '4000'), saying(plans, '5012'), plans.find('6000'), plans.faults()]).toEqual(['one', 'two', undefined, []]);
  });

  it('knows everything that may be said, the apologies included', () => {
    write('a.yaml', plan('4000', 'one'));
    const prompts = loadDialplans({ dir, known: {} }).prompts();
    expect(prompts.slice(0, 2)).toEqual([{ text: '好', lang: 'zh-CN' }, { text: 'one', lang: 'en' }]);
    expect(prompts.map((p) => p.text).join()).toMatch(/抱歉.*sorry.*对不起/);
  });

  it('has what was worked out beforehand at hand when it reads itself again', async () => {
    write('a.yaml', plan('4000', 'one'));
    const plans = loadDialplans({ dir, known: { queues: [] }, read: readHere });
    write('a.yaml', plan('4000', 'two'));
    await plans.shelf.ahead([{ name: join(dir, 'a.yaml'), text: plan('4000', 'two') }]);
    plans.reload();
    const [{ file } = { file: undefined }] = plans.served();
    expect(file && plans.shelf.against(file, plans.known())).toBe(file && plans.shelf.against(file, plans.known()));
    plans.reload({ queues: ['sales'] });
    expect(file && plans.shelf.against(file, plans.known())).not.toBe(file && plans.shelf.against(file, plans.known()));
  });

  it('knows its flows, unless a file cannot be read', () => {
    write('a.yaml', plan('4000', 'one'));
    write('b.yaml', plan('4001', 'two').replaceAll('main', 'night'));
    expect([flowNames(dir), loadDialplans({ dir, known: {} }).flows()]).toEqual([['main', 'night'], ['main', 'night']]);
    write('c.yaml', 'flows: [');
    expect(flowNames(dir)).toBeUndefined();
  });

  it('stays in service when only a queue leads to a flow that is missing', () => {
    write('a.yaml', `${plan('4000', 'one')}    - queue: { name: vip }\n`);
    const plans = loadDialplans({ dir, known: { queues: ['vip'], queueFlows: { vip: ['night'] } } });
    expect([saying(plans, '4000'), plans.faults().map((f) => f.code)]).toEqual(['one', ['dialplan.missing_queue_flow']]);
  });

  it('says what would be wrong with other queues, and stays as it is', () => {
    write('a.yaml', `${plan('4000', 'one')}    - queue: { name: vip }\n`);
    const plans = loadDialplans({ dir, known: { queues: ['vip'] } });
    expect(plans.faultsWith({ queues: ['support'] })).toMatchObject([{ code: 'dialplan.missing_queue', line: 6 }]);
    expect(plans.faultsWith({ queues: ['vip'], queueFlows: { vip: ['night'] } })).toMatchObject([{ code: 'dialplan.missing_queue_flow', severity: 'error' }]);
    expect(plans.faults()).toEqual([]);
  });

  it('has every number once: the second file with it is refused', () => {
    write('a.yaml', plan('4000', 'one'));
    write('b.yaml', plan('4000', 'two'));
    const plans = loadDialplans({ dir, known: {} });
    expect(saying(plans, '4000')).toBe('one');
    expect(plans.faults()).toMatchObject([{ file: join(dir, 'b.yaml'), line: 2, code: 'dialplan.duplicate_entry', severity: 'error' }]);
  });

  it('that is not there is a fault, not a crash', () => {
    const plans = loadDialplans({ dir: join(dir, 'gone'), known: {}, watch: true });
    expect(plans.faults()).toMatchObject([{ code: 'config.unreadable' }]);
    plans.close();
  });

  it('refuses a file that is too large to be meant', () => {
    write('a.yaml', `# ${'x'.repeat(1_000_001)}`);
    expect(checkDialplans(dir, {})).toMatchObject([{ code: 'dialplan.too_large' }]);
  });
});

describe('a change while calls go on', () => {
  it('is there for the next call, while this one finishes on what it began with', () => {
    write('a.yaml', plan('4000', 'old'));
    const plans = loadDialplans({ dir, known: {} });
    const going = plans.find('4000');
    write('a.yaml', plan('4000', 'new'));
    plans.reload();
    const step = going?.plan.flows.get('main')?.[0];
    expect([saying(plans, '4000'), step?.do === 'say' && step.prompt.en]).toEqual(['new', 'old']);
  });

  it('that is wrong never replaces what is right, and says so', () => {
    write('a.yaml', plan('4000', 'good'));
    const loaded: unknown[] = [];
    const plans = loadDialplans({ dir, known: {}, onLoaded: ({ refused, faults }) => loaded.push([refused, faults.map((f) => f.code)]) });
    write('a.yaml', plan('4000', 'bad').replace('say:', 'sya:'));
    plans.reload();
    expect(saying(plans, '4000')).toBe('good');
    expect(loaded).toEqual([[[], []], [[join(dir, 'a.yaml')], ['dialplan.unknown_step']]]);
  });

  it('that takes a file away takes its entries away', () => {
    write('a.yaml', plan('4000', 'one'));
    const plans = loadDialplans({ dir, known: {} });
    unlinkSync(join(dir, 'a.yaml'));
    plans.reload();
    expect(plans.find('4000')).toBeUndefined();
  });

  it('that makes the folder unreadable takes nothing away', () => {
    write('a.yaml', plan('4000', 'one'));
    const plans = loadDialplans({ dir, known: {} });
    renameSync(dir, `${dir}-moved`);
    plans.reload();
    renameSync(`${dir}-moved`, dir);
    expect(saying(plans, '4000')).toBe('one');
  });

  it('of the queues a flow may use is checked anew', () => {
    write('a.yaml', 'version: 1\nentries: [ { number: "4000", flow: main } ]\nflows: { main: [ { queue: { name: sales } } ] }\n');
    const plans = loadDialplans({ dir, known: { queues: ['support'] } });
    expect(plans.find('4000')).toBeUndefined();
    expect(plans.reload({ queues: ['support', 'sales'] })).toEqual([]);
    expect(plans.find('4000')?.flow).toBe('main');
  });

  it('is noticed without being asked', async () => {
    write('a.yaml', plan('4000', 'old'));
    const plans = loadDialplans({ dir, known: {}, watch: true, read: readHere });
    write('a.yaml', plan('4000', 'new'));
    await vi.waitFor(() => expect(saying(plans, '4000')).toBe('new'), { timeout: 5_000 });
    plans.close();
  });
});

it('the shipped dialplan has no fault, and serves 4000', () => {
  const shipped = join(import.meta.dirname, '../../../dialplans');
  expect(checkDialplans(shipped, { queues: ['support'], extensions: ['1001'] })).toEqual([]);
  expect(loadDialplans({ dir: shipped, known: {} }).find('4000')?.flow).toBe('welcome');
});
