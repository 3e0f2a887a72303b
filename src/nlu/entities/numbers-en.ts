const SMALL = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ORDINALS = ['zeroth', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth', 'thirteenth', 'fourteenth', 'fifteenth', 'sixteenth', 'seventeenth', 'eighteenth', 'nineteenth'];
const GREAT: Readonly<Record<string, number>> = { thousand: 1_000, million: 1_000_000, billion: 1_000_000_000 };

const small = SMALL.slice(0, 20).join('|');
/** A number in words; capturing nothing, so that it can stand in larger patterns. */
const UNIT_WORD = `(?:${small}|${TENS.join('|')}|hundred|thousand|million|billion)`;
export const EN_NUMBER = `(?:\\d[\\d,]*(?:\\.\\d+)?(?: (?:hundred|thousand|million|billion))?|(?:an? (?=hundred|thousand|million|billion))?${UNIT_WORD}(?:(?: and |[ -])${UNIT_WORD})*(?: point(?: (?:${small}|oh))+)?)`;
export const EN_ORDINAL = `(?:\\d{1,2}(?:st|nd|rd|th)|(?:${TENS.slice(0, 2).join('|')})[ -](?:${ORDINALS.slice(1, 10).join('|')})|twentieth|thirtieth|${ORDINALS.slice(1).join('|')})`;

/** "four", "oh" and "double" digits are for those who spell; 0..9, or undefined. */
export function enDigit(word: string): number | undefined {
  if (/^\d$/u.test(word)) return Number(word);
  if (word === 'oh' || word === 'o') return 0;
  const digit = SMALL.indexOf(word);
  return digit >= 0 && digit < 10 ? digit : undefined;
}

/** "twenty-three hundred" → 2300, "a thousand and five" → 1005, "two point five" → 2.5, "2,300.50" → 2300.5; undefined when it is no number. */
export function readEnglish(text: string): number | undefined {
  const [whole = '', decimals] = text.trim().split(/ point /u);
  const before = readWhole(whole);
  if (before === undefined || decimals === undefined) return before;
  const after = decimals.split(' ').map(enDigit);
  return after.includes(undefined) ? undefined : Number(`${before}.${after.join('')}`);
}

function readWhole(text: string): number | undefined {
  let [total, section] = [0, 0];
  let step = Infinity; // what the next small number must stay below: "one two" is no number but two
  for (const word of text.replace(/,(?=\d)/gu, '').split(/[ -]/u)) {
    const great = GREAT[word];
    const value = /^\d/u.test(word) ? Number(word) : SMALL.includes(word) ? SMALL.indexOf(word) : TENS.includes(word) ? 20 + 10 * TENS.indexOf(word) : undefined;
    if (word === 'and' || word === 'a' || word === 'an') continue;
    if (great !== undefined) {
      total += Math.max(1, section) * great;
      [section, step] = [0, great];
    } else if (word === 'hundred') {
      section = Math.max(1, section) * 100;
      step = 100;
    } else if (value === undefined || value >= step) return undefined;
    else {
      section += value;
      step = value >= 20 && value % 10 === 0 && value < 100 ? 10 : 0;
    }
  }
  return total + section;
}

/** "second", "22nd", "twenty-second" → 2, 22, 22; undefined for no ordinal. */
export function readOrdinal(text: string): number | undefined {
  const figures = /^(\d+)(?:st|nd|rd|th)$/u.exec(text);
  if (figures) return Number(figures[1]);
  if (text === 'twentieth' || text === 'thirtieth') return text === 'twentieth' ? 20 : 30;
  const [tens = '', one] = text.split(/[ -]/u);
  if (one === undefined) return ORDINALS.includes(tens) ? ORDINALS.indexOf(tens) : undefined;
  return TENS.includes(tens) && ORDINALS.includes(one) ? 20 + 10 * TENS.indexOf(tens) + ORDINALS.indexOf(one) : undefined;
}
