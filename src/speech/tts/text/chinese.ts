import { customPinyin, pinyin } from 'pinyin-pro';

/** Words of the telephone that the dictionary takes apart wrongly. */
customPinyin({ 重置: 'chóng zhì', 重拨: 'chóng bō', 行走: 'xíng zǒu', 转接: 'zhuǎn jiē', 应答: 'yìng dá' });

const words = new Intl.Segmenter('zh', { granularity: 'word' });
const PAUSES: Readonly<Record<string, string>> = { '。': '.', '.': '.', '!': '!', '！': '!', '?': '?', '？': '?', ';': ';', '；': ';' };

/**
 * Pinyin with tone digits, one group a word, as espeak-ng's `cmn-latn-pinyin` reads it: neutral tone 5, ü written v.
 * (Its `cmn` reads most characters as names of English letters.) Polyphones and the tones of 不 and 一 follow the context.
 */
export const toPinyin = (text: string): string =>
  [...text.matchAll(/\p{Script=Han}+|[^\p{Script=Han}]+/gu)]
    .map(([piece]) => (/\p{Script=Han}/u.test(piece) ? clause(piece) : pause(piece)))
    .join('')
    .trim();

function clause(han: string): string {
  const syllables = pinyin(han, { toneType: 'num', type: 'array' }).map(spell);
  let at = 0;
  const groups = [...words.segment(han)].map(({ segment }) => {
    const length = Array.from(segment).length;
    const group = syllables.slice(at, at + length).join('');
    at += length;
    return group;
  });
  return groups.filter((g) => g !== '').join(' ');
}

function spell(syllable: string): string {
  const s = syllable.replace('ü', 'v').replace(/0$/, '5').replace(/^(?:ng|n|m)(?=\d)/, 'en');
  return /^[a-z]+[1-5]$/.test(s) ? s : ''; // a character that no dictionary knows has no sound
}

const pause = (marks: string): string => {
  const end = Array.from(marks, (m) => PAUSES[m]).find((m) => m !== undefined);
  return end !== undefined ? `${end} ` : /\S/.test(marks) ? ', ' : ' ';
};
