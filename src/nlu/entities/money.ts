import { EN_NUMBER, readEnglish } from './numbers-en.js';
import { readChinese, ZH_NUMBER } from './numbers-zh.js';
import { each, type Finder } from './spans.js';

const N = `[${ZH_NUMBER}]+`;
const NAMES = '元|块钱|块|美元|美金|欧元|英镑|港币|日元|人民币';
const SIGNS = '[$€£¥]';
const EN_NAMES = '(?:dollars?|bucks?|euros?|pounds?|quid|yuan|rmb)';

/** The amount alone, in the currency that was said: 三块五 is 3.5, 五毛 is 0.5, 十二块零五分 is 12.05. */
export const chineseMoney: Finder = (heard) => [
  ...each(heard, new RegExp(`(${N})(?:${NAMES})(?:(${N})(毛|角|分)?)?(?:(${N})分)?钱?`, 'gu'), 'money', ([, whole = '', rest, unit, cents]) => {
    const yuan = readChinese(whole);
    const more = rest === undefined ? 0 : readChinese(rest.replace(/^零/u, ''));
    const least = cents === undefined ? 0 : readChinese(cents.replace(/^零/u, ''));
    if (yuan === undefined || more === undefined || least === undefined) return undefined;
    // 三块五: a bare digit after 块 counts tens of cents.
    return round(yuan + (unit === '分' || (unit === undefined && more > 9) ? more / 100 : more / 10) + least / 100);
  }),
  ...each(heard, new RegExp(`(${N})(毛|角)(?:(${N})分)?钱?`, 'gu'), 'money', ([, tens = '', , cents]) => {
    const ten = readChinese(tens);
    const cent = cents === undefined ? 0 : readChinese(cents);
    return ten === undefined || cent === undefined ? undefined : round(ten / 10 + cent / 100);
  }),
  ...signed(heard),
];

/** $12.50, twelve dollars fifty, five bucks, 20 euros and 30 cents. */
export const englishMoney: Finder = (heard) => [
  ...signed(heard),
  ...each(heard, new RegExp(`\\b(${EN_NUMBER}) ${EN_NAMES}\\b(?:(?: and)? (${EN_NUMBER})(?: (?:cents?|pence))?\\b(?! ${EN_NAMES}))?`, 'gu'), 'money', ([, whole = '', rest]) => {
    const [units, cents] = [readEnglish(whole), rest === undefined ? 0 : readEnglish(rest)];
    return units === undefined ? undefined : round(units + (cents === undefined || cents >= 100 ? 0 : cents / 100));
  }),
  ...each(heard, new RegExp(`\\b(${EN_NUMBER}) (?:cents?|pence)\\b`, 'gu'), 'money', ([, cents = '']) => {
    const read = readEnglish(cents);
    return read === undefined ? undefined : round(read / 100);
  }),
];

const signed: Finder = (heard) => each(heard, new RegExp(`${SIGNS} ?(\\d[\\d,]*(?:\\.\\d+)?)`, 'gu'), 'money', ([, n = '']) => Number(n.replaceAll(',', '')));
const round = (amount: number): number => Math.round(amount * 100) / 100;
