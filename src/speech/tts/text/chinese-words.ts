import { CHINESE_UNITS, chineseDate, chineseMoney, chineseTime, SYMBOLS } from './chinese-things.js';
import { clockOf, dayOf } from './clock.js';
import { alternatives, type Rule, rewrite } from './rules.js';
import { amount, counted, decimal, digitByDigit } from './numbers.js';

const N = String.raw`\d+(?:\.\d+)?`;
/** Words before which two is 两. */
const MEASURES = '个位分件条次天年人块元页张台种名只份家点小';
const MEASURE = '(?:个|位|分钟|分|秒|小时|件|条|次|天|日|周|年|月|人|块|元|页|张|台|种|名|只|份|家|点|公里|米|岁|倍|号|楼|层|万|百|千|%)';
const COUNTED = /^\s*(?:元|块|个|人|位|次|件|米|公里|万|亿|名|份|张|天|条|台|家|吨|秒|分|字)/;
const DIALLED = /(?:电话|手机|号码?|编码|分机|热线|工号|拨打?|密码|验证码|编号|校验码|邮编|尾号)(?:是|为)?[：:\s]*$/;
const PART_OF_DAY = /(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|今早|今晚|夜里)\s*$/;
const before = (text: string, at: number): string => text.slice(Math.max(0, at - 12), at);

const money = (code: string | undefined, sign: string | undefined, n: string): string | undefined => {
  const said = chineseMoney(SYMBOLS[code ?? ''] ?? '', n);
  return said === undefined ? undefined : `${sign ? '负' : ''}${said}`;
};

/** In the order in which they are tried; what one has written out no later one sees as a number. */
const RULES: readonly Rule[] = [
  [/(?<![\d./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-]|\.\d)(?:[T ](?=\d{1,2}:))?/g, ([, y, , m = '', d = '']) => date(y, m, d)],
  [/(?<!\d)(\d{4})年(\d{1,2})月(\d{1,2})(?:日|号)?/g, ([, y, m = '', d = '']) => date(y, m, d)],
  [/(?<=\d{1,2}:[0-5]\d)\s*[-~–—]\s*(?=\d{1,2}:[0-5]\d)/g, () => '到'],
  [/(?<![\d:])(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?![\d:])(?:\s*([AaPp])\.?[Mm]\b\.?)?/g, ([, h = '', m = '', s, half], at, text) => time(h, m, s, half, PART_OF_DAY.test(before(text, at)))],
  [/(?<![\d:])(\d+):(\d+)(?![\d:])/g, ([, a = '', b = '']) => `${amount(a)}比${amount(b)}`],
  [new RegExp(String.raw`(-)?(${alternatives(['¥', 'US$', 'HK$', '$', '€', '£'])}|\b(?:CNY|RMB|USD|EUR|GBP|HKD))\s*(-)?(${N})(万|亿)`, 'g'), ([, a, code = '', b, n = '', big = '']) => large(code, a ?? b, n, big)],
  [new RegExp(String.raw`(-)?(${alternatives(['¥', 'US$', 'HK$', '$', '€', '£'])}|\b(?:CNY|RMB|USD|EUR|GBP|HKD))\s*(-)?(${N})(?:元|美元|欧元|英镑|港元)?`, 'g'), ([, a, code, b, n = '']) => money(code, a ?? b, n)],
  [new RegExp(String.raw`(?<![\w.])(-)?(${N})\s*(元|美元|欧元|英镑|港元|港币|\b(?:CNY|RMB|USD|EUR|GBP|HKD)\b)`, 'g'), ([, sign, n = '', code]) => money(code, sign, n)],
  [new RegExp(String.raw`(?<![\w.])(-)?(${N})\s*°\s*([CF])(?![A-Za-z])`, 'g'), ([, sign, n = '', scale]) => `${sign ? (scale === 'C' ? '零下' : '负') : ''}${decimal(n)}${scale === 'C' ? '摄氏度' : '华氏度'}`],
  [new RegExp(String.raw`(${N})\s*%\s*[-~–—]\s*(?=${N}\s*%)`, 'g'), ([, n = '']) => `百分之${decimal(n)}到`],
  [new RegExp(String.raw`(?<![\w.])(-)?(${N})\s*([%‰])`, 'g'), ([, sign, n = '', mark]) => `${sign ? '负' : ''}${mark === '%' ? '百' : '千'}分之${decimal(n)}`],
  [new RegExp(String.raw`(${N})\s*(${alternatives(Object.keys(CHINESE_UNITS))})(?![A-Za-z0-9])`, 'g'), ([, n = '', unit = '']) => `${counted(n)}${CHINESE_UNITS[unit] ?? ''}`],
  [/(?<![\d/.])(\d{1,3})\/(\d{1,3})(?![\d/.])/g, ([, a = '', b = '']) => (Number(b) > 0 ? `${amount(b)}分之${amount(a)}` : undefined)],
  [/(\d{4})(?=年)/g, ([year]) => digitByDigit(year, false)],
  [new RegExp(String.raw`(?<![\d-])(${N})\s*[-~–—]\s*(${N})(?=\s*${MEASURE})`, 'g'), ([, a = '', b = ''], at, text) => (Number(a) < Number(b) && !DIALLED.test(before(text, at)) ? `${a}到${b}` : undefined)],
  [/(?<![\d.])\d+(?:\.\d+){2,}(?![\d.])/g, ([n]) => n.split('.').map((part) => amount(part)).join('点')],
  [/(?<![A-Za-z0-9.)-])-(?=\d+(?:\.\d+)?(?![\d-]))/g, () => '负'],
  [/(?<![A-Za-z0-9])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d{3})[A-Z0-9]+(?:-[A-Z0-9]+)*(?![A-Za-z0-9])/g, ([code]) => chineseCharacters(code)],
  [/(?<!\d)(?:\+\d{1,3}[ -]?)?(?:1\d{2}[ -]\d{4}[ -]\d{4}|\(?0\d{2,3}\)?[ -]\d{3,4}[ -]?\d{4}|400[ -]\d{3,4}[ -]\d{3,4})(?!\d)/g, ([n]) => `${n.startsWith('+') ? '加' : ''}${digitByDigit(n.replace(/\D/g, ''), true)}`],
  [/\+?\d+(?:-\d+)+|\+\d+|\d+(?:\.\d+)?/g, ([found], at, text) => oneNumber(found, text.slice(0, at), text.slice(at + found.length))],
];

