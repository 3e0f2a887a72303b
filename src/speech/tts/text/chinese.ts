import { customPinyin, pinyin } from 'pinyin-pro';

/** Words of the telephone that the dictionary takes apart wrongly. */
customPinyin({
  重置: 'chóng zhì', 重拨: 'chóng bō', 重设: 'chóng shè', 重试: 'chóng shì', 重启: 'chóng qǐ', 重发: 'chóng fā', 重填: 'chóng tián', 重选: 'chóng xuǎn', 重听: 'chóng tīng',
  行走: 'xíng zǒu', 转接: 'zhuǎn jiē', 应答: 'yìng dá', 差旅: 'chāi lǚ',
  还款: 'huán kuǎn', 还钱: 'huán qián', 还贷: 'huán dài', 还清: 'huán qīng', 还债: 'huán zhài', 还本: 'huán běn', 还息: 'huán xī', 应还: 'yīng huán', 需还: 'xū huán', 待还: 'dài huán', 已还: 'yǐ huán',
  没还: 'méi huán', 还没: 'hái méi', 还需: 'hái xū', 还没还: 'hái méi huán',
  我行: 'wǒ háng', 本行: 'běn háng', 他行: 'tā háng', 跨行: 'kuà háng', 同行: 'tóng háng', 开户行: 'kāi hù háng', 分行: 'fēn háng', 支行: 'zhī háng', 总行: 'zǒng háng',
  号为: 'hào wéi', 码为: 'mǎ wéi', 额为: 'é wéi', 间为: 'jiān wéi', 期为: 'qī wéi', 价为: 'jià wéi', 设为: 'shè wéi', 改为: 'gǎi wéi',
  说得好: 'shuō de hǎo', 慢慢地: 'màn màn de', 种植: 'zhòng zhí', 应付款: 'yīng fù kuǎn', 应收款: 'yīng shōu kuǎn', 号: 'hào',
});

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
  const syllables = digitsAsTheyAre(han, pinyin(han, { toneType: 'num', type: 'array' }).map(spell));
  let at = 0;
  const groups = [...words.segment(han)].map(({ segment }) => {
    const length = Array.from(segment).length;
    const group = syllables.slice(at, at + length).join('');
    at += length;
    return group;
  });
  return groups.filter((g) => g !== '').join(' ');
}

/** In a row of digits 一 keeps its own tone, whatever comes after it. */
function digitsAsTheyAre(han: string, syllables: readonly string[]): string[] {
  const characters = Array.from(han);
  const isDigit = (at: number): boolean => /[零一二三四五六七八九幺]/.test(characters[at] ?? '');
  return syllables.map((syllable, i) => (characters[i] === '一' && (isDigit(i - 1) || isDigit(i + 1)) ? 'yi1' : syllable));
}

function spell(syllable: string): string {
  const s = syllable.replace('ü', 'v').replace(/0$/, '5').replace(/^(?:ng|n|m)(?=\d)/, 'en');
  return /^[a-z]+[1-5]$/.test(s) ? s : ''; // a character that no dictionary knows has no sound
}

const pause = (marks: string): string => {
  const end = Array.from(marks, (m) => PAUSES[m]).find((m) => m !== undefined);
  return end !== undefined ? `${end} ` : /\S/.test(marks) ? ', ' : ' ';
};
