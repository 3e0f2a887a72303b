/** About as long as it takes to say: a Chinese character is a syllable, a letter a quarter of one. Quarter syllables. */
const weight = (text: string): number => Array.from(text).reduce((sum, c) => sum + (/\p{Script=Han}/u.test(c) ? 4 : 1), 0);

/** Shorter texts stay one; no piece but the first is shorter than a breath, and none that has a comma is longer than this. */
const WHOLE = 120;
const FIRST = 24;
const BREATH = 48;
const TOO_LONG = 320;
const ENDS = /(?<=[。！？!?；;]["'”’」』)）]{0,3})\s*|(?<=[.]["'”’)]{0,3})\s+(?=["'“‘(]?[\p{Lu}\p{Script=Han}])/u;
const COMMAS = /(?<=[，、])|(?<=\p{Script=Han},)\s*|(?<=,)\s+/u;
const ABBREVIATED = /(?:^|[\s.])(?:Mr|Mrs|Ms|Dr|St|Prof|No|vs|etc|[A-Z])\.$/;

/** A long text in pieces that can be said one after the other: at the ends of its sentences, where those are long at commas. */
export function splitWords(text: string): string[] {
  if (weight(text) <= WHOLE) return text === '' ? [] : [text];
  const sentences = together(text.split(ENDS), (ahead) => ABBREVIATED.test(ahead));
  const pieces = sentences.flatMap((sentence) => (weight(sentence) > TOO_LONG ? gathered(sentence.split(COMMAS), TOO_LONG / 2, TOO_LONG / 2) : [sentence]));
  return gathered(pieces, FIRST, BREATH);
}

const append = (a: string, b: string): string => (/[\p{Script=Han}，。！？；、]$/u.test(a) ? `${a}${b}` : `${a} ${b}`);

function together(parts: readonly string[], goesOn: (ahead: string) => boolean): string[] {
  const out: string[] = [];
  for (const part of parts.map((p) => p.trim()).filter((p) => p !== '')) {
    const last = out.at(-1);
    if (last !== undefined && goesOn(last)) out[out.length - 1] = append(last, part);
    else out.push(part);
  }
  return out;
}

/** Joins neighbours until each weighs enough. */
function gathered(parts: readonly string[], first: number, least: number): string[] {
  let done = 0;
  const out = together(parts, (ahead) => {
    const enough = weight(ahead) >= (done === 0 ? first : least);
    if (enough) done += 1;
    return !enough;
  });
  return out;
}
