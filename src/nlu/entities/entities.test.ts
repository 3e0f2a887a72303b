import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findEntities } from './index.js';
import type { Found, Language } from '../types.js';

/** Friday, 20 November 2026, 10:00 in Shanghai; in London it is still two at night. */
const now = { atMs: Date.parse('2026-11-20T02:00:00Z'), timeZone: 'Asia/Shanghai' };
const all = (text: string, language: Language, at = now): Found[] => findEntities(text, language, at, []);
const of = (kind: string, text: string, language: Language) => all(text, language).filter((f) => f.entity === kind).map((f) => f.value);

describe('numbers', () => {
  it.each<[string, Language, number]>([
    ['两千三百', 'zh-CN', 2300], ['一百零五', 'zh-CN', 105], ['三万五', 'zh-CN', 35_000], ['两百五', 'zh-CN', 250], ['一点五', 'zh-CN', 1.5], ['十二', 'zh-CN', 12], ['一亿两千万', 'zh-CN', 120_000_000],
    ['3万', 'zh-CN', 30_000], ['２３', 'zh-CN', 23], ['貳拾', 'zh-CN', 20], ['一千零一十', 'zh-CN', 1010], ['二零二六', 'zh-CN', 2026], ['负五', 'zh-CN', -5], ['两万零三百', 'zh-CN', 20_300],
    ['twenty-three hundred', 'en', 2300], ['two thousand three hundred and five', 'en', 2305], ['2,300.50', 'en', 2300.5], ['a hundred', 'en', 100], ['two point five', 'en', 2.5],
    ['one million two hundred thousand', 'en', 1_200_000], ['seventeen', 'en', 17], ['minus four', 'en', -4], ['a thousand and five', 'en', 1005],
  ])('%s is %s %d', (text, language, value) => expect(of('number', text, language)).toEqual([value]));

  it.each<[string, Language]>([['点', 'zh-CN'], ['万一', 'zh-CN'], ['someone', 'en'], ['often', 'en']])('%s is none', (text, language) => expect(all(text, language).map((f) => f.entity)).not.toContain('order_id'));
});

describe('dates, on a Friday', () => {
  it.each<[string, Language, string]>([
    ['今天', 'zh-CN', '2026-11-20'], ['明天', 'zh-CN', '2026-11-21'], ['大后天', 'zh-CN', '2026-11-23'], ['昨天', 'zh-CN', '2026-11-19'], ['下周三', 'zh-CN', '2026-11-25'], ['这周三', 'zh-CN', '2026-11-18'],
    ['周三', 'zh-CN', '2026-11-25'], ['周五', 'zh-CN', '2026-11-20'], ['下个星期天', 'zh-CN', '2026-11-29'], ['下下周一', 'zh-CN', '2026-11-30'], ['上周五', 'zh-CN', '2026-11-13'], ['礼拜六', 'zh-CN', '2026-11-21'],
    ['三月五号', 'zh-CN', '2027-03-05'], ['12月25日', 'zh-CN', '2026-12-25'], ['二〇二七年三月五日', 'zh-CN', '2027-03-05'], ['十五号', 'zh-CN', '2026-12-15'], ['二十五号', 'zh-CN', '2026-11-25'],
    ['下个月五号', 'zh-CN', '2026-12-05'], ['三天后', 'zh-CN', '2026-11-23'], ['两个星期以后', 'zh-CN', '2026-12-04'], ['2026-12-01', 'zh-CN', '2026-12-01'],
    ['today', 'en', '2026-11-20'], ['tomorrow', 'en', '2026-11-21'], ['the day after tomorrow', 'en', '2026-11-22'], ['next Tuesday', 'en', '2026-11-24'], ['Friday', 'en', '2026-11-20'], ['last Monday', 'en', '2026-11-09'],
    ['on Wednesday', 'en', '2026-11-25'], ['15 March', 'en', '2027-03-15'], ['March 15th', 'en', '2027-03-15'], ['the fifteenth of March 2028', 'en', '2028-03-15'], ['the 25th', 'en', '2026-11-25'],
    ['the twenty-first', 'en', '2026-11-21'], ['in three days', 'en', '2026-11-23'], ['in a week', 'en', '2026-11-27'], ['December 1st', 'en', '2026-12-01'], ['the 5th of next month', 'en', '2026-12-05'],
  ])('%s (%s) is %s', (text, language, value) => expect(of('date', text, language)).toEqual([value]));

  it.each<[string, Language]>([['四月三十一号', 'zh-CN'], ['31 April', 'en'], ['五号楼', 'zh-CN'], ['the second one', 'en']])('%s is no date', (text, language) => expect(of('date', text, language)).toEqual([]));

  it('go by the calendar of the caller’s zone', () => {
    const late = { atMs: Date.parse('2026-11-20T17:00:00Z') };
    expect(all('明天', 'zh-CN', { ...late, timeZone: 'Asia/Shanghai' })[0]?.value).toBe('2026-11-22');
    expect(all('明天', 'zh-CN', { ...late, timeZone: 'Europe/London' })[0]?.value).toBe('2026-11-21');
    expect(all('明天', 'zh-CN', { ...late, timeZone: 'Mars/Olympus' })[0]?.value).toBe('2026-11-21');
  });
  it('on a Monday, next Tuesday is not tomorrow', () => {
    const monday = { atMs: Date.parse('2026-11-23T02:00:00Z'), timeZone: 'Asia/Shanghai' };
    expect(all('next Tuesday', 'en', monday)[0]?.value).toBe('2026-12-01');
    expect(all('Tuesday', 'en', monday)[0]?.value).toBe('2026-11-24');
  });
});

