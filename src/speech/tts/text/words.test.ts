import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../ports.js';
import { toWords } from './words.js';

describe('a Chinese sentence', () => {
  const read = (text: string): string => toWords(text, 'zh-CN');

  describe('says numbers', () => {
    it.each([
      ['您现在排在第 3 位', '您现在排在第 三 位'], ['第2位', '第二位'], ['第200位', '第二百位'], ['2位客户', '两位客户'], ['等2分钟', '等两分钟'], ['按2', '按二'], ['有12个', '有十二个'],
      ['12000人', '一万两千人'], ['5,000人', '五千人'], ['50%', '百分之五十'], ['-2.5%', '负百分之二点五'], ['10%-20%', '百分之十到百分之二十'], ['3‰', '千分之三'], ['3.14', '三点一四'], ['-3', '负三'],
      ['余额为-5', '余额为负五'], ['没有数字', '没有数字'], ['1/2', '二分之一'], ['3:70', '三比七十'], ['3-5天', '三到五天'], ['10~15分钟', '十到十五分钟'], ['版本1.2.3', '版本一点二点三'], ['选1，100元', '选一,一百元'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });

  describe('says what is dialled or spelled digit by digit', () => {
    it.each([
      ['请拨10086', '请拨幺零零八六'], ['分机1001', '分机幺零零幺'], ['电话是 13800138000。', '电话是 幺三八零零幺三八零零零。'], ['138 0013 8000', '幺三八零零幺三八零零零'], ['工号007', '工号零零七'],
      ['021-6888', '零二幺六八八八'], ['+86 10', '加八六 十'], ['+86 138 0013 8000', '加八六幺三八零零幺三八零零零'], ['400-800-1234', '四零零八零零幺二三四'], ['验证码：3690', '验证码:三六九零'],
      ['订单号12345', '订单号幺二三四五'], ['尾号1024的卡', '尾号幺零二四的卡'], ['订单A1234567已发货', '订单A 幺二三四五六七已发货'], ['航班CA1501', '航班C A 幺五零幺'], ['5G和MP3', '五G和MP三'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });

  describe('says dates', () => {
    it.each([
      ['2026年', '二零二六年'], ['2026-11-20', '二零二六年十一月二十日'], ['2026/2/2', '二零二六年二月二日'], ['2026.11.20', '二零二六年十一月二十日'], ['2026年11月20日', '二零二六年十一月二十日'], ['11月20日', '十一月二十日'],
      ['2月2号', '二月二号'], ['2026-11-20（周五）', '二零二六年十一月二十日(周五)'], ['2026-11-20T15:30', '二零二六年十一月二十日下午三点半'], ['2026-11-20 09:05', '二零二六年十一月二十日上午九点零五分'], ['2个月', '两个月'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
    it('that exist', () => expect(read('2026-02-30')).not.toContain('月'));
  });

  describe('says the time, and the part of the day where it is beyond doubt', () => {
    it.each([
      ['15:30', '下午三点半'], ['9:00', '九点整'], ['09:00', '上午九点整'], ['2:05', '两点零五分'], ['10:30', '十点半'], ['下午3:30', '下午三点半'], ['今晚20:15', '今晚八点十五分'], ['00:10', '凌晨零点十分'], ['12:00', '十二点整'],
      ['23:59', '晚上十一点五十九分'], ['3:30 PM', '下午三点半'], ['14:00:05', '下午两点零分五秒'], ['9:00-18:00', '九点整到晚上六点整'], ['12:30 PM', '中午十二点半'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });

  describe('says amounts of money', () => {
    it.each([
      ['¥12.50', '十二元五角'], ['￥35.50', '三十五元五角'], ['12.5元', '十二元五角'], ['12.05元', '十二元零五分'], ['12.34元', '十二元三角四分'], ['0.50元', '五角'], ['2元', '两元'], ['12000元', '一万两千元'], ['¥0', '零元'], ['-¥5', '负五元'],
      ['$3.20', '三美元二十美分'], ['US$100', '一百美元'], ['20 USD', '二十美元'], ['€2.05', '两欧元零五欧分'], ['12.5万元', '十二点五万元'], ['¥3万', '三万元'], ['¥2', '两元'], ['$5亿', '五亿美元'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });

  describe('says units and marks', () => {
    it.each([
      ['2.5kg', '二点五公斤'], ['60km/h', '六十公里每小时'], ['-5℃', '零下五摄氏度'], ['25°C', '二十五摄氏度'], ['80m2', '八十平方米'], ['80㎡', '八十平方米'], ['2 L', '两升'], ['3 Mbps', '三 Mbps'], ['请按*或#', '请按星号或井号'], ['A&B', 'A和B'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });
});

describe('an English sentence', () => {
  const read = (text: string): string => toWords(text, 'en');

  describe('says numbers', () => {
    it.each([
      ['You are number 12.', 'You are number twelve.'], ['105 people', 'one hundred five people'], ['12,000 items', 'twelve thousand items'], ['3.14', 'three point one four'], ['50%', 'fifty percent'], ['It is -3 now', 'It is minus three now'],
      ['the 21st caller', 'the twenty first caller'], ['the 12th and 20th', 'the twelfth and twentieth'], ['3-5 days', 'three to five days'], ['version 1.2.3', 'version one point two point three'], ['1/2', 'one half'], ['3/4', 'three quarters'], ['in 2026', 'in twenty twenty six'],
      ['since 1905', 'since nineteen oh five'], ['in 2005', 'in two thousand five'], ['2026 people', 'two thousand twenty six people'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });

  describe('says what is dialled or spelled digit by digit', () => {
    it.each([
      ['Your extension is 1001.', 'Your extension is one zero zero one.'], ['Call 4008001234 now.', 'Call four zero zero eight zero zero one two three four now.'], ['+8613800138000', 'plus eight six one three eight zero zero one three eight zero zero zero'],
      ['Order 123', 'Order one two three'], ['PIN: 0420', 'PIN zero four two zero'], ['(555) 010-1234', 'five five five zero one zero one two three four'], ['order A1234567', 'order A one two three four five six seven'], ['007', 'zero zero seven'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });

  describe('says dates', () => {
    it.each([
      ['2026-11-20', 'November twentieth, twenty twenty six'], ['20 November 2026', 'November twentieth, twenty twenty six'], ['November 20, 2026', 'November twentieth, twenty twenty six'], ['Nov 3', 'November third'], ['the 1st of May', 'the May first'],
      ['Fri, 20 Nov 2026', 'Friday, November twentieth, twenty twenty six'], ['2026-11-20T15:30', 'November twentieth, twenty twenty six, half past three in the afternoon'], ['November 2026', 'November twenty twenty six'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });

  describe('says the time, and the part of the day where it is beyond doubt', () => {
    it.each([
      ['15:30', 'half past three in the afternoon'], ['3:30', 'half past three'], ['9:00', 'nine o\'clock'], ['09:05', 'nine oh five in the morning'], ['20:15', 'eight fifteen in the evening'], ['12:00 PM', 'noon'], ['00:00', 'midnight'], ['5 pm', 'five o\'clock in the afternoon'],
      ['9:00-18:00', 'nine o\'clock to six o\'clock in the evening'], ['3:30 p.m.', 'half past three in the afternoon'], ['14:00:05', 'two o\'clock and five seconds in the afternoon'], ['3:70', 'three to seventy'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });

  describe('says amounts of money', () => {
    it.each([
      ['$3.20', 'three dollars and twenty cents'], ['$1', 'one dollar'], ['$0.99', 'ninety nine cents'], ['£2.01', 'two pounds and one penny'], ['¥12.50', 'twelve point five yuan'], ['¥12', 'twelve yuan'], ['12.50 CNY', 'twelve point five yuan'], ['¥100.00', 'one hundred yuan'],
      ['-$5', 'minus five dollars'], ['$2.5 million', 'two point five million dollars'], ['€10k', 'ten thousand euros'], ['12.5 dollars', 'twelve point five dollars'], ['$1,250.00', 'one thousand two hundred fifty dollars'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });

  describe('says units and marks', () => {
    it.each([
      ['2.5kg', 'two point five kilograms'], ['1 km', 'one kilometer'], ['-5°C', 'minus five degrees Celsius'], ['3 Mbps', 'three megabits a second'], ['Press # or *.', 'Press pound or star.'], ['A & B', 'A and B'],
    ])('%s → %s', (text, said) => expect(read(text)).toBe(said));
  });
});

it('leaves no digit unsaid, and changes nothing the second time', () => {
  const bits = fc.constantFrom('1', '12', '2026', '0', '.', '-', ':', '/', '%', '¥', '$', '元', '年', '月', ' ', ',', 'kg', 'PM', '第', 'A', '，', '+', '11月20日', '15:30', 'Nov ', '#');
  fc.assert(fc.property(fc.array(bits, { maxLength: 14 }), fc.constantFrom(...LANGUAGES), (parts, lang) => {
    const said = toWords(parts.join(''), lang);
    expect(said).not.toMatch(/\d/);
    expect(toWords(said, lang)).toBe(said);
  }), { numRuns: 500 });
});

it.each(['1', 'A', 'A-', '1-', '1,000,', '1.', '1:30-', '$1', '-', '1/', 'A11', '1 Nov ', '2026-', '138 ', '"', '。', 'Mr. '])('%j over and over is read without long thought', (bit) => {
  for (const lang of LANGUAGES) {
    const began = performance.now();
    toWords(bit.repeat(5_000 / bit.length), lang);
    expect(performance.now() - began).toBeLessThan(500); // tens of ms, on a machine that does nothing else
  }
});
