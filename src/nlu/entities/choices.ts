import { readChinese, ZH_DIGIT } from './numbers-zh.js';
import { EN_NUMBER, EN_ORDINAL, readEnglish, readOrdinal } from './numbers-en.js';
import { each, type Finder } from './spans.js';

const N = `[${ZH_DIGIT}十\\d]{1,3}`;

/** 第二个, "the second one", "number two": 2. 最后一个, "the last one": -1. 第 alone is enough in Chinese. */
export const chineseOrdinals: Finder = (heard) => [
  ...each(heard, new RegExp(`第(${N})(?:个|项|条|种|款|件|样|家)?`, 'gu'), 'ordinal', ([, n = '']) => readChinese(n)),
  ...each(heard, /最后(?:一|那)?(?:个|项|条|种|款|件|样|家)/gu, 'ordinal', () => -1),
  ...each(heard, /(?:头|前面那)(?:一)?个/gu, 'ordinal', () => 1),
];
export const englishOrdinals: Finder = (heard) => [
  ...each(heard, new RegExp(`\\b(?:the )?(${EN_ORDINAL})(?: (?:one|option|item|choice))?\\b`, 'gu'), 'ordinal', ([, n = '']) => readOrdinal(n)),
  ...each(heard, new RegExp(`\\b(?:number|option) (${EN_NUMBER})\\b`, 'gu'), 'ordinal', ([, n = '']) => {
    const read = readEnglish(n);
    return read !== undefined && read >= 1 && read <= 20 && Number.isInteger(read) ? read : undefined;
  }),
  ...each(heard, /\b(?:the )?last (?:one|option|item|choice)\b/gu, 'ordinal', () => -1),
];

const ZH_YES = '是的?|对的?|没错|好的?|行|可以|嗯+|要的?|确认|确定|同意|没问题|就这个|当然|正确';
const ZH_NO = '不是的?|不对|不要|不行|不用了?|不可以|不了|没有|不同意|不是这个|不要这个|错了?|不好|别|不确认|算了|不';
const ZH_TAIL = '(?:[了吧啊呀呢哦嘛的，,。.！! ]|谢谢|就这样|麻烦你|麻烦您)*';
const EN_YES = "yes|yeah|yep|yup|sure|ok(?:ay)?|correct|right|exactly|of course|absolutely|definitely|that's (?:right|correct|it|the one)|please do|go ahead|confirm(?:ed)?|i do|it is|uh[- ]huh";
const EN_NO = "no(?:pe)?|nah|not (?:that|this)(?: one)?|not (?:really|at all|right)|wrong|incorrect|that's (?:not (?:it|right)|wrong)|i don't|it isn't|don't|never mind|negative|no way";

/** Only what answers: the sentence is a yes or no, or begins with one. 可以取消吗 and "no signal" say neither. */
export const chineseYesNo: Finder = (heard) => [
  ...each(heard, new RegExp(`^(?:嗯|啊|哦|呃|那|[，,\\s])*(?:${ZH_NO})(?=${ZH_TAIL}$|[，,。！!\\s])`, 'gu'), 'yes_no', () => 'no'),
  ...each(heard, new RegExp(`^(?:啊|哦|呃|那|[，,\\s])*(?:${ZH_YES})(?=${ZH_TAIL}$|[，,。！!\\s])`, 'gu'), 'yes_no', () => 'yes'),
];
export const englishYesNo: Finder = (heard) => [
  ...each(heard, new RegExp(`^(?:um+|uh+|well|oh|[,\\s])*(?:${EN_NO})(?=[,.!?]|$| (?:thanks|thank you|please|i|that|it|the|not|no|sorry)\\b)`, 'gu'), 'yes_no', () => 'no'),
  ...each(heard, new RegExp(`^(?:um+|uh+|well|oh|[,\\s])*(?:${EN_YES})(?=[,.!]|$| (?:thanks|thank you|please|i|that|it|the|yes|sure|go)\\b)`, 'gu'), 'yes_no', () => 'yes'),
];