describe('times', () => {
  it.each<[string, Language, string]>([
    ['下午三点半', 'zh-CN', '15:30'], ['三点', 'zh-CN', '15:00'], ['十点', 'zh-CN', '10:00'], ['晚上八点一刻', 'zh-CN', '20:15'], ['早上七点二十分', 'zh-CN', '07:20'], ['中午十二点', 'zh-CN', '12:00'], ['15:30', 'zh-CN', '15:30'],
    ['下午', 'zh-CN', '12:00/18:00'], ['十点零五分', 'zh-CN', '10:05'], ['3 pm', 'en', '15:00'], ['three thirty p.m.', 'en', '15:30'], ['half past three', 'en', '15:30'], ['quarter to four', 'en', '15:45'],
    ["at three o'clock", 'en', '15:00'], ['10 in the morning', 'en', '10:00'], ['twelve am', 'en', '00:00'], ['noon', 'en', '12:00'], ['15:45', 'en', '15:45'], ['in the afternoon', 'en', '12:00/18:00'], ['at nine', 'en', '09:00'],
  ])('%s (%s) is %s', (text, language, value) => expect(of('time', text, language)).toEqual([value]));

  it('stand beside their day', () => {
    const found = all('我想改到下周三下午', 'zh-CN');
    expect(found.map(({ entity, value, text }) => [entity, value, text])).toEqual([['date', '2026-11-25', '下周三'], ['time', '12:00/18:00', '下午']]);
    expect(all('明天下午三点半可以吗', 'zh-CN').map((f) => f.value)).toEqual(['2026-11-21', '15:30']);
    expect(all('can you come next Tuesday at half past two', 'en').map((f) => f.value)).toEqual(['2026-11-24', '14:30']);
    expect(all('今晚八点', 'zh-CN').map((f) => f.value)).toEqual(['2026-11-20', '20:00']);
  });
});

describe('money', () => {
  it.each<[string, Language, number]>([
    ['三块五', 'zh-CN', 3.5], ['十二块钱', 'zh-CN', 12], ['三块五毛', 'zh-CN', 3.5], ['五毛', 'zh-CN', 0.5], ['十二块零五分', 'zh-CN', 12.05], ['两千三百元', 'zh-CN', 2300], ['¥12.50', 'zh-CN', 12.5], ['一百美元', 'zh-CN', 100], ['3万元', 'zh-CN', 30_000],
    ['$12.50', 'en', 12.5], ['twelve dollars fifty', 'en', 12.5], ['five bucks', 'en', 5], ['20 euros and 30 cents', 'en', 20.3], ['£1,000', 'en', 1000], ['fifty cents', 'en', 0.5], ['twenty pounds', 'en', 20],
  ])('%s (%s) is %d', (text, language, value) => expect(all(text, language).map((f) => [f.entity, f.value])).toEqual([['money', value]]));
});

