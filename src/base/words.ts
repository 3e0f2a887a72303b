const PIECES = /\p{Script=Han}+|[\p{L}\p{N}]+/gu;
const HAN = /^\p{Script=Han}/u;
/** Ends of numbers are found from so many digits on. */
const END = 3;
/** Words whose first letter is a word too: so very many words begin with it that FTS5 would take long to gather them. */
const LONGER = /^(?!\p{Script=Han})\p{L}[\p{L}\p{N}]/u;
/** That letter; and a digit, with which nearly every number goes on. */
const ONE = /^(?!\p{Script=Han})[\p{L}\p{N}]$/u;
const LONGEST_RUN = 24;
const MOST = 4_000;

const piecesOf = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(PIECES)?.flatMap(apart) ?? [];

/** Chinese and other letters may touch: 订单A1, iPhone手机. */
const apart = (piece: string): string[] => piece.match(/\p{Script=Han}+|[^\p{Script=Han}]+/gu) ?? [];

/** Chinese in pairs of characters and the last one alone, so that every two-character word is a word of the index. */
function pairs(run: string): string[] {
  const chars = Array.from(run);
  return chars.map((c, i) => c + (chars[i + 1] ?? ''));
}

/**
 * What SQLite keeps of a text, words with blanks between them. Neither of its own tokenizers finds both 张伟 (trigram needs three characters,
 * unicode61 takes a whole run for a word) and the last four digits of a phone number.
 */
export function indexWords(text: string): string {
  const pieces = piecesOf(text);
  const words = pieces.flatMap((piece) => (HAN.test(piece) ? pairs(piece) : [piece]));
  const ends = pieces.flatMap((piece) => [...piece.matchAll(/\d{4,}/g)].flatMap(([digits]) => endsOf(digits.slice(-LONGEST_RUN))));
  const first = pieces.flatMap((piece) => (LONGER.test(piece) ? [String.fromCodePoint(piece.codePointAt(0) ?? 0)] : []));
  return [...words.slice(0, MOST), ...new Set(first), ...new Set(ends.slice(0, MOST))].join(' ');
}

const endsOf = (digits: string): string[] => Array.from({ length: Math.max(0, digits.length - END) }, (_, i) => digits.slice(i + 1)).filter((end) => end.length >= END);

/** The same cut for a question, in the language of FTS5: all of it must be there, other words may go on. undefined: nothing to look for. */
export function searchWords(question: string): string | undefined {
  const terms = piecesOf(question.slice(0, 200)).slice(0, 12).map((piece) => {
    if (ONE.test(piece)) return `"${piece}"`;
    if (!HAN.test(piece)) return `"${piece}"*`;
    const chars = Array.from(piece);
    if (chars.length === 1) return `"${piece}"*`;
    return `"${pairs(piece).slice(0, -1).join(' ')}"`;
  });
  return terms.length === 0 ? undefined : terms.join(' ');
}
