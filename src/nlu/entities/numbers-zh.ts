const DIGITS: Readonly<Record<string, number>> = {
  零: 0, 〇: 0, 一: 1, 壹: 1, 幺: 1, 二: 2, 贰: 2, 两: 2, 三: 3, 叁: 3, 四: 4, 肆: 4, 五: 5, 伍: 5, 六: 6, 陆: 6, 七: 7, 柒: 7, 八: 8, 捌: 8, 九: 9, 玖: 9,
};
const UNITS: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1_000, 仟: 1_000 };
const GREAT: Readonly<Record<string, number>> = { 万: 10_000, 亿: 100_000_000 };

export const ZH_DIGIT = '零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖';
/** Characters of a Chinese number, written or in figures; to stand inside a character class. */
export const ZH_NUMBER = `${ZH_DIGIT}十拾百佰千仟万亿点\\d.`;

/** One digit a character, for what is spelled: 幺 is 1, 两 is 2; undefined for anything else. */
export const zhDigit = (char: string): number | undefined => (/\d/u.test(char) ? Number(char) : DIGITS[char]);

/** 两千三百 → 2300, 三万五 → 35000, 一点五 → 1.5, 二〇二六 → 2026, 3万 → 30000; undefined when it is no number. */
export function readChinese(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/u.test(text)) return Number(text);
  const [whole = '', decimals, ...more] = text.split('点');
  if (more.length > 0 || (text.includes('点') && (decimals === undefined || decimals === ''))) return undefined;
  const before = readWhole(whole);
  if (before === undefined || decimals === undefined) return before;
  const after = Array.from(decimals).map(zhDigit);
  return after.includes(undefined) ? undefined : Number(`${before}.${after.join('')}`);
}

function readWhole(text: string): number | undefined {
  const figures = /^(\d+(?:\.\d+)?)([万亿千百]+)$/u.exec(text);
  if (figures) return Array.from(figures[2] ?? '').reduce((n, unit) => n * (UNITS[unit] ?? GREAT[unit] ?? 1), Number(figures[1]));
  const chars = Array.from(text);
  if (chars.length === 0) return undefined;
  if (chars.every((c) => zhDigit(c) !== undefined)) return Number(chars.map(zhDigit).join(''));
  return withUnits(chars);
}

/** `last` is the unit that a bare digit at the end stands below: the 五 of 三万五 is five thousand, that of 一百零五 is five. */
function withUnits(chars: readonly string[]): number | undefined {
  let [total, section, digit, last] = [0, 0, 0, 1];
  let pending = false;
  for (const char of chars) {
    const value = DIGITS[char];
    const unit = UNITS[char];
    const great = GREAT[char];
    if (value !== undefined) {
      if (pending && digit !== 0) return undefined;
      if (value === 0) last = 10;
      [digit, pending] = [value, value !== 0];
    } else if (unit !== undefined) {
      section += (pending ? digit : 1) * unit;
      [digit, pending, last] = [0, false, unit];
    } else if (great !== undefined) {
      const sum = section + digit;
      total = great > 10_000 || sum === 0 ? Math.max(1, total + sum) * great : total + sum * great;
      [section, digit, pending, last] = [0, 0, false, great];
    } else return undefined;
  }
  return total + section + (pending ? digit * Math.max(1, last / 10) : 0);
}
