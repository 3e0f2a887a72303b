import type { Language } from '../types.js';
import { stem } from '../text/stem.js';
import { ENGLISH } from './en.js';
import { CHINESE } from './zh.js';

const words: ReadonlyMap<string, string> = new Map(ENGLISH.flatMap((line) => line.split(' ').filter((w) => !w.includes('_')).map((word, _, all) => [stem(word), all[0] ?? word] as const)));
const phrases: readonly (readonly [string, string])[] = ENGLISH.flatMap((line) => {
  const all = line.split(' ');
  return all.filter((w) => w.includes('_')).map((phrase) => [phrase.replaceAll('_', ' '), all[0] ?? phrase] as const);
});
const terms: readonly (readonly [string, string])[] = CHINESE.flatMap((line) => {
  const all = line.split(' ');
  return all.map((term) => [term, all[0] ?? term] as const);
});

/** What is meant, whichever of several words says it: one name for "cancel", "call off", "revoke". */
export function conceptsOf(plain: string, stems: readonly string[], language: Language): string[] {
  if (language === 'zh-CN') return terms.filter(([term]) => plain.includes(term)).map(([, concept]) => concept);
  const padded = ` ${plain} `;
  return [...stems.flatMap((s) => words.get(s) ?? []), ...phrases.filter(([p]) => padded.includes(` ${p} `)).map(([, concept]) => concept)];
}
