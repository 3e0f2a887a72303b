import { enDigit } from './numbers-en.js';
import { zhDigit } from './numbers-zh.js';
import { found, type Finder, type Heard } from './spans.js';
import type { Found } from '../types.js';

interface Piece {
  readonly said: string;
  readonly start: number;
  readonly end: number;
}
const TIMES: Readonly<Record<string, number>> = { double: 2, triple: 3, 双: 2 };
/** Between spelled pieces people write or say these; they are no part of the ID. */
const GLUE = /^(?:[\s，、\-–]|,\s)*$/u;

/** Phone numbers and order IDs: digits and letters one by one, in figures or spoken (幺两三, "a b one two", "double four"). */
export const spelled: Finder = (heard) => runs(heard).flatMap((run) => kindOf(heard, run));

function runs(heard: Heard): Piece[] {
  const all: Piece[] = [];
  let open: Piece | undefined;
  let times = 1;
  const close = (): void => {
    if (open) all.push(open);
    open = undefined;
  };
  for (const token of heard.folded.matchAll(/\+|[a-z]+|\d+|\p{Script=Han}/gu)) {
    const [word] = token;
    const end = token.index + word.length;
    const repeat = TIMES[word];
    const said = repeat === undefined ? spell(word, heard) : '';
    if (said === undefined) {
      close();
      times = 1;
      continue;
    }
    if (open && !GLUE.test(heard.folded.slice(open.end, token.index))) close();
    open = { said: (open?.said ?? '') + said.repeat(times), start: open?.start ?? token.index, end };
    times = repeat ?? 1;
  }
  close();
  return all;
}

/** What one token contributes when it is spelled; undefined for a word. */
function spell(word: string, { language }: Heard): string | undefined {
  if (word === '+' || /^\d+$/u.test(word)) return word;
  if (/^[a-z]$/u.test(word)) return word.toUpperCase();
  const digit = language === 'en' ? enDigit(word) : zhDigit(word);
  return digit === undefined ? undefined : String(digit);
}

const ORDER_CUE = /(?:order|reference|booking|tracking|confirmation|ticket|number is|订单|单号|编号|运单|工单)[^\d]{0,14}$/u;
const PHONE_CUE = /(?:phone|mobile|cell|call me|reach me|telephone|电话|手机|号码|联系方式|打)[^\d]{0,14}$/u;

function kindOf(heard: Heard, { said, start, end }: Piece): Found[] {
  const before = heard.folded.slice(Math.max(0, start - 20), start);
  if (/[A-Z]/u.test(said)) return letters(heard, said, start, end);
  const digits = said.replace('+', '');
  const looksLikePhone = said.startsWith('+') ? /^\d{7,15}$/u.test(digits) : heard.language === 'en' ? /^1?[2-9]\d{9}$|^0\d{9,10}$/u.test(digits) : /^(?:86)?1[3-9]\d{9}$|^0\d{9,11}$|^400\d{7}$/u.test(digits);
  if (looksLikePhone && !ORDER_CUE.test(before)) return [found(heard, 'phone', said, start, end)];
  if (PHONE_CUE.test(before) && /^\d{7,15}$/u.test(digits)) return [found(heard, 'phone', said, start, end)];
  const enough = ORDER_CUE.test(before) ? 3 : 5;
  return !said.includes('+') && digits.length >= enough && digits.length <= 32 ? [found(heard, 'order_id', digits, start, end)] : [];
}

/** An ID has two digits at least and four signs; a lone "a" or "i" in front is an article or a pronoun. */
function letters(heard: Heard, said: string, start: number, end: number): Found[] {
  const cut = heard.language === 'en' && /^[ai]\s/u.test(heard.folded.slice(start, end)) && !/^[A-Z]{2}/u.test(said) && said.length < 5 ? 2 : 0;
  const id = said.slice(cut === 0 ? 0 : 1);
  return id.length >= 4 && id.length <= 32 && (id.match(/\d/gu)?.length ?? 0) >= 2 && /[A-Z]/u.test(id) ? [found(heard, 'order_id', id, start + cut, end)] : [];
}
