import type { Language } from '../ports.js';
import { chineseWords } from './chinese-words.js';
import { cardinal, englishDigits } from './english-numbers.js';
import { englishWords } from './english-words.js';
import { amount, digitByDigit } from './numbers.js';

/** No number that anybody writes; the rules below would take long over it. */
const ENDLESS = /\d{33,}/g;

/** A text with everything that is not a word written out as it is said in this language. */
export function toWords(text: string, lang: Language): string {
  const clean = grouped(text, lang).normalize('NFKC').replace(/\s+/g, ' ').replace(/[−﹣]/g, '-').replace(/-{3,}/g, ' ').replace(ENDLESS, (n) => (lang === 'zh-CN' ? digitByDigit(n, true) : englishDigits(n))).trim();
  return lang === 'zh-CN' ? chineseWords(clean) : englishWords(clean);
}

/** 12,000 is an amount however long it is, never a telephone number. (Later the comma of 选1，100元 looks the same.) */
const grouped = (text: string, lang: Language): string =>
  text.replace(/(?<![\d,])\d{1,3}(?:,\d{3})+(?!,?\d)/g, (n, at: number) => {
    const digits = n.replaceAll(',', '');
    const isMeasured = /[$€£¥￥\w-]\s?$/.test(text.slice(0, at)) || /^(?:\.\d|\s*[%％°℃/元]|\s?(?:[A-Z]{3}|[a-z]{1,2})\b)/.test(text.slice(at + n.length));
    return isMeasured ? digits : lang === 'zh-CN' ? amount(digits) : cardinal(digits);
  });
