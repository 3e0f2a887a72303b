import type { Language } from '../ports.js';
import { toPinyin } from './chinese.js';
import { readNumbers } from './numbers.js';

export const VOICES: Readonly<Record<Language, string>> = { 'zh-CN': 'cmn-latn-pinyin', en: 'en-us' };

/** A stretch that one voice says, spelled as that voice wants it. */
export interface Run {
  readonly lang: Language;
  readonly spelled: string;
}

/** Splits a sentence into runs of Chinese and of English; numbers are read in the language of the sentence. */
export function toRuns(text: string, lang: Language): Run[] {
  const clean = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  const written = lang === 'zh-CN' ? readNumbers(clean.replace(/#/g, '井号').replace(/\*/g, '星号')) : englishNumbers(clean.replace(/#/g, ' pound ').replace(/\*/g, ' star '));
  return split(written).flatMap(({ lang: of, text: part }) => {
    const spelled = of === 'zh-CN' ? toPinyin(part) : part.trim();
    return /[\p{L}\p{N}]/u.test(spelled) ? [{ lang: of, spelled }] : [];
  });
}

/** Long digit strings are telephone numbers: said one by one. So are the digits of an extension. */
const englishNumbers = (text: string): string =>
  text
    .replace(/\b(extension|number|dial|call|code)( is)? (\d{3,})\b/gi, (_m, word: string, is: string | undefined, n: string) => `${word}${is ?? ''} ${spaced(n)}`)
    .replace(/\+?\d[\d-]{4,}(?![\d.])/g, (n) => ` ${n.startsWith('+') ? 'plus ' : ''}${spaced(n.replace(/\D/g, ''))} `);
const spaced = (digits: string): string => Array.from(digits).join(' ');

function split(text: string): { lang: Language; text: string }[] {
  const parts: { lang: Language; text: string }[] = [];
  for (const [piece] of text.matchAll(/[\p{Script=Han}]+|[^\p{Script=Han}]+/gu)) {
    const last = parts.at(-1);
    const isHan = /\p{Script=Han}/u.test(piece);
    const lang = isHan ? 'zh-CN' : /[\p{L}\p{N}]/u.test(piece) ? 'en' : (last?.lang ?? 'zh-CN'); // a comma belongs to what it follows
    if (last?.lang === lang) last.text += piece;
    else parts.push({ lang, text: piece });
  }
  return parts;
}
