import { describe, expect, it } from 'vitest';
import type { Language } from '../ports.js';
import { toPinyin } from './chinese.js';
import { toRuns, type Run } from './runs.js';
import { toWords } from './words.js';

const run = (text: string, lang: Language): Run[] => toRuns(toWords(text, lang));
const syllables = (text: string): string => toPinyin(text).replaceAll(/(?<=\d) (?=[a-z])/g, '');

describe('Chinese', () => {
  it.each([['您好，欢迎致电。', 'nin2hao3, huan1ying2zhi4dian4.'], ['绿色', 'lv4se4'], ['好的', 'hao3de5'], ['好吗？是！', 'hao3ma5? shi4!']])('%s is spelled %s', (text, spelled) => expect(syllables(text)).toBe(spelled));

  it('keeps the syllables of one word together', () => expect(toPinyin('取消订单')).toBe('qu3xiao1 ding4dan1'));

  it('leaves out what nobody can pronounce', () => expect(toPinyin('好\u{2A6DF}好')).toBe('hao3 hao3'));
});

describe('a character of several sounds is said as its word has it', () => {
  it.each([
    ['银行', 'yin2hang2'], ['在行走', 'zai4xing2zou3'], ['行业', 'hang2ye4'], ['我行将调整利率', 'wo3hang2jiang1tiao2zheng3li4lv4'], ['分行行长', 'fen1hang2hang2zhang3'], ['开户行', 'kai1hu4hang2'],
    ['长度', 'chang2du4'], ['校长', 'xiao4zhang3'], ['增长', 'zeng1zhang3'], ['请长按', 'qing3chang2an4'], ['重庆', 'chong2qing4'], ['重要', 'zhong4yao4'], ['重复', 'chong2fu4'], ['重量', 'zhong4liang4'],
    ['请重新输入', 'qing3chong2xin1shu1ru4'], ['重置密码', 'chong2zhi4mi4ma3'], ['重拨', 'chong2bo1'], ['还款', 'huan2kuan3'], ['还有', 'hai2you3'], ['还款日', 'huan2kuan3ri4'], ['归还', 'gui1huan2'], ['您还需还款', 'nin2hai2xu1huan2kuan3'],
    ['还没有还清', 'hai2mei2you3huan2qing1'], ['音乐', 'yin1yue4'], ['快乐', 'kuai4le4'], ['了解', 'liao3jie3'], ['为了', 'wei4le5'], ['因为', 'yin1wei4'], ['作为', 'zuo4wei2'], ['金额为', 'jin1e2wei2'], ['爱好', 'ai4hao4'],
    ['得到', 'de2dao4'], ['觉得', 'jue2de5'], ['着急', 'zhao2ji2'], ['看着', 'kan4zhe5'], ['数字', 'shu4zi4'], ['调整', 'tiao2zheng3'], ['调查', 'diao4cha2'], ['空调', 'kong1tiao2'], ['便宜', 'pian2yi5'], ['方便', 'fang1bian4'],
    ['会计', 'kuai4ji4'], ['开会', 'kai1hui4'], ['省份', 'sheng3fen4'], ['反省', 'fan3xing3'], ['参加', 'can1jia1'], ['人参', 'ren2shen1'], ['差别', 'cha1bie2'], ['出差', 'chu1chai1'], ['差旅费', 'chai1lv3fei4'], ['处理', 'chu3li3'],
    ['到处', 'dao4chu4'], ['传真', 'chuan2zhen1'], ['自传', 'zi4zhuan4'], ['发票', 'fa1piao4'], ['分钟', 'fen1zhong1'], ['干净', 'gan1jing4'], ['更新', 'geng1xin1'], ['更好', 'geng4hao3'], ['提供', 'ti2gong1'], ['应该', 'ying1gai1'],
    ['应用', 'ying4yong4'], ['种类', 'zhong3lei4'], ['种植', 'zhong4zhi2'], ['中国', 'zhong1guo2'], ['中奖', 'zhong4jiang3'], ['转账', 'zhuan3zhang4'], ['假期', 'jia4qi1'], ['折扣', 'zhe2kou4'], ['正在', 'zheng4zai4'], ['要求', 'yao1qiu2'],
    ['需要', 'xu1yao4'], ['号码', 'hao4ma3'], ['对称', 'dui4chen4'], ['首都', 'shou3du1'], ['厦门', 'xia4men2'], ['大厦', 'da4sha4'],
  ])('%s → %s', (text, spelled) => expect(syllables(text)).toBe(spelled));
});

describe('一 and 不 change their tone with what follows', () => {
  it.each([
    ['一个', 'yi2ge4'], ['一天', 'yi4tian1'], ['一百', 'yi4bai3'], ['一万', 'yi2wan4'], ['一定', 'yi2ding4'], ['一起', 'yi4qi3'], ['第一', 'di4yi1'], ['二十一', 'er4shi2yi1'], ['一月一日', 'yi1yue4yi1ri4'], ['星期一', 'xing1qi1yi1'],
    ['统一', 'tong3yi1'], ['按一', 'an4yi1'], ['一一零', 'yi1yi1ling2'], ['一二三', 'yi1er4san1'], ['不对', 'bu2dui4'], ['不好', 'bu4hao3'], ['不行', 'bu4xing2'], ['不用', 'bu2yong4'], ['不客气', 'bu2ke4qi4'], ['不一样', 'bu4yi2yang4'],
  ])('%s → %s', (text, spelled) => expect(syllables(text)).toBe(spelled));
});

describe('a sentence', () => {
  it('is one run where it is one language', () => {
    expect(run('您现在排在第3位。', 'zh-CN')).toEqual([{ lang: 'zh-CN', spelled: 'nin2 xian4zai4 pai2zai4 di4san1 wei4.' }]);
    expect(run('You are number 3.', 'en')).toEqual([{ lang: 'en', spelled: 'You are number three.' }]);
  });

  it('is split where the script changes', () => {
    expect(run('您好，我是 Alice Wang，请讲。', 'zh-CN').map((r) => [r.lang, r.spelled])).toEqual([
      ['zh-CN', expect.stringMatching(/^nin2 ?hao3, wo3 ?shi4$/)], ['en', 'Alice Wang,'], ['zh-CN', expect.stringMatching(/^qing3 ?jiang3\.$/)],
    ]);
    expect(run('Hello 您好', 'en').map((r) => r.lang)).toEqual(['en', 'zh-CN']);
  });

  it.each(['', '   ', '。。。', '!?', '🙂'])('%j has nothing to say', (text) => expect(run(text, 'zh-CN')).toEqual([]));

  it('means the same in full-width letters', () => expect(run('ＶＩＰ', 'zh-CN')).toEqual(run('VIP', 'zh-CN')));
});
