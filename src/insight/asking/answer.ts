import { figure, type FigureName, type Group, type ReportName, type Sums } from '../figures.js';
import { SUMS, type Measure } from '../measures.js';
import type { Asked } from './question.js';
import { columnsOf, isThere } from './sql.js';

export type Figures = Readonly<Partial<Record<FigureName, number | null>>>;
export interface ReportRow {
  readonly keys: Readonly<Partial<Record<Group, string>>>;
  readonly figures: Figures;
}
export interface ReportAnswer {
  readonly report: ReportName;
  readonly since: number;
  readonly until: number;
  readonly zone: string;
  readonly by: readonly Group[];
  readonly rows: readonly ReportRow[];
  /** Of all rows together. */
  readonly total: Figures;
  /** How unevenly it is spread: standard deviation of `handled` over the rows, as a share of their mean; null where there are no agents. */
  readonly spread: number | null;
}
export type Row = Readonly<Record<string, string | number>>;

const NOTHING = Object.fromEntries([...SUMS, 'longest_ms'].map((name) => [name, 0])) as Record<Measure | 'longest_ms', number>;

/** What the rows of `reportSql` say. */
export function answerOf(asked: Asked, rows: readonly Row[]): ReportAnswer {
  const columns = columnsOf(asked);
  const sums = rows.map((row): Sums => ({ ...NOTHING, ...Object.fromEntries(columns.map((name) => [name, Number(row[name] ?? 0)])) }));
  const total = { ...NOTHING };
  for (const row of sums) for (const name of columns) total[name] = name === 'longest_ms' ? Math.max(total[name], row[name]) : total[name] + row[name];
  const figuresOf = (of: Sums): Figures => Object.fromEntries(asked.figures.map((name) => [name, isThere(name, asked) ? rounded(figure(name).of(of, total)) : null]));
  const made = rows.map((row, i) => ({ keys: keysOf(asked, row), figures: figuresOf(sums[i] ?? NOTHING) })).filter((_, i) => columns.some((name) => sums[i]?.[name] !== 0));
  return {
    report: asked.name, since: asked.since, until: asked.until, zone: asked.zone, by: asked.by, rows: made.sort(byKeys(asked.by)), total: figuresOf(asked.by.includes('tag') ? NOTHING : total),
    spread: asked.by.includes('agent') ? spreadOf(sums.map((row) => row.handled)) : null,
  };
}
const keysOf = (asked: Asked, row: Row): ReportRow['keys'] => Object.fromEntries(asked.by.map((group) => [group, String((group === asked.time ? row['name'] : row[group]) ?? '')]));
const byKeys = (by: readonly Group[]) => (a: ReportRow, b: ReportRow): number => {
  for (const group of by) {
    const [x, y] = [a.keys[group] ?? '', b.keys[group] ?? ''];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
};

/** A millionth is enough. */
const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 1e6) / 1e6);

function spreadOf(handled: readonly number[]): number | null {
  const mean = handled.reduce((sum, n) => sum + n, 0) / handled.length;
  if (handled.length === 0 || mean === 0) return null;
  return rounded(Math.sqrt(handled.reduce((sum, n) => sum + (n - mean) ** 2, 0) / handled.length) / mean);
}
