import { pinyin } from 'pinyin-pro';

/** What recognisers (and many speakers) do not keep apart; each folds into one. */
const CONFUSED: readonly (readonly [RegExp, string])[] = [
  [/^zh/u, 'z'], [/^ch/u, 'c'], [/^sh/u, 's'], [/^l/u, 'n'], [/^r/u, 'n'], [/^hu(?=[aio])/u, 'f'], [/(?<=[aeiouü])ng$/u, 'n'],
];

/** Syllables without tone, as they may be misheard: `shi` and `si`, `lan` and `nan`, `xing` and `xin` are the same. */
export const soundsOf = (units: readonly string[]): string[] => syllables(units.join('')).map(blur);

export const blur = (syllable: string): string => CONFUSED.reduce((sound, [from, to]) => sound.replace(from, to), syllable);

/** One syllable a character, without tone; what is not Chinese stays as it is, one piece a run. */
export const syllables = (text: string): string[] => pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true });
