import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportAnswer, ReportRow } from '../asking/answer.js';
import { ReportRefused } from '../errors.js';
import { FIGURES, REPORTS, type Group } from '../figures.js';
import { niceSteps, shownValue } from './axis.js';
import { chartOf } from './chart.js';
import { FIGURE_NAMES } from './names.js';

const SINCE = Date.UTC(2026, 10, 1, -8);
const answer = (by: readonly Group[], rows: readonly ReportRow[], days = 7, report: ReportAnswer['report'] = 'queues'): ReportAnswer => ({ report, since: SINCE, until: SINCE + days * 86_400_000, zone: 'Asia/Shanghai', by, rows, total: {}, spread: null });
const day = (date: string, figures: ReportRow['figures'], keys: ReportRow['keys'] = {}): ReportRow => ({ keys: { day: date, ...keys }, figures });
const rects = (svg: string) => [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="(#[0-9a-f]+)">/g)].map(([, x, y, width, height]) => ({ x: Number(x), y: Number(y), width: Number(width), height: Number(height) }));
const text = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, said]) => said ?? '');

describe('a report as a picture', () => {
  it('has a column for every day on which there was something, as high as its figure', () => {
    const svg = chartOf(answer(['day'], [day('2026-11-01', { offered: 40 }), day('2026-11-03', { offered: 10 })]), { figures: ['offered'], language: 'en' });
    const [first, second, ...rest] = rects(svg);
    expect(rest).toEqual([]);
    expect(first!.height / second!.height).toBeCloseTo(4, 1);
    expect(first!.y + first!.height).toBeCloseTo(second!.y + second!.height, 1);
    expect((second!.x - first!.x) / first!.width).toBeCloseTo(2 / 0.8, 1); // the third day, not the second
    expect(text(svg)).toEqual(expect.arrayContaining(['Queues', '2026-11-01 00:00 to 2026-11-08 00:00 Asia/Shanghai · by day', 'Offered', '11-01', '11-07']));
  });

  it('leaves a gap where a share says nothing, and draws a day between two gaps as a dot', () => {
    const svg = chartOf(answer(['day'], [day('2026-11-01', { service_level: 0.5 }), day('2026-11-02', { service_level: 1 }), day('2026-11-04', { service_level: null }), day('2026-11-05', { service_level: 0.8 })]), { figures: ['service_level'], language: 'zh-CN' });
    const [, path] = /class="line"[^>]* d="([^"]+)"/.exec(svg) ?? [];
    expect(path?.match(/M/g)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(text(svg)).toEqual(expect.arrayContaining(['队列', '服务水平', '100 %', '2026-11-01 00:00 至 2026-11-08 00:00 Asia/Shanghai · 按 日']));
  });

  it('has a line for each queue with most first, says how many it leaves out, and one panel a figure', () => {
    const rows = Array.from({ length: 11 }, (_, i) => day('2026-11-02', { offered: i, asa_s: 70 * i }, { queue: `q${i}` }));
    const svg = chartOf(answer(['day', 'queue'], rows), { figures: ['offered', 'asa_s'], language: 'en' });
    expect(svg.match(/class="line"/g)).toHaveLength(16);
    expect(text(svg).filter((said) => /^q\d/.test(said))).toEqual(['q10', 'q9', 'q8', 'q7', 'q6', 'q5', 'q4', 'q3']);
    expect(text(svg)).toContain('3 more are not shown');
    expect(text(svg)).toContain('Average speed of answer');
  });

  it('has bars where there is no time, longest first, with their figures beside them', () => {
    const svg = chartOf(answer(['queue'], [{ keys: { queue: 'a' }, figures: { offered: 1_000, asa_s: 3_725 } }, { keys: { queue: 'b' }, figures: { offered: 2_000, asa_s: null } }]), { figures: ['offered', 'asa_s'], language: 'en' });
    expect(text(svg).slice(2)).toEqual(['b', 'a', 'Offered', '2,000', '1,000', 'Average speed of answer', '–', '1:02:05']);
  });

  it('says so when there is nothing', () => {
    expect(text(chartOf(answer(['queue'], []), { figures: [], language: 'zh-CN' }))).toContain('该时段没有数据');
    expect(text(chartOf(answer(['day'], []), { figures: ['asa_s'], language: 'en' }))).toContain('nothing in this time');
  });

  it('refuses figures that the report does not have, and more than there is room for', () => {
    const refused = (figures: readonly string[]) => () => chartOf(answer(['queue'], []), { figures, language: 'en' });
    expect(refused(['offered', 'tickets_created'])).toThrow(ReportRefused);
    expect(refused(REPORTS.queues.figures.slice(0, 7))).toThrow('room for 6');
  });

  it('is one well-formed element without anything that runs, whatever queues are called', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.double({ min: 0, max: 1e9, noNaN: true })), { maxLength: 60 }), fc.boolean(), (queues, overTime) => {
      const rows = queues.map(([queue, offered]): ReportRow => ({ keys: { queue, ...(overTime ? { day: '2026-11-02' } : {}) }, figures: { offered } }));
      const svg = chartOf(answer(overTime ? ['day', 'queue'] : ['queue'], rows), { figures: ['offered'], language: 'en' });
      const open: string[] = [];
      const rest = svg.replaceAll(/<(\/?)([a-z]+)((?: [a-z-]+="[^"<]*")*)(\/?)>/gi, (_, end: string, name: string, _attributes, closed: string) => {
        if (end !== '') expect(open.pop()).toBe(name);
        else if (closed === '') open.push(name);
        return '';
      });
      expect(open).toEqual([]);
      expect(rest).not.toMatch(/[<>]|NaN|Infinity/);
      expect(svg).not.toMatch(/<script|on[a-z]+="|href/i);
    }), { numRuns: 50 });
  });
});

describe('an axis', () => {
  it('begins at 0, ends at or above what it shows, and has three to eight steps for what is not small', () => {
    fc.assert(fc.property(fc.double({ min: 5, max: 1e7, noNaN: true }), fc.constantFrom('count' as const, 's' as const, 'score' as const, 'share' as const), (most, unit) => {
      const steps = niceSteps(most, unit);
      expect(steps[0]).toBe(0);
      expect(steps.at(-1)!).toBeGreaterThanOrEqual(most * 0.999999);
      expect(steps.length).toBeLessThanOrEqual(8);
      expect(steps.length).toBeGreaterThanOrEqual(3);
      expect(new Set(steps.map((v) => shownValue(v, unit))).size).toBe(steps.length);
    }));
  });
  it.each([[1_234, 'count', '1,234'], [0.912, 'share', '91.2 %'], [8.54, 's', '8.5 s'], [125, 's', '2:05'], [3_599.7, 's', '1:00:00'], [4.25, 'score', '4.25']] as const)('shows %d of %s as %s', (value, unit, shown) => expect(shownValue(value, unit)).toBe(shown));
});

it('every figure has a name in both languages, and no two the same', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    const all = Object.keys(FIGURES).map((name) => FIGURE_NAMES[name as keyof typeof FIGURES][language]);
    expect(new Set(all).size).toBe(all.length);
  }
});
