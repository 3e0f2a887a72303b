import { expect, it } from 'vitest';
import { cardinal, ordinal, year } from './english-numbers.js';
import { amount, digitByDigit } from './numbers.js';

it.each([
  ['0', '零'], ['7', '七'], ['10', '十'], ['15', '十五'], ['20', '二十'], ['100', '一百'], ['105', '一百零五'], ['110', '一百一十'], ['115', '一百一十五'],
  ['200', '两百'], ['222', '两百二十二'], ['1000', '一千'], ['1001', '一千零一'], ['1010', '一千零一十'], ['2000', '两千'], ['10000', '一万'], ['10001', '一万零一'],
  ['12000', '一万两千'], ['20000', '两万'], ['100000', '十万'], ['100500', '十万零五百'], ['120034', '十二万零三十四'], ['100000000', '一亿'], ['200020002', '两亿零两万零二'],
  ['1000000000000', '一万亿'], ['007', '七'],
])('%s is said %s', (digits, said) => expect(amount(digits)).toBe(said));

it('gives up counting beyond sixteen digits', () => expect(amount('1'.repeat(17))).toBe('一'.repeat(17)));

it('says 幺 for 1 only on the telephone', () => {
  expect([digitByDigit('110', true), digitByDigit('110', false)]).toEqual(['幺幺零', '一一零']);
});

it.each([
  ['0', 'zero'], ['13', 'thirteen'], ['40', 'forty'], ['99', 'ninety nine'], ['100', 'one hundred'], ['1001', 'one thousand one'], ['1000000', 'one million'], ['12345678', 'twelve million three hundred forty five thousand six hundred seventy eight'],
])('%s is said %s', (digits, said) => expect(cardinal(digits)).toBe(said));

it.each([['1', 'first'], ['2', 'second'], ['3', 'third'], ['5', 'fifth'], ['8', 'eighth'], ['11', 'eleventh'], ['12', 'twelfth'], ['20', 'twentieth'], ['42', 'forty second'], ['100', 'one hundredth']])('number %s is the %s', (digits, said) => expect(ordinal(digits)).toBe(said));

it.each([['1999', 'nineteen ninety nine'], ['1900', 'nineteen hundred'], ['2000', 'two thousand'], ['2005', 'two thousand five'], ['2010', 'twenty ten'], ['1066', 'ten sixty six']])('the year %s is %s', (digits, said) => expect(year(digits)).toBe(said));
