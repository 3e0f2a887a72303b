const ONES: Readonly<Record<string, number>> = {
  zero: 0, oh: 0, o: 0, nought: 0, naught: 0, nil: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, niner: 9,
};
const TEENS: Readonly<Record<string, number>> = {
  ten: 10, eleven: 11, twelve: 12, thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19,
};
const TENS: Readonly<Record<string, number>> = { twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 };
const TIMES: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3, quadruple: 4 };
/** What a recogniser makes of digits, once digits have begun. */
const SOUNDS_LIKE: Readonly<Record<string, string>> = { to: 'two', too: 'two', for: 'four', fore: 'four', ate: 'eight', won: 'one', tree: 'three', fife: 'five' };
const FILLERS = new Set([
  'um', 'uh', 'er', 'ah', 'well', 'so', 'my', 'the', 'number', 'numbers', 'order', 'account', 'card', 'phone', 'code', 'is', 'it', 's', 'its', 'that', 'and', 'then', 'dash',
  'hyphen', 'minus', 'space', 'please', 'okay', 'ok', 'yes', 'hello', 'hi', 'thanks',
]);

/** Digits as they are dictated in English, `double eight` and `twenty three` among them; undefined when something else was said. */
export function englishDigits(text: string): string | undefined {
  const words = text.toLowerCase().replace(/(\d)/g, ' $1 ').split(/[^a-z\d]+/).filter((word) => word !== '');
  let digits = '';
  let times = 1;
  const add = (said: string): void => {
    digits += said.repeat(times);
    times = 1;
  };
  for (let i = 0; i < words.length; i += 1) {
    const word = meant(words[i] ?? '', digits !== '' || times > 1);
    const following = ONES[words[i + 1] ?? ''] ?? 0;
    if (/^\d$/.test(word)) add(word);
    else if (word in TIMES) times = TIMES[word] ?? 1;
    else if (word in TENS) {
      add(String((TENS[word] ?? 0) + following));
      if (following > 0) i += 1;
    } else if (word in TEENS) add(String(TEENS[word] ?? 0));
    else if (word === 'hundred' && /[1-9]$/.test(digits)) digits += '00';
    else if (word === 'thousand' && /[1-9]$/.test(digits)) digits += '000';
    else if (word in ONES && !isMistaken(word, words, digits)) add(String(ONES[word] ?? 0));
    else if (!FILLERS.has(word) && !(word in ONES)) return undefined;
  }
  return digits === '' || times > 1 ? undefined : digits;
}

const meant = (word: string, begun: boolean): string => (begun ? (SOUNDS_LIKE[word] ?? word) : word);
/** `oh` before anything else is a sigh. */
const isMistaken = (word: string, words: readonly string[], digits: string): boolean => word === 'oh' && digits === '' && !words.every((w) => w in ONES || w in TIMES || /^\d$/.test(w));
