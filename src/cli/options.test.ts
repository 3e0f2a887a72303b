import { expect, expectTypeOf, it } from 'vitest';
import { WrongUse } from './errors.js';
import { langOf } from './io.js';
import { readOptions } from './options.js';

const kinds = { json: 'flag', lang: 'value' } as const;
const read = (line: string) => readOptions(line.split(' ').filter(Boolean), kinds, 'demo [--json] [--lang L]');

it('tells flags, values and the rest apart', () => {
  const options = read('a --json b --lang=en');
  expect(options).toEqual({ json: true, lang: 'en', rest: ['a', 'b'] });
  expectTypeOf(options.json).toEqualTypeOf<boolean>();
  expectTypeOf(options.lang).toEqualTypeOf<string | undefined>();
});

it('leaves out what was not said', () => expect(read('')).toEqual({ json: false, lang: undefined, rest: [] }));

it.each(['--jsn', '--lang', '--json=yes'])('refuses %s and shows the usage', (line) => {
  expect(() => read(line)).toThrow(WrongUse);
  expect(() => read(line)).toThrow(expect.objectContaining({ hint: 'usage: strowger demo [--json] [--lang L]' }) as Error);
});

it.each([
  [{ LANG: 'zh_CN.UTF-8' }, 'zh-CN'], [{ LANG: 'en_US.UTF-8' }, 'en'], [{ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'], [{ LC_MESSAGES: 'zh_TW' }, 'zh-CN'], [{}, 'en'],
])('speaks to %j in %s', (env, lang) => expect(langOf(env)).toBe(lang));
