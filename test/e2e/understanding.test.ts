import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type * as Ivr from '../../src/ivr/index.js';

// The thread itself: it exists only in the built program.
const { loadUnderstanding } = (await import(new URL('../../dist/ivr/index.js', import.meta.url).href)) as typeof Ivr;

let dir: string;
let understanding: Ivr.Understanding;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'understanding-'));
  cpSync(fileURLToPath(new URL('../../dialplans/nlu', import.meta.url)), dir, { recursive: true });
});
afterEach(async () => {
  await understanding.close();
  rmSync(dir, { recursive: true });
});

it('understands the shipped corpora in a thread beside, and never stops the event loop while it learns', async () => {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  understanding = loadUnderstanding({ dir, timeZone: 'Asia/Shanghai', limitMs: 60_000 });
  await understanding.reload(); // loading the files is over: what follows is the thread's
  const ask = (text: string, language: 'zh-CN' | 'en', intents: readonly string[] = []) => understanding.understand({ text, language, intents });
  expect((await ask('我想取消订单', 'zh-CN')).intents[0]?.name).toBe('cancel_order');
  delay.enable();
  writeFileSync(join(dir, 'more.yaml'), `version: 1\nlanguage: en\nintents:\n  fly: { examples: [${Array.from({ length: 9 }, (_, i) => `fly me to planet number ${String(i)}`).join(', ')}] }\n`);
  const learning = understanding.reload();
  const meanwhile = await ask('i want to cancel my order', 'en', ['cancel_order']);
  expect(meanwhile.intents[0]).toMatchObject({ name: 'cancel_order' });
  expect(understanding.faults()).toEqual([]);
  await learning;
  delay.disable();
  expect((await ask('fly me to another planet', 'en')).intents[0]?.name).toBe('fly');
  expect(delay.percentile(99) / 1e6).toBeLessThan(200);
});

it('answers a thousand sentences at once, and what is asked last before it closes', async () => {
  understanding = loadUnderstanding({ dir, timeZone: 'Asia/Shanghai', limitMs: 60_000 });
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => understanding.understand({ text: 'where is my order', language: 'en', intents: [] })));
  expect(new Set(answers.map((a) => a.intents[0]?.name))).toEqual(new Set(['order_status']));
  const last = understanding.understand({ text: 'where is my order', language: 'en', intents: [] });
  const [answer] = await Promise.all([last, understanding.close()]);
  expect(answer.intents[0]?.name).toBe('order_status');
});