describe('order IDs and phone numbers', () => {
  it.each<[string, Language, string, string]>([
    ['订单号A B幺两三', 'zh-CN', 'order_id', 'AB123'], ['我的单号是幺零零八六', 'zh-CN', 'order_id', '10086'], ['A12345', 'zh-CN', 'order_id', 'A12345'], ['订单号幺三八', 'zh-CN', 'order_id', '138'],
    ['a b one two three', 'en', 'order_id', 'AB123'], ['my order is double four five six', 'en', 'order_id', '4456'], ['order number four five six', 'en', 'order_id', '456'], ['it is X K 9 9 1', 'en', 'order_id', 'XK991'], ['ab-1234', 'en', 'order_id', ''],
    ['我的电话是幺三八零零幺三八零零零', 'zh-CN', 'phone', '13800138000'], ['13800138000', 'zh-CN', 'phone', '13800138000'], ['0755-12345678', 'zh-CN', 'phone', '075512345678'], ['+86 138 0013 8000', 'zh-CN', 'phone', '+8613800138000'],
    ['call me at two oh two five five five oh one two three', 'en', 'phone', '2025550123'], ['+44 20 7946 0000', 'en', 'phone', '+442079460000'], ['202-555-0123', 'en', 'phone', '2025550123'],
  ].filter(([, , , value]) => value !== '') as [string, Language, string, string][])('%s (%s) is %s %s', (text, language, kind, value) => expect(of(kind, text, language)).toEqual([value]));

  it.each<[string, Language]>([['a one time payment', 'en'], ['i have a problem', 'en'], ['我想买一个', 'zh-CN'], ['两三天', 'zh-CN'], ['一二三', 'zh-CN']])('%s holds neither', (text, language) =>
    expect(all(text, language).filter((f) => f.entity === 'order_id' || f.entity === 'phone')).toEqual([]));
});

describe('yes, no and the second one', () => {
  it.each<[string, Language, string]>([
    ['是的', 'zh-CN', 'yes'], ['好的谢谢', 'zh-CN', 'yes'], ['对', 'zh-CN', 'yes'], ['嗯', 'zh-CN', 'yes'], ['可以，就这样', 'zh-CN', 'yes'], ['不是', 'zh-CN', 'no'], ['不要了', 'zh-CN', 'no'], ['不是这个', 'zh-CN', 'no'], ['嗯，不对', 'zh-CN', 'no'],
    ['yes', 'en', 'yes'], ['Yes please', 'en', 'yes'], ["that's right", 'en', 'yes'], ['okay', 'en', 'yes'], ['no', 'en', 'no'], ['not that one', 'en', 'no'], ['no that is wrong', 'en', 'no'], ['um, no thanks', 'en', 'no'],
  ])('%s (%s) says %s', (text, language, value) => expect(of('yes_no', text, language)).toEqual([value]));

  it.each<[string, Language]>([['可以取消吗', 'zh-CN'], ['不能上网', 'zh-CN'], ['对账单有问题', 'zh-CN'], ['no signal', 'en'], ['right now my phone is dead', 'en'], ['i know', 'en'], ['好像坏了', 'zh-CN']])('%s says neither', (text, language) =>
    expect(of('yes_no', text, language)).toEqual([]));

  it.each<[string, Language, number]>([['第二个', 'zh-CN', 2], ['第三', 'zh-CN', 3], ['最后一个', 'zh-CN', -1], ['the second one', 'en', 2], ['the 3rd option', 'en', 3], ['number two', 'en', 2], ['the last one', 'en', -1], ['third', 'en', 3]])(
    '%s (%s) is number %d', (text, language, value) => expect(all(text, language).map((f) => [f.entity, f.value])).toEqual([['ordinal', value]]));
});

it('says where each was said, in the words as they came', () => {
  const text = 'Please move it to NEXT Tuesday, order A B 1 2 3.';
  for (const f of all(text, 'en')) expect(text.slice(f.start, f.end)).toBe(f.text);
  expect(all(text, 'en').map((f) => f.text)).toEqual(['NEXT Tuesday', 'A B 1 2 3']);
});

it('never fails, and never points outside the text, whatever is said', () => {
  const word = fc.constantFrom('下', '周', '三', '点', '半', '第', '块', '号', '月', '十', '零', '万', 'one', 'two', 'hundred', 'point', 'half past', 'at', 'the', 'first', 'march', 'next', 'monday', 'pm', '$', '1', '12', '+', ',', ':', ' ', 'no', '幺', 'double', 'a', '𠮷', 'İ');
  fc.assert(fc.property(fc.array(word, { maxLength: 20 }), fc.constantFrom<Language>('en', 'zh-CN'), (words, language) => {
    const text = words.join(language === 'en' ? ' ' : '');
    for (const f of all(text, language)) {
      expect(text.slice(f.start, f.end)).toBe(f.text);
      expect(f.text).not.toBe('');
      if (typeof f.value === 'number') expect(Number.isFinite(f.value)).toBe(true);
      else expect(f.value).not.toMatch(/NaN|undefined|Invalid/u);
    }
  }), { numRuns: 500 });
});