const date = (y: string | undefined, m: string, d: string): string | undefined => {
  const day = dayOf(y, m, d);
  return day && chineseDate(day);
};
const time = (h: string, m: string, s: string | undefined, half: string | undefined, partWasSaid: boolean): string | undefined => {
  const clock = clockOf(h, m, s, half);
  return clock && chineseTime(clock, partWasSaid);
};
const large = (code: string, sign: string | undefined, n: string, big: string): string | undefined => {
  const unit = chineseMoney(SYMBOLS[code] ?? '', '1')?.slice(1);
  return unit === undefined ? undefined : `${sign ? '负' : ''}${decimal(n)}${big}${unit}`;
};

/** Letters and digits one by one; letters apart, so that no voice reads a word into them. */
export const chineseCharacters = (code: string): string =>
  Array.from(code, (c) => (/\d/.test(c) ? digitByDigit(c, true) : /[A-Za-z]/.test(c) ? ` ${c.toUpperCase()} ` : /[-\s]/.test(c) ? ' ' : c)).join('').replace(/ {2,}/g, ' ').trim();

function oneNumber(found: string, ahead: string, after: string): string {
  if (found.includes('.')) return decimal(found);
  const digits = found.replace(/\D/g, '');
  const telephone = /[-+]/.test(found) || /^0\d/.test(digits) || (digits.length > 4 && !COUNTED.test(after)) || (digits.length > 2 && DIALLED.test(ahead));
  if (telephone) return `${found.startsWith('+') ? '加' : ''}${digitByDigit(digits, true)}`;
  if (digits === '2' && !/第\s*$/.test(ahead) && MEASURES.includes(after.trimStart()[0] ?? ' ')) return '两';
  const value = amount(digits);
  return /第\s*$/.test(ahead) ? value.replace(/^两(?=[百千万亿])/, '二') : value;
}

/** A Chinese sentence with its numbers, dates, times, amounts and marks written out the way they are said. */
export const chineseWords = (text: string): string => rewrite(text, RULES).replace(/#/g, '井号').replace(/\*/g, '星号').replace(/&/g, '和');
