/** A number pattern of the number plan: x 0-9, z 1-9, n 2-9, [sets], `.` one or more, `!` none or more. Letters in any case. */
export interface NumberPattern {
  readonly pattern: string;
  /** No wildcard in it. */
  readonly exact: boolean;
  matches(number: string): boolean;
  /** Digits that are given, for "the more specific wins". */
  readonly fixed: number;
}

const CLASSES: Readonly<Record<string, string>> = { x: '[0-9]', z: '[1-9]', n: '[2-9]', '.': '.+', '!': '.*', '+': '\\+', '*': '\\*' };

export function numberPattern(pattern: string): NumberPattern {
  const parts = pattern.match(/\[[^\]]*\]|./g) ?? [];
  const isFixed = (part: string): boolean => /^[0-9+*#]$/.test(part);
  const regex = new RegExp(`^${parts.map((part) => CLASSES[part.toLowerCase()] ?? part).join('')}$`);
  return { pattern, exact: parts.every(isFixed), fixed: parts.filter(isFixed).length, matches: (number) => regex.test(number) };
}

/** Exact beats pattern, more given digits beat fewer, and the file's order decides the rest. */
export function bestMatch<T extends { readonly number: NumberPattern }>(entries: readonly T[], dialled: string): T | undefined {
  let best: T | undefined;
  for (const entry of entries) {
    if (!entry.number.matches(dialled)) continue;
    const better = !best || (entry.number.exact && !best.number.exact) || (entry.number.exact === best.number.exact && entry.number.fixed > best.number.fixed);
    if (better) best = entry;
  }
  return best;
}
