import { describe, expect, it } from 'vitest';
import { fold, normalise } from './normalise.js';
import { soundsOf } from './sounds.js';
import { stem } from './stem.js';
import { SIMPLIFIED } from './simplified.js';

describe('normalised text', () => {
  it.each([['ＡＢＣ１２３', 'abc123'], ['取消訂單', '取消订单'], ['貳拾叁', '贰拾叁'], ['It’s', "it's"]])('%s folds to %s, in as many characters', (text, folded) => {
    expect(fold(text)).toBe(folded);
    expect(fold(text)).toHaveLength(text.length);
  });
  it.each<['zh-CN' | 'en', string, string]>([
    ['zh-CN', '嗯，那个，我想取消订单啊。', '我想取消订单'], ['zh-CN', '喂你好', '你好'], ['zh-CN', '嗯', '嗯'], ['en', "Um, I don't want it, uh, please!", 'i dont want it'], ['en', 'you know', 'you know'],
  ])('(%s) %s is %s', (language, text, plain) => expect(normalise(text, language)).toBe(plain));
  it('keeps its length whatever the letters', () => {
    for (const text of ['İstanbul', 'ﬁne', '𠮷野家', '①②']) expect(fold(text)).toHaveLength(text.length);
  });
  it('knows no traditional character twice, and none that stays as it is', () => {
    for (const [from, to] of SIMPLIFIED) expect(from).not.toBe(to);
    expect(SIMPLIFIED.get('態')).toBe('态');
  });
});

it.each([['cancelled', 'cancel'], ['cancels', 'cancel'], ['cancelling', 'cancel'], ['deliveries', 'delivery'], ['charged', 'charg'], ['charge', 'charg'], ['status', 'status'], ['address', 'address'], ['boxes', 'box'], ['stopped', 'stop']])(
  '%s is stemmed to %s', (word, cut) => expect(stem(word)).toBe(cut));

it.each([['是', '四'], ['兰', '男'], ['心', '星'], ['知', '资'], ['花', '发']])('%s and %s may be misheard for each other', (a, b) => expect(soundsOf([a])).toEqual(soundsOf([b])));
