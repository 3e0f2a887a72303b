import { describe, expect, it } from 'vitest';
import { APOLOGY, NOBODY, PHRASES, spoken as withValues } from './phrases.js';
import { readTemplate } from './template.js';
import type { Prompt } from './plan.js';

const spoken = (prompt: Prompt, language?: 'zh-CN' | 'en') => withValues(prompt, language, {}).value;
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
  for (const phrase of [APOLOGY, NOBODY, ...PHRASES]) expect(spoken(phrase, undefined).map((p) => p.lang)).toEqual(['zh-CN', 'en']);
});

it('puts values into its texts, and says what could not be worked out', () => {
  const text = (written: string) => {
    const read = readTemplate(written);
    return read.ok ? read.text : '';
  };
  const scope = { order_id: 'A1', items: ['pen', 'ink'] };
  expect(withValues({ en: text('Order $order_id: ${items[0]}.') }, 'en', scope)).toEqual({ value: [{ text: 'Order A1: pen.', lang: 'en' }], failed: undefined });
  expect(withValues({ en: text('Hello ${items[7]}.') }, 'en', scope)).toEqual({ value: [{ text: 'Hello .', lang: 'en' }], failed: expect.any(String) });
  expect(spoken({ en: text('$nothing') }, 'en')).toEqual([]);
});

describe('a value in a text with markup', () => {
  const text = (written: string) => {
    const read = readTemplate(written);
    return read.ok ? read.text : '';
  };
  const said = (written: string, value: string) => withValues({ en: text(written) }, 'en', { name: value }).value[0]?.text;
  it('means itself there', () => expect(said('<speak>Hello $name.</speak>', '<break time="9s"/> & Co')).toBe('<speak>Hello &#60;break time=&#34;9s&#34;/&#62; &#38; Co.</speak>'));
  it('makes no markup of a text that has none', () => expect(said('$name', '<speak><break time="9s"/></speak>')).not.toMatch(/[<>]/));
  it('is left alone elsewhere', () => expect(said('Is $name right?', '3 < 4')).toBe('Is 3 < 4 right?'));
});
