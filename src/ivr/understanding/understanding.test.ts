import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { learn, respond } from './respond.js';
import { loadUnderstanding, type Understanding, type UnderstandingOptions } from './understanding.js';
import { WorkshopGone, type OpenWorkshop, type Workshop } from './workshop.js';

let dir: string;
let opened: Understanding | undefined;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'understanding-'))));
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  rmSync(dir, { recursive: true });
});

const examples = (verb: string) => ['my order', 'the order please', 'what i bought', 'it', 'everything', 'the last one', 'that thing', 'this parcel'].map((what) => `      - ${verb} ${what}\n`).join('');
const corpus = (...names: string[]) => `version: 1\nlanguage: en\nintents:\n${names.map((name) => `  ${name}:\n    examples:\n${examples(name.split('_')[0] ?? name)}`).join('')}`;
const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
const ask = (text: string, intents: string[] = []) => ({ text, language: 'en' as const, intents });

/** A workshop in this thread; `shops` lists those opened, so that a test can end one. */
function bench() {
  const shops: { gone: () => void; closed: boolean; asked: number }[] = [];
  const open: OpenWorkshop = (corpora): Workshop => {
    const models = learn(corpora);
    let tellGone: ((why: WorkshopGone) => void) | undefined;
    const shop = { gone: () => tellGone?.(new WorkshopGone('it ended')), closed: false, asked: 0 };
    shops.push(shop);
    return {
      ready: Promise.resolve(), onGone: (tell) => void (tellGone = tell), close: async () => void (shop.closed = true),
      ask: async (question) => {
        shop.asked += 1;
        return respond(models, question);
      },
    };
  };
  return { open, shops };
}
const load = (open: OpenWorkshop, more: Partial<UnderstandingOptions> = {}) => (opened = loadUnderstanding({ dir, timeZone: 'Asia/Shanghai', now: () => Date.parse('2026-11-20T02:00:00Z'), open, ...more }));

it('answers what was learnt from the files, from the first question on', async () => {
  write('en.yaml', corpus('cancel_order', 'track_order', 'speak_to_person'));
  const u = load(bench().open);
  expect((await u.understand(ask('cancel my order'))).intents[0]?.name).toBe('cancel_order');
  expect(u.intents('en')).toEqual(['cancel_order', 'track_order', 'speak_to_person']);
  expect(u.faults()).toEqual([]);
});

it('hears only the intents an ask names, and the wish for a person', async () => {
  write('en.yaml', corpus('cancel_order', 'track_order', 'speak_to_person'));
  const { intents } = await load(bench().open).understand(ask('track my order', ['cancel_order']));
  expect(intents.map((i) => i.name).sort()).toEqual(['cancel_order', 'speak_to_person']);
});

it('finds dates and numbers in a language that has no corpus', async () => {
  write('en.yaml', corpus('cancel_order'));
  const answer = await load(bench().open).understand({ text: '下周三', language: 'zh-CN', intents: [] });
  expect(answer).toMatchObject({ intents: [], outOfScope: 1, entities: [{ entity: 'date', value: '2026-11-25' }] });
});

describe('a reload', () => {
  it('learns what changed, and only then', async () => {
    write('en.yaml', corpus('cancel_order'));
    const { open, shops } = bench();
    const u = load(open);
    await u.reload();
    expect(shops).toHaveLength(1);
    write('more.yaml', corpus('track_order'));
    await u.reload();
    expect([shops.length, shops[0]?.closed, shops[1]?.closed]).toEqual([2, true, false]);
    expect((await u.understand(ask('track my order'))).intents[0]?.name).toBe('track_order');
  });
  it('keeps the last good file when the new one is refused, and says why', async () => {
    write('en.yaml', corpus('cancel_order', 'track_order'));
    const onLoaded = vi.fn();
    const u = load(bench().open, { onLoaded });
    await u.reload();
    write('en.yaml', corpus('cancel_order').replace('version: 1', 'version: 2'));
    await u.reload();
    expect(u.intents('en')).toEqual(['cancel_order', 'track_order']);
    expect(u.faults()).toMatchObject([{ line: 1, column: 10, severity: 'error' }]);
    expect(onLoaded).toHaveBeenLastCalledWith(expect.objectContaining({ refused: [join(dir, 'en.yaml')] }));
  });
  it('forgets a file that was taken away', async () => {
    write('en.yaml', corpus('cancel_order'));
    const u = load(bench().open);
    await u.reload();
    rmSync(join(dir, 'en.yaml'));
    await u.reload();
    expect(u.intents('en')).toEqual([]);
  });
  it('comes by itself when a file changes', async () => {
    write('en.yaml', corpus('cancel_order'));
    const u = load(bench().open, { watch: true });
    await u.reload();
    write('more.yaml', corpus('track_order'));
    await vi.waitFor(() => expect(u.intents('en')).toContain('track_order'), 5_000);
  });
  it('that cannot be learnt leaves the models that answer', async () => {
    write('en.yaml', corpus('cancel_order'));
    const { open } = bench();
    const onTrouble = vi.fn();
    let broken = false;
    const u = load((corpora) => (broken ? { ...open(corpora), ready: Promise.reject(new WorkshopGone('out of memory')) } : open(corpora)), { onTrouble });
    await u.reload();
    broken = true;
    write('more.yaml', corpus('track_order'));
    await u.reload();
    expect(onTrouble).toHaveBeenCalledOnce();
    expect((await u.understand(ask('cancel my order'))).intents[0]?.name).toBe('cancel_order');
  });
});

describe('when the thread', () => {
  it('ends by itself, another takes its place', async () => {
    write('en.yaml', corpus('cancel_order'));
    const { open, shops } = bench();
    const onTrouble = vi.fn();
    const u = load(open, { onTrouble });
    await u.reload();
    shops[0]?.gone();
    expect(await u.understand(ask('cancel my order'))).toMatchObject({ outOfScope: 1 });
    await vi.waitFor(() => expect(shops).toHaveLength(2), 5_000);
    await u.reload();
    expect((await u.understand(ask('cancel my order'))).intents[0]?.name).toBe('cancel_order');
    expect(onTrouble).toHaveBeenCalledOnce();
  });
  it('does not answer, the caller is told "out of scope" in time', async () => {
    write('en.yaml', corpus('cancel_order'));
    const u = load((corpora) => ({ ...bench().open(corpora), ask: () => new Promise(() => undefined) }), { limitMs: 20 });
    expect(await u.understand(ask('cancel my order'))).toEqual({ intents: [], outOfScope: 1, entities: [] });
  });
});

it('is empty and without faults where there is no folder', async () => {
  mkdirSync(join(dir, 'x'));
  const u = loadUnderstanding({ dir: join(dir, 'nowhere'), timeZone: 'UTC', open: bench().open });
  expect([u.intents('en'), u.faults(), (await u.understand(ask('hello'))).outOfScope]).toEqual([[], [], 1]);
  await u.close();
});
