import { describe, expect, it } from 'vitest';
import { toPinyin } from './chinese.js';
import { toRuns } from './runs.js';

describe('Chinese', () => {
  it.each([
    ['您好，欢迎致电。', 'nin2hao3, huan1ying2 zhi4dian4.'],
    ['银行', 'yin2hang2'], ['在行走', 'zai4 xing2zou3'], ['长度', 'chang2du4'], ['校长', 'xiao4zhang3'], ['重复', 'chong2fu4'], ['重置', 'chong2zhi4'], ['重要', 'zhong4yao4'],
    ['不对', 'bu2dui4'], ['一个', 'yi2ge4'], ['绿色', 'lv4se4'], ['好的', 'hao3de5'], ['好吗？是！', 'hao3 ma5? shi4!'],
  ])('%s is spelled %s', (text, spelled) => expect(toPinyin(text).replaceAll(/(?<=\d) (?=[a-z])/g, '')).toBe(spelled.replaceAll(/(?<=\d) (?=[a-z])/g, '')));

  it('keeps the syllables of one word together', () => expect(toPinyin('取消订单')).toBe('qu3xiao1 ding4dan1'));

  it('leaves out what nobody can pronounce', () => expect(toPinyin('好\u{2A6DF}好')).toBe('hao3 hao3'));
});

describe('a sentence', () => {
  it('is one run where it is one language', () => {
    expect(toRuns('您现在排在第3位。', 'zh-CN')).toEqual([{ lang: 'zh-CN', spelled: 'nin2 xian4zai4 pai2zai4 di4san1 wei4.' }]);
    expect(toRuns('You are number 3.', 'en')).toEqual([{ lang: 'en', spelled: 'You are number 3.' }]);
  });

  it('is split where the script changes', () => {
    expect(toRuns('您好，我是 Alice Wang，请讲。', 'zh-CN').map((r) => [r.lang, r.spelled])).toEqual([
      ['zh-CN', expect.stringMatching(/^nin2 ?hao3, wo3 ?shi4$/)], ['en', 'Alice Wang,'], ['zh-CN', expect.stringMatching(/^qing3 ?jiang3\.$/)],
    ]);
    expect(toRuns('Hello 您好', 'en').map((r) => r.lang)).toEqual(['en', 'zh-CN']);
  });

  it.each([
    ['Your extension is 1001.', 'Your extension is 1 0 0 1.'], ['Call 4008001234 now.', 'Call 4 0 0 8 0 0 1 2 3 4 now.'], ['You are number 12.', 'You are number 12.'],
    ['Press # or *.', 'Press pound or star .'], ['+8613800138000', 'plus 8 6 1 3 8 0 0 1 3 8 0 0 0'], ['In 2026.', 'In 2026.'],
  ])('reads English numbers as English: %s', (text, spelled) => expect(toRuns(text, 'en')[0]?.spelled.replaceAll(/ +/g, ' ')).toBe(spelled));

  it('names the keys in Chinese', () => expect(toRuns('请按*或#', 'zh-CN')[0]?.spelled).toMatch(/xing1 ?hao4.*jing3 ?hao4/));

  it.each(['', '   ', '。。。', '!?', '🙂'])('%j has nothing to say', (text) => expect(toRuns(text, 'zh-CN')).toEqual([]));

  it('means the same in full-width letters', () => expect(toRuns('ＶＩＰ', 'zh-CN')).toEqual(toRuns('VIP', 'zh-CN')));
});
