import { FONTS, shorten, widthOf, xml } from '../../base/index.js';
import { localClock } from '../../config/index.js';
import type { ReportAnswer, ReportRow } from '../asking/answer.js';
import { spansOf } from '../asking/spans.js';
import { ReportRefused } from '../errors.js';
import { figure, REPORTS, TIME_GROUPS, type FigureName, type Group, type TimeGroup } from '../figures.js';
import { niceSteps, shownValue } from './axis.js';
import { FIGURE_NAMES, GROUP_NAMES } from './names.js';

export interface ChartOptions {
  /** One panel each, at most six; none: the first of the report. */
  readonly figures: readonly string[];
  readonly language: 'en' | 'zh-CN';
}
export const MOST_PANELS = 6;
const MOST_LINES = 8;
const MOST_BARS = 40;
const MOST_COLUMNS = 100;

/** In pixels. */
const WIDTH = 960;
const LEFT = 72;
const RIGHT = WIDTH - 20;
const PLOT = 180;
const PANEL = PLOT + 76;
const BAR = 24;
/** Apart for every kind of eye (M. Okabe and K. Ito, 2008), and on white and in print. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#000000', '#7a5195'];
const STYLE = `text { font: 12px ${FONTS}; fill: #334e68; } .title { font-size: 18px; font-weight: 600; fill: #1f2933; } .figure { font-size: 14px; font-weight: 600; fill: #1f2933; } .grid { stroke: #d9e2ec; } .axis { stroke: #829ab1; } .line { fill: none; stroke-width: 2; stroke-linejoin: round; }`;
const WORDS = {
  en: { until: 'to', by: 'by', none: 'nothing in this time', more: (n: number) => `${n} more are not shown` },
  'zh-CN': { until: '至', by: '按', none: '该时段没有数据', more: (n: number) => `另有 ${n} 项未显示` },
} as const;

type Series = { readonly name: string; readonly colour: string; readonly at: ReadonlyMap<string, ReportRow> };

/**
 * A report as a picture (SVG 1.1) that needs nothing but itself. Grouped by a time it has columns or lines over that time, else bars.
 * What a count does not mention was 0; where another figure says nothing, its line has a gap.
 * @throws ReportRefused for figures that the report does not have, or too many
 */
export function chartOf(answer: ReportAnswer, { figures, language }: ChartOptions): string {
  const known = REPORTS[answer.report].figures as readonly FigureName[];
  const asked = figures.length === 0 ? known.slice(0, 1) : [...new Set(figures)];
  const strange = asked.filter((name) => !(known as readonly string[]).includes(name));
  if (strange.length > 0) throw new ReportRefused(`the report "${answer.report}" has no ${strange.join(', ')}`, { hint: `it has ${known.join(', ')}` });
  if (asked.length > MOST_PANELS) throw new ReportRefused(`a picture has room for ${MOST_PANELS} figures`, { hint: 'ask for fewer, or for two pictures' });
  const shown = asked as readonly FigureName[];
  const time = answer.by.find((group): group is TimeGroup => (TIME_GROUPS as readonly string[]).includes(group));
  const body = time === undefined ? barsOf(answer, shown, language) : overTime(answer, shown, time, language);
  const { until, by } = WORDS[language];
  const title = REPORTS[answer.report].names[language];
  const clock = (at: number): string => localClock(at, answer.zone).slice(0, 16).replace('T', ' ');
  const groups = answer.by.length === 0 ? '' : ` · ${by} ${answer.by.map((group) => GROUP_NAMES[group][language]).join(', ')}`;
  const size = `width="${WIDTH}" height="${body.height + 64}" viewBox="0 0 ${WIDTH} ${body.height + 64}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" lang="${language}" aria-label="${xml(`${title}: ${shown.map((name) => FIGURE_NAMES[name][language]).join(', ')}`)}">`,
    `<style>${STYLE}</style>`, '<rect width="100%" height="100%" fill="#ffffff"/>',
    words(20, 30, title, 'title'), words(20, 50, `${clock(answer.since)} ${until} ${clock(answer.until)} ${answer.zone}${groups}`),
    ...body.parts, '</svg>', '',
  ].join('\n');
}

type Body = { readonly height: number; readonly parts: readonly string[] };

