import { compilePattern } from '../expressions/index.js';

/** How a date is typed. A year of two digits lies within the 50 years around `now`. */
export const DATE_FORMS = ['YYYYMMDD', 'YYMMDD', 'MMDD', 'DDMMYYYY', 'MMDDYYYY', 'MMYY'] as const;
export type DateForm = (typeof DATE_FORMS)[number];

export type DigitCheck =
  | { readonly kind: 'luhn' }
  | { readonly kind: 'date'; readonly form: DateForm }
  | { readonly kind: 'length'; readonly min: number; readonly max: number }
  /** RE2; the whole of the digits must match. */
  | { readonly kind: 'pattern'; readonly pattern: string };
export type DigitsChecked =
  /** `value` is what to keep: the digits, or the date in ISO 8601 (`--11-20` without a year, `2026-11` without a day). */
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly why: 'luhn' | 'no_such_date' | 'too_short' | 'too_long' | 'pattern' };

/** `now`: ms since 1970, for years of two digits. */
export function checkDigits(check: DigitCheck, digits: string, now: number): DigitsChecked {
  switch (check.kind) {
    case 'luhn': return isLuhn(digits) ? { ok: true, value: digits } : { ok: false, why: 'luhn' };
    case 'length':
      if (digits.length < check.min) return { ok: false, why: 'too_short' };
      return digits.length > check.max ? { ok: false, why: 'too_long' } : { ok: true, value: digits };
    case 'pattern': {
      const pattern = compilePattern(check.pattern);
      return pattern.ok && pattern.whole(digits) ? { ok: true, value: digits } : { ok: false, why: 'pattern' };
    }
    case 'date': {
      const value = dateOf(check.form, digits, now);
      return value === undefined ? { ok: false, why: 'no_such_date' } : { ok: true, value };
    }
  }
}

/** ISO/IEC 7812-1 annex B: the sum of the digits, every second one from the right doubled, ends in 0. */
export function isLuhn(digits: string): boolean {
  if (!/^\d{2,}$/.test(digits)) return false;
  const sum = Array.from(digits).reverse().reduce((total, one, i) => {
    const twice = Number(one) * (i % 2 === 0 ? 1 : 2);
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}

function dateOf(form: DateForm, digits: string, now: number): string | undefined {
  if (!/^\d+$/.test(digits) || digits.length !== form.length) return undefined;
  const part = (letter: 'Y' | 'M' | 'D'): string => Array.from(digits).filter((_, i) => form[i] === letter).join('');
  const [year, month, day] = [fullYear(part('Y'), now), part('M'), part('D')];
  if (!exists(year === '' ? '2024' : year, month, day === '' ? '01' : day)) return undefined; // 2024 has a 29 February
  if (year === '') return `--${month}-${day}`;
  return day === '' ? `${year}-${month}` : `${year}-${month}-${day}`;
}

function fullYear(written: string, now: number): string {
  if (written.length !== 2) return written;
  const thisYear = new Date(now).getUTCFullYear();
  const near = thisYear - (thisYear % 100) + Number(written);
  return String(near > thisYear + 50 ? near - 100 : near < thisYear - 49 ? near + 100 : near);
}

function exists(year: string, month: string, day: string): boolean {
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(`${year}-${month}-${day}`);
}
