import { nearest } from '../../../config/index.js';
import { type Attribute, type Element, SpokenWrong } from './xml.js';

export const SAY_AS = ['digits', 'telephone', 'cardinal', 'ordinal', 'date', 'time', 'currency', 'characters'] as const;
export type SayAs = (typeof SAY_AS)[number];

const RATES: Readonly<Record<string, number>> = { slow: 75, medium: 100, fast: 130 };
/** dB against the level of all prompts. */
const VOLUMES: Readonly<Record<string, number>> = { soft: -6, medium: 0, loud: 4 };
const EMPHASIS: Readonly<Record<string, { readonly rate: number; readonly gainDb: number }>> = {
  reduced: { rate: 110, gainDb: -3 }, none: { rate: 100, gainDb: 0 }, moderate: { rate: 90, gainDb: 2 }, strong: { rate: 80, gainDb: 4 },
};
const LANGUAGE: Readonly<Record<string, 'zh-CN' | 'en'>> = { 'zh-cn': 'zh-CN', zh: 'zh-CN', 'cmn-hans-cn': 'zh-CN', en: 'en', 'en-us': 'en', 'en-gb': 'en' };
const LONGEST_BREAK = 10_000;

/** What every element may carry; `!` in front: must. */
const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  speak: ['version', 'xml:lang', 'xmlns'], p: [], s: [], break: ['!time'], 'say-as': ['!interpret-as'], emphasis: ['level'], prosody: ['rate', 'volume'], lang: ['!xml:lang'], sub: ['!alias'],
};
const meant = (name: string): string => {
  const near = nearest(name, Object.keys(ELEMENTS));
  return near === undefined ? `there are ${Object.keys(ELEMENTS).map((n) => `<${n}>`).join(', ')}` : `did you mean <${near}>?`;
};
const known = (names: readonly string[]): string => names.map((n) => n.replace('!', '')).join(', ');

type Read<T> = (attribute: Attribute) => T | undefined;
const value = <T>(element: Element, name: string, read: Read<T>, hint: string): T | undefined => {
  const attribute = element.attributes.get(name);
  if (!attribute) return undefined;
  const found = read(attribute);
  if (found === undefined) throw new SpokenWrong(attribute.at, `${name}="${attribute.value}" of <${element.name}> is not understood`, hint);
  return found;
};
const fromTable = <T>(table: Readonly<Record<string, T>>): Read<T> => ({ value: v }) => (Object.hasOwn(table, v) ? table[v] : undefined);

/** Values of attributes; each throws SpokenWrong when what is written there cannot be meant. */
export const breakMs = (element: Element): number =>
  value(element, 'time', ({ value: v }) => {
    const [, n, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(v) ?? [];
    const ms = n === undefined ? Number.NaN : Number(n) * (unit === 's' ? 1_000 : 1);
    return ms <= LONGEST_BREAK ? Math.round(ms) : undefined;
  }, `a time as 300ms or 1.5s, at most ${LONGEST_BREAK / 1_000}s`) ?? 0;
export const sayAs = (element: Element): SayAs => value(element, 'interpret-as', ({ value: v }) => SAY_AS.find((kind) => kind === v), `one of ${known(SAY_AS)}`) ?? 'characters';
export const emphasis = (element: Element): { readonly rate: number; readonly gainDb: number } =>
  value(element, 'level', fromTable(EMPHASIS), `one of ${known(Object.keys(EMPHASIS))}`) ?? { rate: 90, gainDb: 2 };
export const rate = (element: Element): number =>
  value(element, 'rate', (a) => fromTable(RATES)(a) ?? inRange(/^(\d{2,3})%$/.exec(a.value)?.[1], 50, 200), `${known(Object.keys(RATES))}, or per cent from 50% to 200%`) ?? 100;
export const volume = (element: Element): number =>
  value(element, 'volume', (a) => fromTable(VOLUMES)(a) ?? inRange(/^([+-]\d{1,2}(?:\.\d+)?)dB$/.exec(a.value)?.[1], -20, 6), `${known(Object.keys(VOLUMES))}, or decibels from -20dB to +6dB`) ?? 0;
export const language = (element: Element): 'zh-CN' | 'en' | undefined => value(element, 'xml:lang', ({ value: v }) => LANGUAGE[v.toLowerCase()], 'zh-CN or en');
export const alias = (element: Element): string => element.attributes.get('alias')?.value ?? '';

const inRange = (text: string | undefined, low: number, high: number): number | undefined => (text !== undefined && Number(text) >= low && Number(text) <= high ? Number(text) : undefined);

/** Everything that a tree must be. @throws SpokenWrong at the first place where it is not */
export function checkElement(element: Element, isRoot = true): void {
  const { name, at, attributes, children } = element;
  const may = Object.hasOwn(ELEMENTS, name) ? ELEMENTS[name] : undefined;
  if (!may) throw new SpokenWrong(at, `there is no <${name}>`, meant(name));
  if (isRoot !== (name === 'speak')) throw new SpokenWrong(at, isRoot ? 'the text begins with <speak>' : '<speak> stands only around the whole text');
  for (const [attribute, { at: where }] of attributes) {
    if (!may.some((m) => m.replace('!', '') === attribute)) throw new SpokenWrong(where, `<${name}> has no "${attribute}"`, may.length === 0 ? 'it has none at all' : `it has ${known(may)}`);
  }
  const missing = may.find((m) => m.startsWith('!') && !attributes.has(m.slice(1)));
  if (missing !== undefined) throw new SpokenWrong(at, `<${name}> needs "${missing.slice(1)}"`);
  readAll(element);
  const inside = children.find((child) => typeof child !== 'string');
  if ((name === 'say-as' || name === 'sub') && typeof inside === 'object') throw new SpokenWrong(inside.at, `inside <${name}> only text may stand`);
  if (name === 'break' && children.length > 0) throw new SpokenWrong(at, '<break> has nothing inside', 'write <break time="300ms"/>');
  for (const child of children) if (typeof child !== 'string') checkElement(child, false);
}

function readAll(element: Element): void {
  switch (element.name) {
    case 'break': breakMs(element); break;
    case 'say-as': sayAs(element); break;
    case 'emphasis': emphasis(element); break;
    case 'prosody': rate(element); volume(element); break;
    case 'speak': case 'lang': language(element); break;
    default:
  }
}
