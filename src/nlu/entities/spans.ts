import type { Found, Language, Now } from '../types.js';

/** What a finder sees: `text` as given, `folded` of the same length with case, width and script folded, so that offsets hold. */
export interface Heard {
  readonly text: string;
  readonly folded: string;
  readonly language: Language;
  readonly now: Now;
}
export type Finder = (heard: Heard) => Found[];

export const found = ({ text }: Heard, entity: string, value: string | number, start: number, end: number): Found => ({ entity, value, text: text.slice(start, end), start, end });

/** Every match that `read` makes something of; it answers undefined for what only looks like it. */
export function each(heard: Heard, pattern: RegExp, entity: string, read: (match: RegExpExecArray) => string | number | undefined): Found[] {
  return [...heard.folded.matchAll(pattern)].flatMap((match) => {
    const value = match[0] === '' ? undefined : read(match);
    if (value === undefined) return [];
    const start = match.index + (match[0].length - match[0].trimStart().length);
    return [found(heard, entity, value, start, match.index + match[0].trimEnd().length)];
  });
}

/** Of those that overlap, the kind named first in `order` wins, then the longer; in the order of the sentence. A date and its time may stand side by side. */
export function apart(all: readonly Found[], order: readonly string[]): Found[] {
  const rank = (f: Found): number => (order.includes(f.entity) ? order.indexOf(f.entity) : order.length);
  const kept: Found[] = [];
  for (const one of [...all].sort((a, b) => rank(a) - rank(b) || b.end - b.start - (a.end - a.start)))
    if (kept.every((other) => one.end <= other.start || one.start >= other.end)) kept.push(one);
  return kept.sort((a, b) => a.start - b.start);
}
