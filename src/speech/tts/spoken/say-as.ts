import type { Language } from '../ports.js';
import { chineseDate, chineseMoney, chineseTime, SYMBOLS } from '../text/chinese-things.js';
import { chineseCharacters } from '../text/chinese-words.js';
import { clockOf, dayOf, type Clock, type Day } from '../text/clock.js';
import { cardinal, englishDigits, ordinal } from '../text/english-numbers.js';
import { englishDate, englishMoney, englishTime, monthOf, MONTHS } from '../text/english-things.js';
import { englishCharacters } from '../text/english-words.js';
import { amount, digitByDigit } from '../text/numbers.js';
import { toWords } from '../text/words.js';
import type { SayAs } from './elements.js';

/** What the text means when somebody says what it is; where it is nothing of the kind it is read like any other text. */
export function sayAsWords(kind: SayAs, written: string, lang: Language): string {
  const text = written.normalize('NFKC').trim();
  return READ[kind](text, lang) ?? toWords(written, lang);
}

const isChinese = (lang: Language): boolean => lang === 'zh-CN';
const whole = (text: string): string | undefined => /^\d+$/.exec(text.replaceAll(',', ''))?.[0];

const READ: Readonly<Record<SayAs, (text: string, lang: Language) => string | undefined>> = {
  digits: (text, lang) => spelledOut(text, (d) => (isChinese(lang) ? digitByDigit(d, false) : englishDigits(d)), lang),
  telephone: (text, lang) => {
    const said = spelledOut(text.replace(/^\+/, ''), (d) => (isChinese(lang) ? digitByDigit(d, true) : englishDigits(d)), lang);
    return said === undefined ? undefined : text.startsWith('+') ? (isChinese(lang) ? `加${said}` : `plus ${said}`) : said;
  },
  cardinal: (text, lang) => {
    const n = whole(text.replace(/^-/, ''));
    if (n === undefined) return undefined;
    const sign = text.startsWith('-') ? (isChinese(lang) ? '负' : 'minus ') : '';
    return `${sign}${isChinese(lang) ? amount(n) : cardinal(n)}`;
  },
  ordinal: (text, lang) => {
    const n = whole(text.replace(/^第|(?:st|nd|rd|th)$/g, ''));
    return n === undefined ? undefined : isChinese(lang) ? `第${amount(n).replace(/^两(?=[百千万亿])/, '二')}` : ordinal(n);
  },
  date: (text, lang) => {
    const day = dayIn(text);
    return day && (isChinese(lang) ? chineseDate(day) : englishDate(day));
  },
  time: (text, lang) => {
    const clock = clockIn(text);
    return clock && (isChinese(lang) ? chineseTime(clock) : englishTime(clock));
  },
  currency: (text, lang) => {
    const { code, n, sign } = moneyIn(text, lang);
    const said = n === undefined || code === undefined ? undefined : isChinese(lang) ? chineseMoney(code, n) : englishMoney(code, n);
    return said === undefined ? undefined : `${sign ? (isChinese(lang) ? '负' : 'minus ') : ''}${said}`;
  },
  characters: (text, lang) => (isChinese(lang) ? chineseCharacters(text) : englishCharacters(text)),
};

/** Digits with spaces, dashes, dots or brackets between them; the groups are kept apart. */
function spelledOut(text: string, spell: (digits: string) => string, lang: Language): string | undefined {
  if (!/^[\d\s().-]*\d[\d\s().-]*$/.test(text)) return undefined;
  const groups = text.split(/\D+/).filter((g) => g !== '').map(spell);
  return groups.join(isChinese(lang) ? '，' : ', ');
}

function dayIn(text: string): Day | undefined {
  const iso = /^(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?$/.exec(text);
  if (iso) return dayOf(iso[1], iso[2] ?? '', iso[3] ?? '');
  const short = /^(?:(\d{1,2})[-/月](\d{1,2})日?)$/.exec(text);
  if (short) return dayOf(undefined, short[1] ?? '', short[2] ?? '');
  const named = /^(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\.?(?:\s+(\d{1,2}))?(?:,?\s+(\d{4}))?$/.exec(text);
  const [, first, month = '', second, year] = named ?? [];
  return named && MONTHS.some((m) => m.toLowerCase().startsWith(month.toLowerCase())) ? dayOf(year, monthOf(month), first ?? second ?? '0') : undefined;
}

/** A time of day; who says that it is one means the 24 hours unless AM or PM is written. */
function clockIn(text: string): Clock | undefined {
  const [, h = '', m, s, half] = /^(\d{1,2})(?::([0-5]\d))?(?::([0-5]\d))?\s*(?:([AaPp])\.?[Mm]\.?)?$/.exec(text) ?? [];
  const clock = h === '' || (m === undefined && half === undefined) ? undefined : clockOf(h, m ?? '0', s, half);
  return clock && { ...clock, sure: true };
}

function moneyIn(text: string, lang: Language): { readonly code: string | undefined; readonly n: string | undefined; readonly sign: boolean } {
  const [, sign, before = '', n, after = ''] = /^(-)?\s*([^\d\s.-]*)\s*-?(\d+(?:\.\d+)?)\s*(\D*)$/.exec(text.replaceAll(',', '')) ?? [];
  const name = (before || after).trim();
  return { code: name === '' ? (isChinese(lang) ? 'CNY' : 'USD') : SYMBOLS[name.toUpperCase()], n, sign: sign !== undefined || /^\D*-\d/.test(text) };
}
