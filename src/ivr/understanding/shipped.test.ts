import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { normalise, type Language } from '../../nlu/index.js';
import { checkCorpora } from './corpora.js';

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const { corpora, faults } = checkCorpora(at('dialplans/nlu'));

it('comes without a fault or a warning', () => expect(faults).toEqual([]));

it('has the same forty intents in both languages, with twenty examples at least', () => {
  const names = (language: Language) => corpora.get(language)?.intents.map((i) => i.name).sort();
  expect(names('en')).toHaveLength(40);
  expect(names('zh-CN')).toEqual(names('en'));
  for (const corpus of corpora.values()) for (const { name, examples } of corpus.intents) expect([name, examples.length >= 20]).toEqual([name, true]);
  expect(corpora.get('en')?.entities.map((e) => e.name)).toEqual(corpora.get('zh-CN')?.entities.map((e) => e.name));
});

it.each<Language>(['en', 'zh-CN'])('is tested with sentences that it does not hold (%s)', (language) => {
  const { sentences } = JSON.parse(readFileSync(at(`test/corpora/call-centre/${language}.json`), 'utf8')) as { sentences: { text: string; intent: string; training: boolean }[] };
  const corpus = corpora.get(language);
  const learnt = new Set([...(corpus?.intents.flatMap((i) => i.examples) ?? []), ...(corpus?.outOfScope ?? [])].map((text) => normalise(text, language)));
  expect(sentences.filter((s) => s.training || learnt.has(normalise(s.text, language)))).toEqual([]);
  const tested = new Set(sentences.map((s) => s.intent));
  for (const { name } of corpus?.intents ?? []) expect(tested).toContain(name);
  expect(sentences.filter((s) => s.intent === 'None').length).toBeGreaterThanOrEqual(60);
});
