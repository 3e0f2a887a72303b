import type { Language } from '../ports.js';
import { toPinyin } from './chinese.js';

/** A stretch that one voice of espeak-ng says, spelled as that voice wants it. */
export interface Run {
  readonly lang: Language;
  readonly spelled: string;
}

/** Splits words (see `toWords`) into runs of Chinese and of English. */
export function toRuns(words: string): Run[] {
  return split(words).flatMap(({ lang, text }) => {
    const spelled = lang === 'zh-CN' ? toPinyin(text) : text.trim();
    return /[\p{L}\p{N}]/u.test(spelled) ? [{ lang, spelled }] : [];
  });
}

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
