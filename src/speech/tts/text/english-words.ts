import { SYMBOLS } from './chinese-things.js';
import { clockOf, dayOf } from './clock.js';
import { cardinal, englishDecimal, englishDigits, ordinal, year } from './english-numbers.js';
import { englishDate, englishMoney, englishTime, ENGLISH_UNITS, monthOf, MONTHS, WEEKDAYS } from './english-things.js';
import { alternatives, type Rule, rewrite } from './rules.js';

const N = String.raw`\d+(?:\.\d+)?`;
const MONTH = String.raw`(${alternatives(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)`;
const CURRENCY = `(${alternatives(['¥', 'US$', 'HK$', '$', '€', '£'])}|\\b(?:CNY|RMB|USD|EUR|GBP|HKD))`;
const BIG: Readonly<Record<string, string>> = { k: 'thousand', m: 'million', bn: 'billion', thousand: 'thousand', million: 'million', billion: 'billion' };

const date = (y: string | undefined, m: string, d: string): string | undefined => {
  const day = dayOf(y, m, d);
  return day && englishDate(day);
};
const time = (h: string, m: string, s?: string, half?: string): string | undefined => {
  const clock = clockOf(h, m, s, half);
  return clock && englishTime(clock);
};
const minus = (sign: string | undefined): string => (sign ? 'minus ' : '');
const phone = (n: string): string => ` ${n.startsWith('+') ? 'plus ' : ''}${englishDigits(n.replace(/\D/g, ''))} `;

/** In the order in which they are tried; what one has written out no later one sees as a number. */
const RULES: readonly Rule[] = [
  [/(?<![\d./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-]|\.\d)(?:[T ](?=\d{1,2}:))?/g, ([all, y, , m = '', d = '']) => spaced(date(y, m, d), all)],
  [new RegExp(String.raw`(?<![\d:])(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?${MONTH}(?:,?\s+(\d{4})(?![\d:]))?`, 'g'), ([, d = '', m = '', y]) => date(y, monthOf(m), d)],
  [new RegExp(String.raw`\b${MONTH}\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:.%])(?:,?\s+(\d{4})(?![\d:]))?`, 'g'), ([, m = '', d = '', y]) => date(y, monthOf(m), d)],
  [new RegExp(String.raw`\b(Mon|Tue|Tues|Wed|Thur?|Thurs|Fri|Sat|Sun)\b\.?(?=,?\s+(?:${alternatives(MONTHS)}))`, 'g'), ([, d = '']) => WEEKDAYS.find((w) => w.startsWith(d.slice(0, 3)))],
  [/(?<=\d{1,2}:[0-5]\d(?:\s*[ap]\.?m\.?)?)\s*[-–—]\s*(?=\d{1,2}:[0-5]\d)/gi, () => ' to '],
  [/(?<![\d:])(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?![\d:])(?:\s*([ap])\.?m\b\.?)?/gi, ([, h = '', m = '', s, half]) => time(h, m, s, half)],
  [/(?<![\d:.])(\d{1,2})\s*([ap])\.?m\b\.?/gi, ([, h = '', half]) => time(h, '0', undefined, half)],
  [/(?<![\d:])(\d+):(\d+)(?![\d:])/g, ([, a = '', b = '']) => `${cardinal(a)} to ${cardinal(b)}`],
  [new RegExp(String.raw`(-)?${CURRENCY}\s*(-)?(${N})(?:\s*(thousand|million|billion|k|m|bn)\b)?`, 'gi'), ([, a, code = '', b, n = '', big]) => money(a ?? b, code, n, big)],
  [new RegExp(String.raw`(?<![\w.])(-)?(${N})\s*\b(CNY|RMB|USD|EUR|GBP|HKD)\b`, 'g'), ([, sign, n = '', code = '']) => money(sign, code, n, undefined)],
  [new RegExp(String.raw`(?<![\w.])(-)?(${N})\s*°\s*([CF])(?![A-Za-z])`, 'g'), ([, sign, n = '', scale]) => `${minus(sign)}${englishDecimal(n)} degrees ${scale === 'C' ? 'Celsius' : 'Fahrenheit'}`],
  [new RegExp(String.raw`(?<![\w.])(-)?(${N})\s*%`, 'g'), ([, sign, n = '']) => `${minus(sign)}${englishDecimal(n)} percent`],
  [new RegExp(String.raw`(${N})\s*(${alternatives(Object.keys(ENGLISH_UNITS))})(?![A-Za-z0-9])`, 'g'), ([, n = '', unit = '']) => `${englishDecimal(n)} ${ENGLISH_UNITS[unit]?.[n === '1' ? 0 : 1] ?? unit}`],
  [/(?<![\w.])(\d+)(?:st|nd|rd|th)\b/gi, ([, n = '']) => ordinal(n)],
  [/\b(extension|number|dial|call|code|pin|order|account|card|ending in|room|flight)( number)?( is| was)?[: ]+#?(\d{3,})(?![\d-]|\.\d)/gi, ([, word = '', no = '', is = '', n = '']) => `${word}${no}${is} ${englishDigits(n)}`],
  [/(?<![A-Za-z0-9])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d{3})[A-Z0-9]+(?:-[A-Z0-9]+)*(?![A-Za-z0-9])/g, ([code]) => englishCharacters(code)],
  [/(?<![\w.])(?:\+\d{1,3}[ -])?\(?\d{3}\)?[ -]\d{3,4}[ -]\d{4}(?!\d)/g, ([n]) => phone(n)],
  [/\+?\d[\d-]{4,}(?!\d|\.\d)/g, ([n]) => phone(n)],
  [new RegExp(String.raw`\b(in|since|by|until|from|year|${alternatives(MONTHS)})(,? )((?:19|20)\d{2})(?![\d.])`, 'gi'), ([, word = '', gap = '', y = '']) => `${word}${gap}${year(y)}`],
  [/(?<![\d/.])(\d{1,2})\/(\d{1,2})(?![\d/.])/g, ([, a = '', b = '']) => fraction(a, b)],
  [/(?<![\d-])(\d{1,4})\s*[-–—]\s*(\d{1,4})(?=\s+[A-Za-z])/g, ([, a = '', b = '']) => (Number(a) < Number(b) ? `${cardinal(a)} to ${cardinal(b)}` : undefined)],
  [/(?<![\d.])\d+(?:\.\d+){2,}(?![\d.])/g, ([n]) => n.split('.').map((part) => cardinal(part)).join(' point ')],
  [/(?<![\w.)-])-(?=\d)/g, () => 'minus '],
  [/\d+\.\d+/g, ([n]) => englishDecimal(n)],
  [/\d+/g, ([n]) => (/^0\d/.test(n) ? englishDigits(n) : cardinal(n))],
];

