import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, StoreError, type Store } from '../../../store/index.js';
import { loadDialplans, type Dialplans } from '../dialplans.js';
import { createArchive, type Archive } from './archive.js';
import { createDialplanDesk, type DialplanDesk } from './desk.js';
import { shareOf } from './share.js';

const text = (said: string): string => `version: 1\nentries: [ { number: "4000", flow: main } ]\nflows:\n  main:\n    - say: { zh-CN: 好, en: ${said} }\n`;
const lin = { by: 'lin' };

let dir = '';
let store: Store;
let archive: Archive;
let plans: Dialplans;
let desk: DialplanDesk;
let published: object[] = [];
const write = (said: string): void => writeFileSync(join(dir, 'main.yaml'), text(said));
const open = (): void => {
  archive = createArchive(store, () => 1_000);
  plans = loadDialplans({ dir, known: { queues: ['support'] }, archive });
  desk = createDialplanDesk({ dir, archive, dialplans: plans, onPublished: (what) => published.push(what) });
};
const said = (from = '1201'): unknown => {
  const step = plans.find({ number: '4000', from })?.plan.flows.get('main')?.[0];
  return step?.do === 'say' ? step.prompt.en : undefined;
};
const history = () => desk.versions('main.yaml', 100).map(({ version, by, restores, published_by }) => [version, by, restores, published_by]);

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'versions-'));
  store = await openStore({ path: ':memory:' });
  published = [];
  write('one');
  open();
});
afterEach(async () => {
  plans.close();
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('every good file is a version', () => {
  it('from the first reading on', () => {
    expect(history()).toEqual([[1, 'file', null, 'file']]);
    expect(desk.get('main.yaml')).toMatchObject({ name: 'main.yaml', numbers: ['4000'], flows: ['main'], etag: '"1"', text: text('one'), faults: [] });
  });

  it('once, however often it is read', () => {
    plans.reload();
    open();
    expect(history()).toHaveLength(1);
  });

  it('and again when it was changed by hand, or changed back', () => {
    write('two');
    plans.reload();
    write('one');
    plans.reload();
    expect(history()).toEqual([[3, 'file', 1, 'file'], [2, 'file', null, 'file'], [1, 'file', null, 'file']]);
  });

  it('but not one that is refused', () => {
    writeFileSync(join(dir, 'main.yaml'), text('bad').replace('say', 'sya'));
    plans.reload();
    expect([history().length, said(), desk.get('main.yaml').faults.map((f) => [f.file, f.code])]).toEqual([1, 'one', [['main.yaml', 'dialplan.unknown_step']]]);
  });
});

describe('publishing', () => {
  it('puts a version in force for the next call, and into the file', () => {
    const going = plans.find('4000');
    const added = desk.add('main.yaml', text('two'), { ...lin, comment: 'nicer' });
    expect([added.version, said()]).toEqual([2, 'one']);
    const view = desk.publish('main.yaml', 2, 100, { ...lin, comment: 'nicer', ifMatch: '"1"' });
    expect([view.live.version, view.etag, said(), readFileSync(join(dir, 'main.yaml'), 'utf8')]).toEqual([2, '"2"', 'two', text('two')]);
    expect([going?.version, plans.find('4000')?.version]).toEqual([1, 2]);
    expect(published).toEqual([{ file: 'main.yaml', version: 2, percent: 100, by: 'lin', comment: 'nicer' }]);
  });

  it('a new file', () => {
    desk.add('orders.yaml', text('new').replace('4000', '4001'), lin);
    expect(desk.publish('orders.yaml', 1, 100, lin).numbers).toEqual(['4001']);
    expect(plans.find('4001')?.file).toBe('orders.yaml');
  });

  it('nothing that is wrong', () => {
    expect(() => desk.add('main.yaml', text('x').replace('say', 'sya'), lin)).toThrow(expect.objectContaining({ code: 'config.faults' }) as Error);
    expect(desk.check('main.yaml', text('x').replace('say', 'sya'))).toMatchObject([{ file: 'main.yaml', line: 5, column: 7, code: 'dialplan.unknown_step' }]);
    expect(history()).toHaveLength(1);
  });

  it('nothing that has become wrong since', () => {
    const withQueue = `${text('two')}    - queue: { name: support }\n`;
    desk.add('main.yaml', withQueue, lin);
    plans.reload({ queues: [] });
    expect(() => desk.publish('main.yaml', 2, 100, lin)).toThrow(expect.objectContaining({ code: 'config.faults' }) as Error);
    expect(said()).toBe('one');
  });

  it('not over the head of somebody who was faster', () => {
    desk.add('main.yaml', text('two'), lin);
    desk.publish('main.yaml', 2, 100, lin);
    expect(() => desk.publish('main.yaml', 1, 100, { ...lin, ifMatch: '"1"' })).toThrow(expect.objectContaining({ code: 'dialplan.changed' }) as Error);
    expect(desk.publish('main.yaml', 1, 100, { ...lin, ifMatch: '"9", "2"' }).live).toMatchObject({ version: 3, restores: 1 });
  });

  it('a folder that cannot be written leaves everything as it is', () => {
    desk.add('main.yaml', text('two'), lin);
    mkdirSync(join(dir, 'main.yaml.new')); // in the way of what is written beside the file
    expect(() => desk.publish('main.yaml', 2, 100, lin)).toThrow(/EISDIR/);
    expect([said(), desk.get('main.yaml').live.version, published]).toEqual(['one', 1, []]);
  });

  it.each<[string, () => unknown, string]>([
    ['of a version that is not there', () => desk.publish('main.yaml', 9, 100, lin), 'dialplan.no_such_version'], ['of a file that is not there', () => desk.get('gone.yaml'), 'dialplan.no_such_dialplan'],
    ['of a file outside the folder', () => desk.add('../main.yaml', text('x'), lin), 'dialplan.bad_name'], ['of a file that is none', () => desk.add('main.txt', text('x'), lin), 'dialplan.bad_name'],
    ['of a trial beside nothing', () => (desk.add('new.yaml', text('x'), lin), desk.publish('new.yaml', 1, 10, lin)), 'dialplan.no_such_dialplan'],
  ])('is refused: %s', (_what, act, code) => expect(act).toThrow(expect.objectContaining({ code }) as Error));
});

describe('going back', () => {
  it('is a new version with the old text, step by step', () => {
    for (const [n, word] of [[2, 'two'], [3, 'three']] as const) {
      desk.add('main.yaml', text(word), lin);
      desk.publish('main.yaml', n, 100, lin);
    }
    desk.add('main.yaml', text('never published'), lin);
    expect([desk.rollback('main.yaml', lin).live.restores, said()]).toEqual([2, 'two']);
    expect([desk.rollback('main.yaml', lin).live.restores, said()]).toEqual([1, 'one']);
    expect(() => desk.rollback('main.yaml', lin)).toThrow(expect.objectContaining({ code: 'dialplan.no_such_version' }) as Error);
    expect(history().slice(0, 3)).toEqual([[6, 'lin', 1, 'lin'], [5, 'lin', 2, 'lin'], [4, 'lin', null, null]]);
  });

  it('shows what differs', () => {
    desk.add('main.yaml', text('two'), lin);
    const diff = desk.diff('main.yaml', 1, 2);
    expect(diff).toContain('-    - say: { zh-CN: 好, en: one }\n+    - say: { zh-CN: 好, en: two }');
  });
});

describe('a trial', () => {
  const callers = Array.from({ length: 1_000 }, (_, i) => `+8613800${String(i).padStart(6, '0')}`);
  const share = (): number => callers.filter((caller) => said(caller) === 'two').length / callers.length;

  it('reaches the share of callers that was asked for, always the same ones', () => {
    desk.add('main.yaml', text('two'), lin);
    desk.publish('main.yaml', 2, 30, lin);
    const first = callers.filter((caller) => said(caller) === 'two');
    expect(share()).toBeCloseTo(0.3, 1);
    desk.publish('main.yaml', 2, 60, lin);
    expect(share()).toBeCloseTo(0.6, 1);
    expect(first.every((caller) => said(caller) === 'two')).toBe(true);
    expect(desk.get('main.yaml')).toMatchObject({ live: { version: 1 }, rollout: { version: 2, percent: 60, by: 'lin' }, etag: '"1.2.60"' });
    expect(plans.find({ number: '4000', from: first[0] ?? '' })).toMatchObject({ version: 2, file: 'main.yaml' });
  });

  it('outlives a restart, and ends for all or for nobody', () => {
    desk.add('main.yaml', text('two'), lin);
    desk.publish('main.yaml', 2, 50, lin);
    open();
    expect(share()).toBeCloseTo(0.5, 1);
    desk.publish('main.yaml', 2, 0, lin);
    expect(share()).toBe(0);
    desk.publish('main.yaml', 2, 50, lin);
    desk.publish('main.yaml', 2, 100, lin);
    expect([share(), desk.get('main.yaml').rollout]).toEqual([1, undefined]);
  });

  it('may bring numbers of its own', () => {
    desk.add('main.yaml', text('two').replace('4000', '4002'), lin);
    desk.publish('main.yaml', 2, 99, lin);
    expect(plans.entries()).toEqual(['4000', '4002']);
  });

  it('is spread by file: two trials do not meet the same callers', () => {
    const both = callers.filter((caller) => shareOf('a.yaml', caller) < 50 && shareOf('b.yaml', caller) < 50).length / callers.length;
    expect(both).toBeCloseTo(0.25, 1);
  });
});

it('an archive that cannot be written costs nobody his flow', () => {
  const troubles: unknown[] = [];
  const broken: Archive = { ...archive, loaded: () => { throw new StoreError('store.full', 'the disk is full', {}); } };
  const serving = loadDialplans({ dir, known: {}, archive: broken, onTrouble: (error) => troubles.push(error) });
  expect([serving.find('4000')?.flow, serving.find('4000')?.version, troubles.length]).toEqual(['main', undefined, 1]);
});
