const DIGITS = '零一二三四五六七八九';
const BIG = ['', '万', '亿', '万亿'];

/** Digits one by one, as years are read; on the telephone 1 is said 幺 lest it be heard as 七. */
export const digitByDigit = (digits: string, telephone: boolean): string =>
  Array.from(digits, (d) => (telephone && d === '1' ? '幺' : (DIGITS[Number(d)] ?? ''))).join('');

/** An amount as it is said: 10 十, 105 一百零五, 2000 两千. Up to 16 digits; more are read one by one. */
export function amount(digits: string): string {
  const plain = digits.replace(/^0+(?=\d)/, '');
  if (plain.length > 16) return digitByDigit(plain, false);
  if (plain === '0') return '零';
  const groups: string[] = [];
  for (let end = plain.length; end > 0; end -= 4) groups.unshift(plain.slice(Math.max(0, end - 4), end));
  let said = '';
  groups.forEach((group, i) => {
    const value = Number(group);
    if (value === 0) return;
    const unit = BIG[groups.length - 1 - i] ?? '';
    const gap = said !== '' && (group.startsWith('0') || Number(groups[i - 1]) % 10 === 0);
    said += (gap ? '零' : '') + (value === 2 && unit !== '' ? '两' : underTenThousand(value, said === '')) + unit;
  });
  return said;
}

function underTenThousand(value: number, first: boolean): string {
  let said = '';
  let skipped = false;
  for (const [size, unit] of [[1000, '千'], [100, '百'], [10, '十'], [1, '']] as const) {
    const digit = Math.floor(value / size) % 10;
    if (digit === 0) {
      skipped = said !== '';
      continue;
    }
    if (skipped) said += '零';
    skipped = false;
    const leading = first && said === '';
    if (leading && digit === 1 && size === 10) said += unit; // 十五, but 一百一十五
    else said += (digit === 2 && (size === 1000 || (leading && size === 100)) ? '两' : (DIGITS[digit] ?? '')) + unit;
  }
  return said;
}

/** `12.50` → 十二点五零. */
export function decimal(n: string): string {
  const [whole = '0', part] = n.split('.');
  return part === undefined ? amount(whole) : `${amount(whole)}点${digitByDigit(part, false)}`;
}

/** An amount before a thing that is counted: two is 两. */
export const counted = (n: string): string => (n === '2' ? '两' : decimal(n));
