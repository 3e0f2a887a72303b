import { expect, it } from 'vitest';
import { APOLOGY, NOBODY, spoken } from './phrases.js';

const both = { 'zh-CN': '您好', en: 'Hello' };

it('speaks Chinese, then English, until a language is chosen', () => {
  expect(spoken(both, undefined)).toEqual([{ text: '您好', lang: 'zh-CN' }, { text: 'Hello', lang: 'en' }]);
});

it('speaks only the language that is chosen', () => {
  expect(spoken(both, 'en')).toEqual([{ text: 'Hello', lang: 'en' }]);
  expect(spoken(both, 'zh-CN')).toEqual([{ text: '您好', lang: 'zh-CN' }]);
});

it('speaks what there is rather than nothing', () => {
  expect(spoken({ en: 'Hello' }, 'zh-CN')).toEqual([{ text: 'Hello', lang: 'en' }]);
  expect(spoken({}, 'en')).toEqual([]);
});

it('can apologise in every language', () => {
  for (const phrase of [APOLOGY, NOBODY]) expect(spoken(phrase, undefined).map((p) => p.lang)).toEqual(['zh-CN', 'en']);
});
