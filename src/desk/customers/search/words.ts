import { createHash } from 'node:crypto';

/**
 * What stands in the index for a text. Neither of SQLite's tokenizers finds both 张伟 (trigram needs three characters) and the last four
 * digits of a number (unicode61 knows whole words), so the words are ours, all of ASCII letters and digits:
 * `t` three characters of a Latin word, `p` its first one or two, `d` four digits in a row, `e` the last three or four, `u` and `b` one and
 * two characters of any other script, `n` a whole name, `g` a tag, `a` an adviser, `w` an agent who had to do with it, `m` a team.
 */
export const wordsOf = (name: string | null, texts: readonly string[]): Set<string> => {
  const words = new Set<string>();
  for (const text of [name ?? '', ...texts]) for (const run of runsOf(normal(text))) addRun(words, run);
  if (name !== null) words.add(nameWord(name));
  return words;
};

/** As things are compared: no width, no capitals, no accents. */
export const normal = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').normalize('NFC').toLowerCase();

export const hashed = (letter: 'n' | 'g' | 'a' | 'w' | 'm', text: string): string => letter + createHash('sha256').update(text).digest('hex').slice(0, 14);
export const nameWord = (name: string): string => hashed('n', normal(name).replaceAll(/[^\p{L}\p{N}]/gu, ''));

const ASCII_RUN = /^[a-z0-9]/;
/** Longer ones are telephone numbers: any three digits of theirs would lead to a thousandth of everything. */
const NUMBER_LENGTH = 7;

export const runsOf = (text: string): string[] => text.match(/[a-z0-9]+|(?:(?![a-z0-9])[\p{L}\p{N}])+/gu) ?? [];
const isNumber = (run: string): boolean => /^\d+$/.test(run);

function addRun(words: Set<string>, run: string): void {
  if (!ASCII_RUN.test(run)) return addOther(words, run);
  words.add(`p${run.slice(0, 1)}`).add(`p${run.slice(0, 2)}`);
  if (!isNumber(run) || run.length < NUMBER_LENGTH) for (const gram of grams(run, 3)) words.add(`t${gram}`);
  for (const digits of run.match(/\d{4,}/g) ?? []) for (const gram of grams(digits, 4)) words.add(`d${gram}`);
  const tail = /\d{3,}$/.exec(run)?.[0];
  if (tail !== undefined) words.add(`e${tail.slice(-3)}`).add(`e${tail.slice(-4)}`);
}

const hex = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);
function addOther(words: Set<string>, run: string): void {
  const characters = Array.from(run, hex);
  characters.forEach((c, i) => {
    words.add(`u${c}`);
    const next = characters[i + 1];
    if (next !== undefined) words.add(`b${c}z${next}`);
  });
}

function grams(run: string, length: number): string[] {
  return Array.from({ length: Math.max(0, run.length - length + 1) }, (_, i) => run.slice(i, i + length));
}

/** Words that everything which contains `term` has; `start`: the term is the beginning of a word there. Empty where none can be named. */
export function termWords(term: string): { readonly all: readonly string[]; readonly start: boolean } {
  const runs = runsOf(term);
  const all = runs.flatMap((run, i) => runWords(run, i > 0));
  if (all.length > 0) return { all, start: false };
  const [first] = runs;
  return { all: first === undefined ? [] : [`p${first.slice(0, 2)}`], start: first !== undefined };
}

/** A run in the middle of a term begins a run wherever the term is found; the first may be the rest of one. */
function runWords(run: string, inner: boolean): string[] {
  if (!ASCII_RUN.test(run)) {
    const characters = Array.from(run, hex);
    return characters.length === 1 ? characters.map((c) => `u${c}`) : characters.slice(1).map((c, i) => `b${characters[i] ?? ''}z${c}`);
  }
  if (run.length < 3) return inner ? [`p${run}`] : [];
  if (!isNumber(run)) return grams(run, 3).map((gram) => `t${gram}`);
  if (run.length === 3) return [`(t${run} OR e${run})`];
  // The last digits tell numbers apart; the first ones of a country are those of everybody.
  const last = run.length - 4;
  return [...new Set([last, Math.max(0, last - 4), Math.max(0, last - 2)])].map((at) => `d${run.slice(at, at + 4)}`);
}
