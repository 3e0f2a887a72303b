/** What one character of a number pattern stands for; anything else stands for itself. */
const classes: Readonly<Record<string, string>> = { x: '[0-9]', z: '[1-9]', n: '[2-9]', '.': '.+', '!': '.*', '+': '\\+', '*': '\\*' };

const compiled = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const source = pattern.replace(/\[[0-9*#-]+\]|./g, (part) => (part.startsWith('[') ? part : (classes[part.toLowerCase()] ?? part)));
  const made = new RegExp(`^${source}$`);
  if (compiled.size > 10_000) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/** Whether `number` is in the pattern: x 0-9, z 1-9, n 2-9, [sets], `.` one or more of anything, `!` none or more. */
export const matches = (pattern: string, number: string): boolean => compile(pattern).test(number);

/**
 * Orders patterns from the most to the least particular: without `.` or `!` first, then by how many characters are
 * fixed, then by how narrow the others are.
 */
export function comparePatterns(a: string, b: string): number {
  const rank = (p: string): readonly [number, number, number] => {
    const parts = p.match(/\[[0-9*#-]+\]|./g) ?? [];
    const fixed = parts.filter((part) => /^[0-9+*#]$/.test(part)).length;
    const narrow = parts.filter((part) => /^[zn]$/i.test(part) || part.startsWith('[')).length;
    return [/[.!]$/.test(p) ? 1 : 0, -fixed, -narrow];
  };
  const [ra, rb] = [rank(a), rank(b)];
  return ra[0] - rb[0] || ra[1] - rb[1] || ra[2] - rb[2] || (a < b ? -1 : a > b ? 1 : 0);
}

/** The most particular of those patterns that match. */
export function bestMatch<T>(items: readonly T[], patternOf: (item: T) => string, number: string): T | undefined {
  return items.filter((item) => matches(patternOf(item), number)).sort((a, b) => comparePatterns(patternOf(a), patternOf(b)))[0];
}

/** `+86138****8000`: enough to tell two callers apart in a log, not enough to call one. Numbers up to 5 digits stay. */
export function maskNumber(number: string): string {
  return number.length <= 5 ? number : `${number.slice(0, Math.min(6, number.length - 6 > 0 ? number.length - 6 : 1))}****${number.slice(-2)}`;
}
