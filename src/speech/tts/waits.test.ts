import { describe, expect, it } from 'vitest';
import { phrase, queuePrompts } from './phrases.js';
import { waitPrompts, WAITS } from './waits.js';

const M = 60_000;
const said = (lowMs: number, highMs: number): string[] => waitPrompts(lowMs, highMs).map(({ text }) => text);

describe('an expected wait', () => {
  it.each<[lowMs: number, highMs: number, zh: string, en: string]>([
    [0, 40_000, '预计等待时间不到一分钟。', 'The expected wait is less than a minute.'],
    [20_000, 1.5 * M, '预计等待时间不超过两分钟。', 'The expected wait is up to two minutes.'],
    [2 * M, 4 * M, '预计等待时间大约两到四分钟。', 'The expected wait is between two and four minutes.'],
    [2.9 * M, 3.1 * M, '预计等待时间大约两到四分钟。', 'The expected wait is between two and four minutes.'],
    [7 * M, 9 * M, '预计等待时间大约六到十分钟。', 'The expected wait is between six and ten minutes.'],
    [12 * M, 17 * M, '预计等待时间大约10到20分钟。', 'The expected wait is between 10 and 20 minutes.'],
    [50 * M, 90 * M, '预计等待时间大约45到60分钟。', 'The expected wait is between 45 and 60 minutes.'],
    [61 * M, 90 * M, '预计等待时间超过一小时。', 'The expected wait is more than an hour.'],
  ])('of %d to %d ms', (lowMs, highMs, zh, en) => expect(said(lowMs, highMs)).toEqual([zh, en]));

  it('is said in the language that was chosen', () => expect(waitPrompts(M, 2 * M, 'en').map(({ lang }) => lang)).toEqual(['en']));

  it('never says two equal ends', () => {
    for (const [lowMs, highMs] of [[M, M], [5 * M, 5 * M], [0, 0]] as const) expect(said(lowMs, highMs)[1]).not.toMatch(/between (\w+) and \1/);
  });
});

it('what may be said is rendered beforehand, each sentence once', () => {
  const all = queuePrompts(3);
  const texts = new Set(all.map(({ lang, text }) => `${lang} ${text}`));
  expect(WAITS.every(([lowMs, highMs]) => waitPrompts(lowMs, highMs).every(({ lang, text }) => texts.has(`${lang} ${text}`)))).toBe(true);
  expect(texts.has('en You are available.')).toBe(true);
  expect(texts.size).toBe(all.length);
  expect(phrase('place_kept', 'zh-CN')).toHaveLength(1);
});
