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

/** Words before which two is 两. */
const MEASURES = '个位分件条次天年人块元页张台种名只份家点小';
const COUNTED = /^\s*(?:元|块|个|人|位|次|件|米|公里|万|亿|名|份)/;
const DIALLED = /(?:电话|号码|号|分机|热线|工号|拨打?|密码|验证码|编号)(?:是|为)?[：:\s]*$/;

/** Numbers in a Chinese sentence, written out the way they are said there. */
export function readNumbers(text: string): string {
  return text
    .replace(/\d{1,3}(?:,\d{3})+(?!\d)/g, (n) => n.replaceAll(',', ''))
    .replace(/(\d{1,2})[:：]([0-5]\d)(?!\d)/g, (_m, h: string, m: string) => `${hours(h)}点${m === '00' ? '整' : `${m.startsWith('0') ? '零' : ''}${amount(m)}分`}`)
    .replace(/[¥￥]\s*(\d+(?:\.\d+)?)/g, (_m, n: string) => `${decimal(n)}元`)
    .replace(/(\d+(?:\.\d+)?)\s*[%％]/g, (_m, n: string) => `百分之${decimal(n)}`)
    .replace(/(\d{4})(?=年)/g, (_m, year: string) => digitByDigit(year, false))
    .replace(/\+?\d+(?:-\d+)+|\+\d+|\d+(?:\.\d+)?/g, (found, at: number, whole: string) => oneNumber(found, whole.slice(0, at), whole.slice(at + found.length)));
}

const hours = (h: string): string => (Number(h) === 2 ? '两' : amount(h));

function decimal(n: string): string {
  const [whole = '0', part] = n.split('.');
  return part === undefined ? amount(whole) : `${amount(whole)}点${digitByDigit(part, false)}`;
}

function oneNumber(found: string, before: string, after: string): string {
  if (found.includes('.')) return decimal(found);
  const digits = found.replace(/\D/g, '');
  const telephone = /[-+]/.test(found) || /^0\d/.test(digits) || (digits.length > 4 && !COUNTED.test(after)) || (digits.length > 2 && DIALLED.test(before));
  if (telephone) return `${found.startsWith('+') ? '加' : ''}${digitByDigit(digits, true)}`;
  if (digits === '2' && !/第\s*$/.test(before) && MEASURES.includes(after.trimStart()[0] ?? ' ')) return '两';
  const value = amount(digits);
  return /第\s*$/.test(before) ? value.replace(/^两(?=[百千万亿])/, '二') : value;
}
