import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDigits, spokenDigits, type DigitCheck } from './index.js';

describe('digits dictated in Chinese', () => {
  it.each([
    ['幺三八零零幺三八零零零', '13800138000'],
    ['八幺三', '813'],
    ['二两', '22'],
    ['一 二 三，四五六。', '123456'],
    ['嗯我的订单号是 八八六 然后 幺零', '88610'],
    ['两个八一个零', '880'],
    ['三个零', '000'],
    ['双八', '88'],
    ['十三', '13'],
    ['二十五', '25'],
    ['八一三十', '8130'],
    ['一百二', '120'],
    ['一百零二', '102'],
    ['三千五', '3500'],
    ['138 0013 8000', '13800138000'],
    ['１３８', '138'],
    ['洞幺拐', '017'],
  ])('%s → %s', (said, digits) => expect(spokenDigits(said, 'zh-CN')).toBe(digits));
  it.each(['我想取消订单', '', '嗯', '三号线路坏了', '人工'])('%s is no number', (said) => expect(spokenDigits(said, 'zh-CN')).toBeUndefined());
});

describe('digits dictated in English', () => {
  it.each([
    ['one two three', '123'],
    ['double eight oh five', '8805'],
    ['triple zero', '000'],
    ['um my number is nine nine nought', '990'],
    ['twenty three forty', '2340'],
    ['thirteen oh one', '1301'],
    ['eight hundred five five', '80055'],
    ['two thousand', '2000'],
    ['one to three for', '1234'],
    ['415-555-0100', '4155550100'],
    ['oh oh seven', '007'],
    ['oh well it\'s five', '5'],
  ])('%s → %s', (said, digits) => expect(spokenDigits(said, 'en')).toBe(digits));
  it.each(['i want to cancel', '', 'for you', 'double', 'agent', 'one moment'])('%s is no number', (said) => expect(spokenDigits(said, 'en')).toBeUndefined());
});

it('reads back what was read out digit by digit', () => {
  const zh = '零一二三四五六七八九';
  const en = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  fc.assert(fc.property(fc.stringMatching(/^\d{1,24}$/), (digits) => {
    expect(spokenDigits(Array.from(digits, (d) => zh[Number(d)]).join(''), 'zh-CN')).toBe(digits);
    expect(spokenDigits(Array.from(digits, (d) => en[Number(d)]).join(' '), 'en')).toBe(digits);
  }));
});

describe('checks', () => {
  const now = Date.parse('2026-11-20T00:00:00Z');
  it.each<[DigitCheck, string, string]>([
    [{ kind: 'luhn' }, '4111111111111111', '4111111111111111'],
    [{ kind: 'luhn' }, '79927398713', '79927398713'],
    [{ kind: 'length', min: 4, max: 6 }, '1234', '1234'],
    [{ kind: 'pattern', pattern: '1[3-9]\\d{9}' }, '13800138000', '13800138000'],
    [{ kind: 'date', form: 'YYYYMMDD' }, '20240229', '2024-02-29'],
    [{ kind: 'date', form: 'YYMMDD' }, '990131', '1999-01-31'],
    [{ kind: 'date', form: 'YYMMDD' }, '270131', '2027-01-31'],
    [{ kind: 'date', form: 'MMDD' }, '0229', '--02-29'],
    [{ kind: 'date', form: 'DDMMYYYY' }, '31122026', '2026-12-31'],
    [{ kind: 'date', form: 'MMDDYYYY' }, '12312026', '2026-12-31'],
    [{ kind: 'date', form: 'MMYY' }, '0929', '2029-09'],
  ])('%j takes %s as %s', (check, digits, value) => expect(checkDigits(check, digits, now)).toEqual({ ok: true, value }));

  it.each<[DigitCheck, string, string]>([
    [{ kind: 'luhn' }, '4111111111111112', 'luhn'],
    [{ kind: 'luhn' }, '0', 'luhn'],
    [{ kind: 'luhn' }, '41*1', 'luhn'],
    [{ kind: 'length', min: 4, max: 6 }, '123', 'too_short'],
    [{ kind: 'length', min: 4, max: 6 }, '1234567', 'too_long'],
    [{ kind: 'pattern', pattern: '1[3-9]\\d{9}' }, '138001380001', 'pattern'],
    [{ kind: 'date', form: 'YYYYMMDD' }, '20260229', 'no_such_date'],
    [{ kind: 'date', form: 'YYYYMMDD' }, '2026022', 'no_such_date'],
    [{ kind: 'date', form: 'MMDD' }, '1301', 'no_such_date'],
  ])('%j refuses %s: %s', (check, digits, why) => expect(checkDigits(check, digits, now)).toEqual({ ok: false, why }));

  it('catches every single wrong digit, as Luhn promises', () => {
    fc.assert(fc.property(fc.stringMatching(/^\d{3,18}$/), fc.nat(17), fc.integer({ min: 1, max: 9 }), (body, where, by) => {
      const good = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((d) => `${body}${d}`).find((c) => checkDigits({ kind: 'luhn' }, c, now).ok)!;
      const at = where % good.length;
      const bad = `${good.slice(0, at)}${(Number(good[at]) + by) % 10}${good.slice(at + 1)}`;
      expect(checkDigits({ kind: 'luhn' }, bad, now).ok).toBe(false);
    }));
  });
});
