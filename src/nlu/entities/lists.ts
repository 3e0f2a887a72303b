import { fold } from '../text/normalise.js';
import { blur, syllables } from '../text/sounds.js';
import type { Found, ListEntity } from '../types.js';
import { found, type Heard } from './spans.js';

interface Name {
  readonly value: string;
  readonly name: string;
  /** Of a Chinese name: one a character. */
  readonly sounds: readonly Sound[];
}
interface Sound {
  readonly plain: string;
  readonly blurred: string;
}
const soundOf = (plain: string): Sound => ({ plain, blurred: blur(plain) });

/** Worked out once a list: a list is never changed. */
const prepared = new WeakMap<ListEntity, readonly Name[]>();
function namesOf(list: ListEntity): readonly Name[] {
  const known = prepared.get(list);
  if (known) return known;
  const names = list.values.flatMap(({ value, synonyms }) => [value, ...synonyms].map((synonym): Name => {
    const name = fold(synonym).trim();
    return { value, name, sounds: /^\p{Script=Han}+$/u.test(name) ? soundsIn(name) : [] };
  })).filter(({ name }) => name !== '');
  prepared.set(list, names);
  return names;
}

/** One a character; what is not Chinese stands for itself. */
function soundsIn(text: string): Sound[] {
  return (text.match(/\p{Script=Han}+|\P{Script=Han}+/gu) ?? []).flatMap((run) => {
    const chars = Array.from(run);
    const read = /^\p{Script=Han}/u.test(run) ? syllables(run) : chars;
    return (read.length === chars.length ? read : chars).map(soundOf);
  });
}

/** Words of the lists a designer wrote: as written, or as a recogniser may have misheard them. */
export function listed(heard: Heard, lists: readonly ListEntity[]): Found[] {
  if (lists.length === 0) return [];
  const said = { sounds: soundsIn(heard.folded), chars: Array.from(heard.folded), words: [...heard.folded.matchAll(/[a-z0-9']+/gu)] };
  return lists.flatMap((list) => {
    const names = namesOf(list);
    const exact = names.flatMap(({ value, name }) => places(heard, name).map((start) => found(heard, list.name, value, start, start + name.length)));
    if (exact.length > 0) return longestFirst(exact);
    const near = names.flatMap((name) => (name.sounds.length > 0 ? misheardChinese(heard, said, list.name, name) : misheardLatin(heard, said, list.name, name)));
    return near.sort((x, y) => x.cost - y.cost).slice(0, 1).map((n) => n.found);
  });
}

interface Said {
  readonly sounds: readonly Sound[];
  readonly chars: readonly string[];
  readonly words: readonly RegExpExecArray[];
}

function longestFirst(all: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const one of [...all].sort((a, b) => b.end - b.start - (a.end - a.start))) if (kept.every((k) => one.end <= k.start || one.start >= k.end)) kept.push(one);
  return kept;
}

function places({ folded }: Heard, name: string): number[] {
  const starts: number[] = [];
  const inWord = (at: number): boolean => /[a-z0-9]/u.test(folded[at] ?? '');
  for (let at = folded.indexOf(name); at >= 0; at = folded.indexOf(name, at + 1))
    if (!(inWord(at - 1) && /^[a-z0-9]/u.test(name)) && !(inWord(at + name.length) && /[a-z0-9]$/u.test(name))) starts.push(at);
  return starts;
}

interface Near {
  readonly found: Found;
  /** 0: sounds the same to a bad ear. */
  readonly cost: number;
}
/** Share of the syllables (or letters) that may differ. */
const TOLERANCE = 0.25;

/** Windows of as many characters as the name has; a syllable that only differs by n/l, zh/z, in/ing and the like costs little. */
function misheardChinese(heard: Heard, { sounds, chars }: Said, entity: string, { value, sounds: wanted }: Name): Near[] {
  const size = wanted.length;
  if (size < 2 || chars.length !== sounds.length) return [];
  const near: Near[] = [];
  for (let at = 0; at + size <= sounds.length; at += 1) {
    const cost = windowCost(wanted, sounds, at);
    if (cost > TOLERANCE) continue;
    const start = chars.slice(0, at).join('').length;
    near.push({ found: found(heard, entity, value, start, start + chars.slice(at, at + size).join('').length), cost });
  }
  return near;
}
function windowCost(wanted: readonly Sound[], sounds: readonly Sound[], at: number): number {
  const most = TOLERANCE * wanted.length;
  let sum = 0;
  for (let i = 0; i < wanted.length && sum <= most; i += 1) sum += syllableCost(wanted[i] as Sound, sounds[at + i] as Sound);
  return sum / wanted.length;
}
function syllableCost(a: Sound, b: Sound): number {
  if (a.plain === b.plain) return 0;
  if (a.blurred === b.blurred) return 0.2;
  return Math.min(a.plain.length, b.plain.length) > 2 && edits(a.blurred, b.blurred) === 1 ? 0.6 : 1;
}

/** Who mishears seldom mishears how a word begins: "outer" is no router. */
function misheardLatin(heard: Heard, { words }: Said, entity: string, { value, name }: Name): Near[] {
  if (name.length < 5) return [];
  const size = name.split(' ').length;
  const slack = name.length * TOLERANCE;
  const near: Near[] = [];
  for (let i = 0; i + size <= words.length; i += 1) {
    const [first, last] = [words[i], words[i + size - 1]];
    if (!first || !last || first[0].charAt(0) !== name.charAt(0)) continue;
    const [start, end] = [first.index, last.index + last[0].length];
    if (Math.abs(end - start - name.length) > slack) continue;
    const cost = edits(heard.folded.slice(start, end), name) / name.length;
    if (cost <= TOLERANCE) near.push({ found: found(heard, entity, value, start, end), cost });
  }
  return near;
}

/** Letters to insert, leave out or change (Levenshtein). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
