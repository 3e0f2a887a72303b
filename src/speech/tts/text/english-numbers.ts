const ONES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const BIG = ['', ' thousand', ' million', ' billion', ' trillion'];
const ORDINALS: Readonly<Record<string, string>> = { one: 'first', two: 'second', three: 'third', five: 'fifth', eight: 'eighth', nine: 'ninth', twelve: 'twelfth' };

/** Digits one by one. */
export const englishDigits = (digits: string): string => Array.from(digits, (d) => ONES[Number(d)] ?? '').join(' ');

/** `105` → one hundred five. Up to 15 digits; more are read one by one. */
export function cardinal(digits: string): string {
  const plain = digits.replace(/^0+(?=\d)/, '');
  if (plain.length > 15) return englishDigits(plain);
  if (plain === '0') return 'zero';
  const groups: string[] = [];
  for (let end = plain.length; end > 0; end -= 3) groups.unshift(plain.slice(Math.max(0, end - 3), end));
  return groups.flatMap((group, i) => (Number(group) === 0 ? [] : [`${underThousand(Number(group))}${BIG[groups.length - 1 - i] ?? ''}`])).join(' ');
}

function underThousand(value: number): string {
  if (value >= 100) return `${ONES[Math.floor(value / 100)] ?? ''} hundred${value % 100 === 0 ? '' : ` ${underThousand(value % 100)}`}`;
  if (value < 20) return ONES[value] ?? '';
  return `${TENS[Math.floor(value / 10)] ?? ''}${value % 10 === 0 ? '' : ` ${ONES[value % 10] ?? ''}`}`;
}

/** `21` → twenty first. */
export function ordinal(digits: string): string {
  const words = cardinal(digits).split(' ');
  const last = words.pop() ?? '';
  return [...words, ORDINALS[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`)].join(' ');
}

/** `12.50` → twelve point five zero. */
export function englishDecimal(n: string): string {
  const [whole = '0', part] = n.split('.');
  return part === undefined ? cardinal(whole) : `${cardinal(whole)} point ${englishDigits(part)}`;
}

/** `1999` → nineteen ninety nine, `2005` → two thousand five, `1900` → nineteen hundred. */
export function year(digits: string): string {
  const value = Number(digits);
  const [century, rest] = [Math.floor(value / 100), value % 100];
  if (value < 1000 || value > 9999 || century % 10 === 0 && rest < 10) return cardinal(digits);
  return `${underThousand(century)} ${rest === 0 ? 'hundred' : rest < 10 ? `oh ${underThousand(rest)}` : underThousand(rest)}`;
}
