import { expect, it } from 'vitest';
import { merge, readCorpus } from './corpus-file.js';

const eight = (word: string) => Array.from({ length: 8 }, (_, i) => `${word} ${'abcdefgh'.charAt(i)}`);
const file = (intents: Record<string, string[]>, more = '') =>
  `version: 1\nlanguage: en\nintents:\n${Object.entries(intents).map(([name, examples]) => `  ${name}:\n    examples:\n${examples.map((e) => `      - ${e}\n`).join('')}`).join('')}${more}`;
const faults = (text: string) => readCorpus('nlu/en.yaml', text).faults.map((f) => `${f.severity} ${f.line}:${f.column} ${f.code}`);

it('reads intents, what is out of scope, and lists', () => {
  const read = readCorpus('nlu/en.yaml', file({ cancel: eight('cancel') }, 'out_of_scope: [ sing ]\nentities: { city: { values: { paris: [ Paris, the capital ] } } }\n'));
  expect(read).toMatchObject({ ok: true, faults: [], file: { corpus: { language: 'en', outOfScope: ['sing'], intents: [{ name: 'cancel' }], entities: [{ name: 'city', values: [{ value: 'paris', synonyms: ['Paris', 'the capital'] }] }] } } });
});
it.each<[string, string, string[]]>([
  ['a sentence of two intents', file({ a: [...eight('x'), 'Both, please'], b: [...eight('y'), 'both please'] }), ['error 25:9 nlu.duplicate_example']],
  ['a sentence that is out of scope too', file({ a: eight('x') }, 'out_of_scope:\n  - x c\n'), ['error 15:5 nlu.duplicate_example']],
  ['a sentence twice in one intent', file({ a: [...eight('x'), 'x a'] }), ['warning 14:9 nlu.duplicate_example']],
  ['few examples', file({ a: ['one', 'two'] }), ['warning 4:3 nlu.few_examples']],
  ['a list that has the name of what is found anyway', file({ a: eight('x') }, 'entities: { date: { values: { x: [ y ] } } }\n'), ['error 14:13 nlu.built_in_entity']],
  ['an unknown key', file({ a: eight('x') }, 'outofscope: []\n'), ['error 14:1 config.unknown_key']],
  ['a language nobody speaks here', file({ a: eight('x') }).replace('en', 'fr'), ['error 2:11 config.wrong_value']],
  ['an intent without examples', file({ a: eight('x') }, '  b: { examples: [] }\n'), ['error 14:18 config.wrong_value']],
  ['a number where a sentence belongs', file({ a: [...eight('x'), '4711'] }), ['error 14:9 config.wrong_type']],
  ['broken YAML', 'version: 1\nintents: [', ['error 2:11 config.syntax']],
])('reports %s where it stands', (_, text, expected) => expect(faults(text)).toEqual(expected));

it('says how the key was meant', () => expect(readCorpus('f', file({ a: eight('x') }, 'outofscope: []\n')).faults[0]?.hint).toBe('did you mean "out_of_scope"?'));

it('joins the files of a language, and refuses an intent that another file has', () => {
  const read = (name: string, text: string) => {
    const r = readCorpus(name, text);
    return r.ok ? [r.file] : [];
  };
  const both = merge([...read('a.yaml', file({ a: eight('x') })), ...read('b.yaml', file({ b: eight('y') })), ...read('c.yaml', file({ a: eight('z') }))]);
  expect(both.corpora.get('en')?.intents.map((i) => i.name)).toEqual(['a', 'b']);
  expect(both.faults).toMatchObject([{ file: 'c.yaml', line: 4, column: 3, code: 'nlu.duplicate_name', severity: 'error' }]);
});
