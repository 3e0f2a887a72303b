import { conceptsOf } from './lexicon/index.js';
import { normalise } from './text/normalise.js';
import { soundsOf } from './text/sounds.js';
import { stem } from './text/stem.js';
import type { Language } from './types.js';

/** Kinds of features; each has a share of the whole sentence's weight, however many features it yields. */
export type Kind = 'word' | 'pair' | 'char' | 'sound' | 'concept' | 'both';
export type Shares = Readonly<Record<Kind, number>>;

/** Found by cross-validation, docs/decisions/0014-understanding.md. */
export const SHARES: Readonly<Record<Language, Shares>> = {
  en: { word: 1, pair: 0.6, char: 0.8, sound: 0, concept: 0.8, both: 0.6 },
  'zh-CN': { word: 1, pair: 0.8, char: 0.5, sound: 0.5, concept: 0.8, both: 0.6 },
};

/** A feature is a number: FNV-1a of its kind and text. Two that collide among some thousands: one in a million. */
export type Feature = number;
export type Features = Readonly<Record<Kind, readonly Feature[]>>;

/** Characters looked at: nobody says more in one breath. */
const LONGEST = 500;

export function featuresOf(text: string, language: Language): Features {
  const plain = normalise(text.slice(0, LONGEST), language).replace(/\d+/gu, '0');
  return language === 'en' ? english(plain) : chinese(plain);
}

function english(plain: string): Features {
  const words = plain.split(' ').filter((word) => word !== '');
  const stems = words.map(stem);
  const framed = ['^', ...stems, '$'];
  return {
    word: hashed('w', stems),
    pair: hashed('p', framed.slice(1).map((word, i) => `${framed[i] ?? ''} ${word}`)),
    char: hashed('c', words.flatMap((word) => grams(`_${word}_`, 3, 4))),
    sound: [],
    ...concepts(conceptsOf(plain, stems, 'en')),
  };
}

/** Without a dictionary of words, single characters are the words, and two or three of them the word pairs. */
function chinese(plain: string): Features {
  const units = plain.match(/\p{Script=Han}|[\p{L}\p{N}]+?(?=\p{Script=Han}|\s|$)/gu) ?? [];
  const framed = ['^', ...units, '$'];
  return {
    word: hashed('w', units),
    pair: hashed('p', framed.slice(1).map((unit, i) => `${framed[i] ?? ''}${unit}`)),
    char: hashed('c', units.slice(2).map((unit, i) => `${units[i] ?? ''}${units[i + 1] ?? ''}${unit}`)),
    sound: hashed('s', pairs(soundsOf(units))),
    ...concepts(conceptsOf(plain, units, 'zh-CN')),
  };
}

/** Two concepts in one sentence, in whatever order: "refund" with "when" is another wish than "refund" alone. */
function concepts(names: readonly string[]): Pick<Features, 'concept' | 'both'> {
  const all = [...new Set(names)].sort();
  return { concept: hashed('k', all), both: hashed('b', all.flatMap((one, i) => all.slice(i + 1).map((other) => `${one}+${other}`))) };
}

const pairs = (sounds: readonly string[]): string[] => sounds.slice(1).map((sound, i) => `${sounds[i] ?? ''} ${sound}`);

function grams(word: string, from: number, to: number): string[] {
  const found: string[] = [];
  for (let size = from; size <= to; size += 1)
    for (let at = 0; at + size <= word.length; at += 1) found.push(word.slice(at, at + size));
  return found;
}

const hashed = (kind: string, texts: readonly string[]): Feature[] => texts.map((text) => hash(`${kind}${text}`));

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
