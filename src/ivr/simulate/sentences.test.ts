import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigFaults } from '../../config/index.js';
import { createSentences } from './sentences.js';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-sentences-'));
  mkdirSync(join(dir, 'nlu'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const many = (...words: string[]): string => JSON.stringify(words.flatMap((w) => [`i want to ${w}`, `please ${w}`, `${w} for me`, `can you ${w}`]));
const CORPUS = `version: 1\nlanguage: en\nintents:\n  pay: { examples: ${many('pay the bill', 'settle my account')} }\n  move: { examples: ${many('change the address', 'move to a new house')} }\nout_of_scope: ${many('sing a song', 'cook some rice')}\n`;
const said = (text: string, more: object = {}) => ({ text, language: 'en', intents: [], atMs: Date.parse('2026-11-20T02:00:00Z'), timeZone: 'Asia/Shanghai', ...more }) as const;

it('understands with the corpora beside the dialplan, or beside its folder', async () => {
  writeFileSync(join(dir, 'nlu/en.yaml'), CORPUS);
  const sentences = createSentences();
  const beside = sentences(join(dir, 'main.yaml'));
  expect((await beside!(said('i want to pay the bill'))).intents[0]?.name).toBe('pay');
  expect(sentences(join(dir, 'examples/order.yaml'))).toBe(beside);
});

it('counts days from the call, not from today', async () => {
  writeFileSync(join(dir, 'nlu/en.yaml'), CORPUS);
  const understand = createSentences()(join(dir, 'main.yaml'))!;
  expect((await understand(said('change the address tomorrow'))).entities).toContainEqual(expect.objectContaining({ entity: 'date', value: '2026-11-21' }));
  expect((await understand({ ...said('明天'), language: 'zh-CN' })).entities).toContainEqual(expect.objectContaining({ entity: 'date', value: '2026-11-21' }));
});

it('is not there without corpora', () => {
  expect(createSentences()(join(dir, 'main.yaml'))).toBeUndefined();
  rmSync(join(dir, 'nlu'), { recursive: true });
  expect(createSentences()(join(dir, 'main.yaml'))).toBeUndefined();
});

it('names the faults of corpora', () => {
  writeFileSync(join(dir, 'nlu/en.yaml'), 'version: 1\nlanguage: fr\nintents: {}\n');
  expect(() => createSentences()(join(dir, 'main.yaml'))).toThrow(ConfigFaults);
});
