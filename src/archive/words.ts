import { indexWords } from '../base/index.js';

/** What was said, as far as searching needs it. */
export interface Said {
  readonly speaker: 'customer' | 'other';
  readonly start_ms: number;
  readonly end_ms: number;
  readonly text: string;
}
/** Recognisers put blanks between Chinese words, people who search do not. */
const joined = (text: string): string => text.replaceAll(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '');

/** The index words of a transcript; what one says and the other goes on with is no phrase. */
export const wordsOf = (segments: readonly Pick<Said, 'text'>[]): string => indexWords(segments.map(({ text }) => joined(text)).join(' | '));

const piecesOf = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(/\p{Script=Han}+|[^\s\p{Script=Han}\p{P}]+/gu) ?? [];

/** Where any of the words looked for was said, in order. */
export function placesOf(segments: readonly Said[], question: string): readonly Said[] {
  const wanted = piecesOf(question);
  return segments.filter(({ text }) => {
    const said = joined(text.normalize('NFKC').toLowerCase());
    return wanted.some((piece) => said.includes(piece));
  });
}
