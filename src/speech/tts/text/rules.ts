/** What to look for, and what is said instead; `undefined` leaves it as it is. `at` is where in `text` it was found. */
export type Rule = readonly [found: RegExp, said: (groups: readonly [string, ...(string | undefined)[]], at: number, text: string) => string | undefined];

/** One rule after the other over the whole text. */
export const rewrite = (text: string, rules: readonly Rule[]): string =>
  rules.reduce((whole, [found, said]) => whole.replace(found, (...args: unknown[]) => {
    const end = args.findIndex((arg) => typeof arg === 'number');
    const groups = args.slice(0, end) as [string, ...(string | undefined)[]];
    return said(groups, args[end] as number, whole) ?? groups[0];
  }), text);

/** For a regular expression: any of these words, the longest that fits. */
export const alternatives = (words: readonly string[]): string =>
  [...words].sort((a, b) => b.length - a.length).map((word) => word.replace(/[$^*+?.()[\]{}|\\/]/g, '\\$&')).join('|');
