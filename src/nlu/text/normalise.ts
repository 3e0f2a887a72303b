import type { Language } from '../types.js';
import { SIMPLIFIED } from './simplified.js';

/** Sounds people make while they think; they carry no meaning at the edges of a sentence or between words. */
const FILLERS: Readonly<Record<Language, RegExp>> = {
  'zh-CN': /嗯+|呃+|额(?=[，,、\s])|唉|哎呀?|诶|那个(?=[，,、\s])|就是说|麻烦(?:你|您)?(?=[，,、\s])|^(?:喂|啊|哦|噢)+|(?:啊|呀|哦|噢|嘛|哈|呢|啦|哟)+(?=$|[，。！？,.!?\s])/gu,
  en: /\b(?:u+h+|u+m+|erm?|hmm+|ah+|oh|you know|i mean|basically|actually|please)\b/gu,
};

/** One form for what sounds the same: full width, case, traditional characters. One character stays one: offsets hold. */
export function fold(text: string): string {
  let folded = '';
  for (const char of text) {
    const one = char.normalize('NFKC').toLowerCase();
    const kept = one.length === char.length ? one : char;
    folded += SIMPLIFIED.get(kept) ?? kept;
  }
  return folded.replace(/[’‘`´]/gu, "'");
}

/** The folded text without fillers and punctuation, words one space apart. Only fillers: they stay, for there is nothing else. */
export function normalise(text: string, language: Language): string {
  const folded = fold(text);
  const bare = squeeze(folded.replace(FILLERS[language], ' '));
  return bare === '' ? squeeze(folded) : bare;
}
const squeeze = (text: string): string => text.replace(/(?<=[a-z])'(?=[a-z])/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
