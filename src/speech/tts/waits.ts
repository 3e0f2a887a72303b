import type { Ms } from '../../base/index.js';
import { LANGUAGES, type Language, type Spoken } from './ports.js';

const MINUTE: Ms = 60_000;
/** Minutes that are ever said, so that the sentences are few enough to be rendered before somebody waits. */
const STEPS = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
const ENGLISH = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const CHINESE = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十'];
/** Both as words, or both as figures. */
const written = (words: readonly string[], low: number, high: number): readonly [string, string] => (high < words.length ? [words[low] ?? '', words[high] ?? ''] : [String(low), String(high)]);

const SAID: Readonly<Record<Language, (low: number, high: number) => string>> = {
  en(low, high) {
    if (low >= 60) return 'The expected wait is more than an hour.';
    const [from, to] = written(ENGLISH, low, high);
    if (low > 0) return `The expected wait is between ${from} and ${to} minutes.`;
    return high === 1 ? 'The expected wait is less than a minute.' : `The expected wait is up to ${to} minutes.`;
  },
  'zh-CN'(low, high) {
    if (low >= 60) return '预计等待时间超过一小时。';
    const [from, to] = written(CHINESE, low, high);
    if (low > 0) return `预计等待时间大约${from}到${to}分钟。`;
    return high === 1 ? '预计等待时间不到一分钟。' : `预计等待时间不超过${to}分钟。`;
  },
};

/** The band in minutes as it is said: never narrower than it is. */
function rounded(lowMs: Ms, highMs: Ms): readonly [low: number, high: number] {
  const low = STEPS.findLast((step) => step * MINUTE <= lowMs) ?? 0;
  const high = STEPS.find((step) => step * MINUTE >= highMs && step > low) ?? 60;
  return [low, high];
}

/** How long somebody is expected to wait; in all languages until one is chosen. */
export function waitPrompts(lowMs: Ms, highMs: Ms, language?: Language): Spoken[] {
  const [low, high] = rounded(lowMs, highMs);
  return (language === undefined ? LANGUAGES : [language]).map((lang) => ({ lang, text: SAID[lang](low, high) }));
}

/** Bands that are likely: their width grows with their lower end. */
export const WAITS: readonly (readonly [lowMs: Ms, highMs: Ms])[] = STEPS.flatMap((low, i) => STEPS.slice(i + 1, i + 3).map((high) => [low * MINUTE, high * MINUTE] as const));