const spaced = (said: string | undefined, written: string): string | undefined => (said !== undefined && /[T ]$/.test(written) ? `${said}, ` : said);
const money = (sign: string | undefined, code: string, n: string, big: string | undefined): string | undefined => {
  const said = englishMoney(SYMBOLS[code.toUpperCase()] ?? '', n, BIG[(big ?? '').toLowerCase()]);
  return said === undefined ? undefined : `${minus(sign)}${said}`;
};
function fraction(a: string, b: string): string | undefined {
  if (Number(b) < 2) return undefined;
  const part = b === '2' ? (a === '1' ? 'half' : 'halves') : `${b === '4' ? 'quarter' : ordinal(b)}${a === '1' ? '' : 's'}`;
  return `${cardinal(a)} ${part}`;
}

/** Letters and digits one by one. */
export const englishCharacters = (code: string): string =>
  Array.from(code, (c) => (/\d/.test(c) ? ` ${englishDigits(c)} ` : /\p{L}/u.test(c) ? ` ${c.toUpperCase()} ` : ` ${c === '-' ? '' : c} `)).join('').replace(/ {2,}/g, ' ').trim();

/** An English sentence with its numbers, dates, times, amounts and marks written out the way they are said. */
export const englishWords = (text: string): string =>
  rewrite(text, RULES).replace(/#/g, ' pound ').replace(/\*/g, ' star ').replace(/&/g, ' and ').replace(/ {2,}/g, ' ').replace(/ (?=[.,!?;])/g, '').trim();