function overTime(answer: ReportAnswer, figures: readonly FigureName[], time: TimeGroup, language: 'en' | 'zh-CN'): Body {
  const moments = [...new Set(spansOf(answer.since, answer.until, time, answer.zone).map((span) => span.name))];
  if (time === 'hour_of_day' || time === 'weekday') moments.sort();
  const { series, left } = seriesOf(answer, time, figures);
  const parts = figures.flatMap((name, i) => panel({ name, top: 72 + i * PANEL, moments, series, time, language }));
  const legend = series.length > 1 ? legendOf(series, 72 + figures.length * PANEL) : { parts: [], height: 0 };
  const bottom = 72 + figures.length * PANEL + legend.height;
  return { height: bottom - 40 + (left > 0 ? 20 : 0), parts: [...parts, ...legend.parts, ...(left > 0 ? [words(LEFT, bottom + 8, WORDS[language].more(left))] : [])] };
}

/** Those with most of the first figure, under their names. */
function seriesOf(answer: ReportAnswer, time: TimeGroup, [first]: readonly FigureName[]): { readonly series: readonly Series[]; readonly left: number } {
  const others = answer.by.filter((group) => group !== time);
  const all = new Map<string, Map<string, ReportRow>>();
  for (const row of answer.rows) {
    const name = labelOf(row, others);
    const one = all.get(name) ?? new Map<string, ReportRow>();
    one.set(row.keys[time] ?? '', row);
    all.set(name, one);
  }
  if (others.length === 0 && all.size === 0) all.set('', new Map());
  const weight = (rows: ReadonlyMap<string, ReportRow>): number => [...rows.values()].reduce((sum, row) => sum + ((first && row.figures[first]) ?? 0), 0);
  const kept = [...all].sort(([a, x], [b, y]) => weight(y) - weight(x) || (a < b ? -1 : 1)).slice(0, MOST_LINES);
  return { series: kept.map(([name, at], i) => ({ name, at, colour: COLOURS[i] ?? '#000000' })), left: all.size - kept.length };
}
const labelOf = ({ keys }: ReportRow, groups: readonly Group[]): string => groups.map((group) => keys[group] || '–').join(' · ');
const valueOf = (row: ReportRow | undefined, name: FigureName): number | null => row?.figures[name] ?? (figure(name).unit === 'count' ? 0 : null);

interface Panel {
  readonly name: FigureName;
  readonly top: number;
  readonly moments: readonly string[];
  readonly series: readonly Series[];
  readonly time: TimeGroup;
  readonly language: 'en' | 'zh-CN';
}
function panel({ name, top, moments, series, time, language }: Panel): string[] {
  const { unit } = figure(name);
  const values = series.map(({ at }) => moments.map((moment) => valueOf(at.get(moment), name)));
  const steps = niceSteps(Math.max(0, ...values.flat().map((v) => v ?? 0)), unit);
  const highest = steps.at(-1) ?? 1;
  const zero = top + 20 + PLOT;
  const step = (RIGHT - LEFT) / Math.max(1, moments.length);
  const x = (i: number): number => LEFT + (i + 0.5) * step;
  const y = (value: number): number => zero - (value / highest) * PLOT;
  const every = Math.ceil(moments.length / Math.floor((RIGHT - LEFT) / Math.max(48, 12 * Math.max(0, ...moments.map((one) => widthOf(shortMoment(one, time)))) + 16)));
  const nothing = values.flat().every((v) => v === null);
  return [
    words(20, top + 4, FIGURE_NAMES[name][language], 'figure'),
    ...steps.map((value) => `<path class="${value === 0 ? 'axis' : 'grid'}" d="M${LEFT} ${n(y(value))}H${RIGHT}"/>${words(LEFT - 8, y(value) + 4, shownValue(value, unit), '', 'end')}`),
    ...moments.map((moment, i) => (i % every === 0 ? words(x(i), zero + 18, shortMoment(moment, time), '', 'middle') : '')),
    ...(nothing ? [words((LEFT + RIGHT) / 2, zero - PLOT / 2, WORDS[language].none, '', 'middle')] : []),
    ...series.flatMap((one, s) => {
      const own = values[s] ?? [];
      const told = (i: number): string => `<title>${xml([one.name, moments[i] ?? '', shownValue(own[i] ?? 0, unit)].filter((part) => part !== '').join(' · '))}</title>`;
      if (series.length === 1 && unit === 'count' && moments.length <= MOST_COLUMNS)
        return own.map((v, i) => (v === null || v === 0 ? '' : `<rect x="${n(x(i) - step * 0.4)}" y="${n(y(v))}" width="${n(step * 0.8)}" height="${n(zero - y(v))}" fill="${one.colour}">${told(i)}</rect>`));
      const alone = (i: number): boolean => (own[i - 1] ?? null) === null && (own[i + 1] ?? null) === null;
      const dots = own.map((v, i) => (v !== null && (moments.length <= 62 || alone(i)) ? `<circle cx="${n(x(i))}" cy="${n(y(v))}" r="3" fill="${one.colour}">${told(i)}</circle>` : ''));
      return [`<path class="line" stroke="${one.colour}" d="${pathOf(own, x, y)}"/>`, ...dots];
    }),
  ].filter((part) => part !== '');
}
/** Broken where nothing is known. */
function pathOf(values: readonly (number | null)[], x: (i: number) => number, y: (value: number) => number): string {
  return values.map((v, i) => (v === null ? '' : `${(values[i - 1] ?? null) === null ? 'M' : 'L'}${n(x(i))} ${n(y(v))}`)).join('') || 'M0 0';
}
const shortMoment = (moment: string, time: TimeGroup): string => (time === 'hour' ? moment.slice(5, 16).replace('T', ' ') : time === 'day' || time === 'week' ? moment.slice(5) : moment);

