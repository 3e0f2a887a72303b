import type { Figures, GroupFigures, Outcome, Replayed, SimpleFigures, Simulated, WaitsTold } from '../acd/index.js';
import type { Lang } from './io.js';

const WORDS = {
  en: {
    contacts: 'contacts', answered: 'answered', abandoned: 'abandoned', diverted: 'sent elsewhere', level: 'service level of answered', offered: 'service level of offered', asa: 'mean wait of answered (s)',
    p50: 'median wait (s)', p90: 'wait p90 (s)', longest: 'longest wait (s)', abandonedShare: 'abandoned share', occupancy: 'occupancy', waiting: 'share that waits', serviceLevel: 'service level',
    simulated: 'simulated', theory: 'in theory', error: 'standard error', total: 'all', figure: 'figure', queue: 'queue', kind: 'kind', priority: 'priority', agents: 'agents', group: 'agents alike', mean: 'contacts each', least: 'least', most: 'most',
    gini: 'unevenness: contacts', busyGini: 'busy time', expected: 'Expected wait', asked: 'asked', told: 'told', coverage: 'within the band', width: 'median width (s)', relative: 'by the widest allowed', was: 'as it was', same: 'same settings', other: 'other settings',
    noSteady: 'More work than the agents can do, and nobody gives up: the line grows without end, and the figures with the time simulated.', seed: 'seed', hours: 'simulated hours',
  },
  'zh-CN': {
    contacts: '联络数', answered: '已接', abandoned: '放弃', diverted: '转往别处', level: '服务水平（占已接）', offered: '服务水平（占进线）', asa: '平均应答时间（秒）',
    p50: '等待中位数（秒）', p90: '等待 p90（秒）', longest: '最长等待（秒）', abandonedShare: '放弃率', occupancy: '占用率', waiting: '需等待的比例', serviceLevel: '服务水平',
    simulated: '仿真', theory: '理论值', error: '标准误差', total: '全部', figure: '指标', queue: '队列', kind: '类别', priority: '优先级', agents: '座席数', group: '同类座席', mean: '人均联络', least: '最少', most: '最多',
    gini: '不均度：联络', busyGini: '忙碌时间', expected: '预计等待', asked: '已播报', told: '给出区间', coverage: '落在区间内', width: '区间中位宽度（秒）', relative: '与允许宽度之比', was: '实际情况', same: '原设置', other: '新设置',
    noSteady: '工作量超过座席能力且无人放弃：队列无限增长，数字随仿真时长而变。', seed: '种子', hours: '仿真小时数',
  },
} as const satisfies Record<Lang, Record<string, string>>;
type Words = (typeof WORDS)[Lang];

const shown = (n: number | null): string => (n === null ? '–' : Number.isInteger(n) ? String(n) : n.toFixed(Math.abs(n) >= 100 ? 1 : 4));

/** Chinese characters take two columns of a terminal. */
const width = (text: string): number => text.length + (text.match(/[\u2e80-\uffee]/g)?.length ?? 0);

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => width(row[i] ?? ''))));
  const pad = (text: string, i: number): string => (i === 0 ? text + ' '.repeat((widths[i] ?? 0) - width(text)) : ' '.repeat((widths[i] ?? 0) - width(text)) + text);
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd());
}

export function scenarioLines(done: Simulated, lang: Lang): string[] {
  const w = WORDS[lang];
  if (done.form === 'rich') return [...outcomeLines(done.outcome, w), '', `${w.seed} ${done.seed}`];
  const { outcome: o } = done;
  const line = (word: string, of: (f: SimpleFigures) => number | null): string[] => [word, shown(of(o)), o.analytical ? shown(of(o.analytical)) : '–', shown(of(o.standard_error))];
  return [
    ...table([
      [w.figure, w.simulated, o.analytical?.model ?? w.theory, w.error],
      line(w.serviceLevel, (f) => f.service_level), line(w.asa, (f) => f.asa_s), line(w.abandonedShare, (f) => f.abandoned_share), line(w.occupancy, (f) => f.occupancy),
      line(w.waiting, (f) => f.waiting_share),
    ]),
    ...(o.analytical ? [] : [w.noSteady]),
    `${w.contacts} ${o.contacts}, ${w.hours} ${o.simulated_hours}, ${w.seed} ${o.seed}`,
  ];
}

const FIGURES: readonly (readonly [word: keyof Words, of: (f: Figures) => number | null])[] = [
  ['contacts', (f) => f.contacts], ['answered', (f) => f.answered], ['abandoned', (f) => f.abandoned], ['diverted', (f) => f.diverted],
  ['level', (f) => f.service_level.by_answered], ['offered', (f) => f.service_level.by_offered], ['asa', (f) => f.asa_s], ['abandonedShare', (f) => f.abandoned_share],
  ['p50', (f) => f.wait_p50_s], ['p90', (f) => f.wait_p90_s], ['longest', (f) => f.longest_wait_s],
];

function outcomeLines(o: Outcome, w: Words): string[] {
  const section = (word: string, columns: readonly (readonly [name: string, f: Figures])[]): string[] =>
    columns.length < 2 ? [] : ['', ...table([[word, ...columns.map(([name]) => name)], ...FIGURES.map(([what, of]) => [w[what], ...columns.map(([, f]) => shown(of(f)))])])];
  return [
    ...table([[w.figure, w.total], ...FIGURES.map(([what, of]) => [w[what], shown(of(o.total))]), [w.occupancy, shown(o.occupancy)]]),
    ...section(w.queue, o.queues.map((q) => [q.queue, q])), ...section(w.kind, o.kinds.map((k) => [k.kind, k])), ...section(w.priority, o.priorities.map((p) => [String(p.priority), p])),
    '', ...fairness(o.groups, w), '', ...waits([[w.total, o.expected_wait], ...(o.queues.length < 2 ? [] : o.queues.map((q) => [q.queue, q.expected_wait] as const))], w),
  ];
}

const fairness = (groups: readonly GroupFigures[], w: Words): string[] => table([
  [w.group, w.agents, w.occupancy, w.mean, w.least, w.most, w.gini, w.busyGini],
  ...groups.map((g) => [g.group, shown(g.agents), shown(g.occupancy), shown(g.contacts_mean), shown(g.contacts_least), shown(g.contacts_most), shown(g.contacts_gini), shown(g.busy_gini)]),
]);

const waits = (columns: readonly (readonly [name: string, told: WaitsTold])[], w: Words): string[] => table([
  [w.expected, ...columns.map(([name]) => name)],
  [w.asked, ...columns.map(([, t]) => shown(t.asked))], [w.told, ...columns.map(([, t]) => shown(t.share_told))], [w.coverage, ...columns.map(([, t]) => shown(t.coverage))],
  [w.width, ...columns.map(([, t]) => shown(t.median_width_s))], [w.relative, ...columns.map(([, t]) => shown(t.median_relative_width))],
]);

export function replayLines({ was, same, other }: Replayed, lang: Lang): string[] {
  const w = WORDS[lang];
  const columns: (readonly [string, Figures, number | null])[] = [[w.was, was, null], [w.same, same.total, same.occupancy], ...(other ? [[w.other, other.total, other.occupancy] as const] : [])];
  return table([
    [w.figure, ...columns.map(([name]) => name)], ...FIGURES.map(([what, of]) => [w[what], ...columns.map(([, f]) => shown(of(f)))]),
    [w.occupancy, ...columns.map(([, , occupancy]) => shown(occupancy))],
  ]);
}
