import { fold } from '../text/normalise.js';
import type { Found, Language, ListEntity, Now } from '../types.js';
import { chineseOrdinals, chineseYesNo, englishOrdinals, englishYesNo } from './choices.js';
import { chineseDates, chineseTimes } from './dates-zh.js';
import { englishDates, englishTimes } from './dates-en.js';
import { listed } from './lists.js';
import { chineseMoney, englishMoney } from './money.js';
import { EN_NUMBER, readEnglish } from './numbers-en.js';
import { readChinese, ZH_NUMBER } from './numbers-zh.js';
import { apart, each, type Finder } from './spans.js';
import { spelled } from './spelled.js';

const chineseNumbers: Finder = (heard) => each(heard, new RegExp(`负?[${ZH_NUMBER}]+`, 'gu'), 'number', ([n]) => {
  const read = readChinese(n.replace('负', ''));
  return read === undefined ? undefined : n.startsWith('负') ? -read : read;
});
const englishNumbers: Finder = (heard) => each(heard, new RegExp(`\\b(?:minus )?${EN_NUMBER}(?![a-z\\d])`, 'gu'), 'number', ([n]) => {
  const read = readEnglish(n.replace('minus ', ''));
  return read === undefined ? undefined : n.startsWith('minus ') ? -read : read;
});

const FINDERS: Readonly<Record<Language, readonly Finder[]>> = {
  'zh-CN': [spelled, chineseMoney, chineseDates, chineseTimes, chineseOrdinals, chineseYesNo, chineseNumbers],
  en: [spelled, englishMoney, englishDates, englishTimes, englishOrdinals, englishYesNo, englishNumbers],
};
/** Which reading of the same words wins. */
const ORDER = ['phone', 'money', 'date', 'time', 'order_id', 'ordinal', 'number'];

/** Longest text that is searched, characters: nobody says more in one breath, and patterns cost time. */
const LONGEST = 500;

/** Everything the sentence names, in its order. Lists may overlap the rest (a flat called "two" is still a two). */
export function findEntities(text: string, language: Language, now: Now, lists: readonly ListEntity[]): Found[] {
  const heard = { text: text.slice(0, LONGEST), folded: fold(text.slice(0, LONGEST)), language, now };
  const all = FINDERS[language].flatMap((finder) => finder(heard));
  const answers = all.filter((f) => f.entity === 'yes_no').slice(0, 1);
  return [...answers, ...apart(all.filter((f) => f.entity !== 'yes_no'), ORDER), ...listed(heard, lists)].sort((a, b) => a.start - b.start);
}