function legendOf(series: readonly Series[], top: number): Body {
  let [x, line] = [LEFT, 0];
  const parts = series.map(({ name, colour }) => {
    const label = shorten(name, 30);
    const width = 12 * widthOf(label) + 44;
    if (x + width > RIGHT && x > LEFT) [x, line] = [LEFT, line + 1];
    const part = `<rect x="${n(x)}" y="${n(top - 26 + line * 20)}" width="14" height="4" fill="${colour}"/>${words(x + 20, top - 20 + line * 20, label)}`;
    x += width;
    return part;
  });
  return { parts, height: (line + 1) * 20 };
}

/** Longest first by the first figure; each figure has a column of bars of its own. */
function barsOf(answer: ReportAnswer, figures: readonly FigureName[], language: 'en' | 'zh-CN'): Body {
  const [first] = figures;
  const rows = [...answer.rows].sort((a, b) => ((first && b.figures[first]) ?? -1) - ((first && a.figures[first]) ?? -1)).slice(0, MOST_BARS);
  const labels = rows.map((row) => shorten(labelOf(row, answer.by), 16));
  const left = 24 + 12 * Math.max(4, ...labels.map(widthOf));
  const column = (RIGHT - left) / figures.length;
  const parts = figures.flatMap((name, f) => {
    const { unit } = figure(name);
    const most = Math.max(...rows.map((row) => row.figures[name] ?? 0), 0);
    const start = left + f * column;
    return [
      words(start, 84, shorten(FIGURE_NAMES[name][language], column / 14), 'figure'),
      ...rows.map((row, i) => {
        const value = row.figures[name] ?? null;
        const text = value === null ? '–' : shownValue(value, unit);
        const width = most > 0 && value !== null ? (value / most) * (column - 76) : 0;
        return `<rect x="${n(start)}" y="${n(98 + i * BAR)}" width="${n(width)}" height="${BAR - 8}" fill="${COLOURS[f] ?? '#000000'}"/>${words(start + width + 6, 98 + i * BAR + 13, text)}`;
      }),
    ];
  });
  const below = 98 + rows.length * BAR;
  const more = answer.rows.length - rows.length;
  const note = rows.length === 0 ? WORDS[language].none : more > 0 ? WORDS[language].more(more) : undefined;
  return {
    height: below - 40 + (note === undefined ? 0 : 24),
    parts: [...labels.map((label, i) => words(left - 10, 98 + i * BAR + 13, label, '', 'end')), ...parts, ...(note === undefined ? [] : [words(20, below + 16, note)])],
  };
}

const n = (value: number): string => String(Math.round(value * 10) / 10);
const words = (x: number, y: number, text: string, kind = '', anchor = 'start'): string => `<text x="${n(x)}" y="${n(y)}"${kind === '' ? '' : ` class="${kind}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${xml(text)}</text>`;
