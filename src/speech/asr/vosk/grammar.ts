import { UNKNOWN } from '../result.js';

/** The symbols of `graph/words.txt` that can be said. */
export function readVocabulary(text: string): ReadonlySet<string> {
  const words = text.split('\n').map((line) => line.split(/\s+/)[0] ?? '');
  return new Set(words.filter((word) => word !== '' && !/^(?:<.*>|#\d+|!SIL)$/.test(word)));
}

/**
 * Phrases → a grammar of libvosk, in the words of the model. A phrase with a word that the model lacks is left out, since it
 * could never be heard. @returns undefined when nothing is left: then anything may be said
 */
export function grammarOf(phrases: readonly string[], vocabulary: ReadonlySet<string>): string | undefined {
  const known = phrases.flatMap((phrase) => {
    const words = inWords(phrase, vocabulary);
    return words ? [words.join(' ')] : [];
  });
  if (known.length === 0) return undefined;
  return JSON.stringify([...new Set(known), ...(vocabulary.has(UNKNOWN) ? [UNKNOWN] : [])]);
}

function inWords(phrase: string, vocabulary: ReadonlySet<string>): string[] | undefined {
  const words: string[] = [];
  for (const word of phrase.toLowerCase().replace(/[^\p{L}\p{N}']+/gu, ' ').trim().split(' ')) {
    const parts = vocabulary.has(word) ? [word] : segment(word, vocabulary);
    if (!parts) return undefined;
    words.push(...parts);
  }
  return words.length === 0 || words[0] === '' ? undefined : words;
}

/** Text without blanks in as few words as possible; only what is written without blanks. */
function segment(text: string, vocabulary: ReadonlySet<string>): string[] | undefined {
  const letters = Array.from(text);
  if (!letters.every((letter) => /\p{Script=Han}/u.test(letter))) return undefined;
  const best: (string[] | undefined)[] = [[]];
  for (let to = 1; to <= letters.length; to += 1) {
    for (let from = to - 1; from >= 0; from -= 1) {
      const before = best[from];
      const word = letters.slice(from, to).join('');
      if (before && vocabulary.has(word) && before.length + 1 < (best[to]?.length ?? Number.POSITIVE_INFINITY)) best[to] = [...before, word];
    }
  }
  return best[letters.length];
}
