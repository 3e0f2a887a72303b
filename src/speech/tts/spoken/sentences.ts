import type { Ms } from '../../../base/index.js';
import { TtsFailed } from '../errors.js';
import type { Language } from '../ports.js';
import { toWords } from '../text/words.js';
import { alias, breakMs, checkElement, emphasis, language, rate, sayAs, volume } from './elements.js';
import { sayAsWords } from './say-as.js';
import { splitWords } from './split.js';
import { type Element, parseXml, type SpokenFault, SpokenWrong } from './xml.js';

/** Words of one language at one pace, or silence. */
export type Segment =
  | { readonly do: 'say'; readonly text: string; readonly lang: Language; /** Per cent of the voice's pace. */ readonly rate: number; /** dB against other prompts. */ readonly gainDb: number }
  | { readonly do: 'pause'; readonly ms: Ms };
/** What is made, kept and played as one. */
export type Sentence = readonly Segment[];
type Say = Extract<Segment, { do: 'say' }>;
type Manner = Omit<Say, 'do' | 'text'>;
/** `end`: whatever follows is another sentence. */
type Piece = Segment | { readonly do: 'end' };

/** Characters of one text: a prompt, not a book. */
const LONGEST = 5_000;
/** Between two sentences of one text, besides the silence around every prompt. */
const BETWEEN: Ms = 220;

const isMarkedUp = (text: string): boolean => /^\s*<speak[\s>/]/.test(text);

/** What is wrong with a text for the voice; texts that do not begin with `<speak>` are never wrong but for their length. */
export function checkSpoken(text: string): SpokenFault | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof SpokenWrong)) throw error;
    const ahead = text.slice(0, error.at).split('\n');
    return { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }), at: error.at, line: ahead.length, column: (ahead.at(-1)?.length ?? 0) + 1 };
  }
}

/** For what is put into a text that may begin with `<speak>`: means itself there. */
export const escapeSpoken = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** @throws SpokenWrong */
function parse(text: string): Element | undefined {
  if (text.length > LONGEST) throw new SpokenWrong(LONGEST, `the text has ${text.length} characters`, `at most ${LONGEST}`);
  if (!isMarkedUp(text)) return undefined;
  const root = parseXml(text.trimEnd());
  checkElement(root);
  return root;
}

/** The sentences of a text; a short text is one. @throws TtsFailed when the text is marked up wrongly */
export function toSentences(text: string, lang: Language): Sentence[] {
  let root: Element | undefined;
  try {
    root = parse(text);
  } catch (error) {
    if (error instanceof SpokenWrong) throw new TtsFailed(`the text cannot be spoken: ${error.message}`, { hint: error.hint ?? 'strowger dialplan check says where', cause: error });
    throw error;
  }
  const pieces = root ? inside(root, { lang: language(root) ?? lang, rate: 100, gainDb: 0 }) : [{ do: 'say' as const, text: toWords(text, lang), lang, rate: 100, gainDb: 0 }];
  return sentencesOf(joined(pieces));
}

/** The whole of it as one. */
export function toOneSentence(text: string, lang: Language): Sentence {
  return toSentences(text, lang).flat();
}

function inside(element: Element, manner: Manner): Piece[] {
  return element.children.flatMap((child): Piece[] => (typeof child === 'string' ? say(child, toWords(child, manner.lang), manner) : piecesOf(child, manner)));
}

function piecesOf(element: Element, manner: Manner): Piece[] {
  const written = element.children.filter((child) => typeof child === 'string').join('');
  switch (element.name) {
    case 'break': return [{ do: 'pause', ms: breakMs(element) }];
    case 'say-as': return say(written, sayAsWords(sayAs(element), written, manner.lang), manner);
    case 'sub': return say(written, toWords(alias(element), manner.lang), manner);
    case 'emphasis': return inside(element, louder(manner, emphasis(element)));
    case 'prosody': return inside(element, louder(manner, { rate: rate(element), gainDb: volume(element) }));
    case 'lang': return inside(element, { ...manner, lang: language(element) ?? manner.lang });
    default: return [{ do: 'end' }, ...inside(element, manner), { do: 'end' }]; // p, s
  }
}

/** Spaces around what was written still part the words. */
const say = (written: string, words: string, manner: Manner): Piece[] => [{ do: 'say', text: `${/^\s/.test(written) ? ' ' : ''}${words}${/\s$/.test(written) ? ' ' : ''}`, ...manner }];
const louder = (manner: Manner, by: { readonly rate: number; readonly gainDb: number }): Manner => ({ ...manner, rate: Math.round((manner.rate * by.rate) / 100), gainDb: manner.gainDb + by.gainDb });
const sameManner = (a: Say, b: Say): boolean => a.lang === b.lang && a.rate === b.rate && a.gainDb === b.gainDb;

/** Neighbours that are said in the same manner are one stretch, so that they are said in one breath. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.do === 'say' && last?.do === 'say' && sameManner(last, piece)) out[out.length - 1] = { ...last, text: last.text + piece.text };
    else out.push(piece);
  }
  return out.map((piece) => (piece.do === 'say' ? { ...piece, text: piece.text.replace(/\s+/g, ' ').replace(/ (?=[.,!?;:，。！？；])/g, '').trim() } : piece));
}

function sentencesOf(pieces: readonly Piece[]): Sentence[] {
  const sentences: Segment[][] = [[]];
  for (const piece of pieces) {
    if (piece.do === 'end') sentences.push([]);
    else if (piece.do === 'pause') sentences.at(-1)?.push(piece);
    else splitWords(piece.text).forEach((text, i) => {
      if (i > 0) sentences.push([]);
      sentences.at(-1)?.push({ ...piece, text });
    });
  }
  const audible = sentences.map((s) => s.filter((segment) => segment.do === 'pause' || /[\p{L}\p{N}]/u.test(segment.text))).filter((s) => s.length > 0);
  return withPauses(audible);
}

/** Silence alone is no sentence: it belongs to the one before it. */
function withPauses(audible: readonly Sentence[]): Sentence[] {
  const whole: Sentence[] = [];
  for (const sentence of audible) {
    const last = whole.at(-1);
    if (last && sentence.every((segment) => segment.do === 'pause')) whole[whole.length - 1] = [...last, ...sentence];
    else whole.push(sentence);
  }
  return whole.map((sentence, i) => (i < whole.length - 1 ? [...sentence, { do: 'pause', ms: BETWEEN }] : sentence));
}
