import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFaults } from '../config/index.js';
import { WrongUse } from './errors.js';
import { nluClassify } from './nlu-classify.js';
import { UnusableCorpus } from './nlu-corpus.js';
import { nluEvaluate } from './nlu-evaluate.js';
import { terminal } from './terminal.fixture.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nlu-'));
  mkdirSync(join(dir, 'dialplans/nlu'), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

const at = (more: Parameters<typeof terminal>[0] = {}) => terminal({ cwd: dir, env: { STROWGER_DIALPLANS: join(dir, 'dialplans') }, ...more });
const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const sentences = (intent: string, verb: string, training: boolean) =>
  ['my order', 'the order please', 'what i bought', 'everything', 'the last thing', 'that parcel', 'this one', 'it now'].map((what) => ({ text: `${verb} ${what}`, intent, training }));
const corpus = { name: 'small', lang: 'en', sentences: [...sentences('cancel', 'cancel', true), ...sentences('track', 'where is', true), { text: 'cancel the whole order', intent: 'cancel', training: false }, { text: 'where is my stuff', intent: 'track', training: false }, { text: 'play the violin', intent: 'None', training: false }] };
const yaml = `version: 1\nlanguage: en\nintents:\n  cancel_order: { examples: [${sentences('', 'cancel', true).map((s) => s.text).join(', ')}] }\n  track_order: { examples: [${sentences('', 'where is', true).map((s) => s.text).join(', ')}] }\n`;

describe('nlu evaluate', () => {
  it('trains on the training items and judges the others', async () => {
    write('small.json', JSON.stringify(corpus));
    const { io, json } = at();
    expect(await nluEvaluate(['small.json', '--json'], io)).toBe(0);
    expect(json()).toMatchObject({
      corpus: 'small', language: 'en', training_items: 16, test_items: 3, correct: 3, accuracy: 1, mistakes: [], training_ms: expect.any(Number), calibration: { expected_error: expect.any(Number) },
      out_of_scope: { items: 1, recall: 1, false_rejects: 0, recall_at_5_percent_false_rejects: 1 },
      intents: [{ intent: 'cancel', items: 1, precision: 1, recall: 1, f1: 1 }, { intent: 'track', items: 1 }, { intent: 'None', items: 1 }],
    });
  });
  it('says it in words of either language', async () => {
    write('small.json', JSON.stringify(corpus));
    const chinese = at({ lang: 'zh-CN' });
    await nluEvaluate(['small.json'], chinese.io);
    expect(chinese.text()).toContain('3 句中答对 3 句');
  });
  it('takes the corpus of the dialplans where the file has no training items', async () => {
    write('dialplans/nlu/en.yaml', yaml);
    write('held-out.json', JSON.stringify({ lang: 'en', sentences: [{ text: 'cancel that order', intent: 'cancel_order', training: false }] }));
    const { io, json } = at();
    await nluEvaluate(['held-out.json', '--json'], io);
    expect(json()).toMatchObject({ accuracy: 1, training_items: 16 });
  });
  it.each<[string, string, RegExp]>([['no JSON', '{', /JSON/], ['no sentences', '{"sentences": []}', /sentences/], ['a sentence without an intent', '{"sentences": [{"text": "a", "training": true}]}', /\/sentences\/0\/intent/]])('refuses %s', async (_, text, why) => {
    write('bad.json', text);
    await expect(nluEvaluate(['bad.json'], at().io)).rejects.toThrow(UnusableCorpus);
    await expect(nluEvaluate(['bad.json'], at().io)).rejects.toThrow(why);
  });
  it.each([[[]], [['nowhere.json']], [['a.json', 'b.json']]])('is used wrongly with %j', async (args) => await expect(nluEvaluate(args, at().io)).rejects.toThrow(WrongUse));
});

describe('nlu classify', () => {
  it('says intent, confidence and entities', async () => {
    write('dialplans/nlu/en.yaml', yaml);
    const { io, json } = at();
    expect(await nluClassify(['cancel order', 'A B 1 2 3', '--json'], io)).toBe(0);
    expect(json()).toMatchObject({ language: 'en', intent: 'cancel_order', intents: [{ intent: 'cancel_order', confidence: expect.any(Number) }, { intent: 'track_order' }], entities: [{ entity: 'order_id', value: 'AB123' }] });
  });
  it('hears only the intents that an ask names', async () => {
    write('dialplans/nlu/en.yaml', yaml);
    const { io, json } = at();
    await nluClassify(['where is my order', '--intents', 'cancel_order', '--json'], io);
    expect(json()).toMatchObject({ intent: null });
    await expect(nluClassify(['x', '--intents', 'fly'], at().io)).rejects.toThrow('there is no intent "fly"');
  });
  it('tells the language by the characters, or is told', async () => {
    write('dialplans/nlu/en.yaml', yaml);
    await expect(nluClassify(['取消订单'], at().io)).rejects.toThrow('there is no corpus for zh-CN');
    await expect(nluClassify(['hello', '--lang', 'fr'], at().io)).rejects.toThrow(WrongUse);
  });
  it('shows the faults of a corpus that is refused', async () => {
    write('dialplans/nlu/en.yaml', yaml.replace('version: 1', 'version: 3'));
    await expect(nluClassify(['hello'], at().io)).rejects.toThrow(ConfigFaults);
  });
  it('wants a sentence', async () => await expect(nluClassify([], at().io)).rejects.toThrow(WrongUse));
});

/** Floors under the figures of docs/decisions: what falls below was broken, not unlucky. */
describe('the figures', () => {
  const evaluated = async (file: string) => {
    const { io, json } = terminal({ env: { STROWGER_DIALPLANS: repository('dialplans') } });
    await nluEvaluate([repository(`test/corpora/${file}.json`), '--json'], io);
    return json() as { correct: number; accuracy: number; out_of_scope: { recall_at_5_percent_false_rejects: number }; calibration: { expected_error: number } };
  };
  it('of the published corpora', async () => {
    const all = await Promise.all(['ChatbotCorpus', 'AskUbuntuCorpus', 'WebApplicationsCorpus'].map(evaluated));
    expect(all.reduce((sum, e) => sum + e.correct, 0)).toBeGreaterThanOrEqual(253); // @nlpjs/basic 4.27
  });
  it.each(['en', 'zh-CN'])('of the shipped corpus (%s)', async (language) => {
    const e = await evaluated(`call-centre/${language}`);
    expect(e.accuracy).toBeGreaterThan(0.8);
    expect(e.out_of_scope.recall_at_5_percent_false_rejects).toBeGreaterThanOrEqual(0.6);
  });
});
