import { CompiledQuery } from 'kysely';
import { BadCursor, decodeCursor, encodeCursor, type Finder } from '../../store/index.js';
import { ReportRefused } from '../errors.js';
import { figure, FIGURES, type FigureName, type Group, type ReportName, type Sums } from '../figures.js';
import type { Outcome } from '../counting/contact.js';
import { SUMS, type Measure } from '../measures.js';
import { understood, type Asked, type ReportQuestion } from './question.js';
import { columnsOf, contactsSql, isThere, reportSql, type House, type Statement } from './sql.js';

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
export interface CountedContact {
  readonly subject: string;
  readonly at: number;
  readonly channel: string;
  readonly queue: string;
  readonly agent: string;
  readonly number: string;
  readonly region: string;
  readonly product: string;
  readonly tags: string;
  readonly outcome: Outcome;
  readonly wait_ms: number;
  readonly talk_ms: number;
  readonly hold_ms: number;
  readonly wrap_ms: number;
  readonly transfers: number;
  readonly repeats: number;
}
export interface Reports {
  /** @throws NoSuchReport @throws ReportRefused @throws StoreError store.busy */
  ask(question: ReportQuestion): Promise<ReportAnswer>;
  /** The contacts behind a figure, newest first. @throws BadCursor, and what `ask` does */
  contacts(question: ReportQuestion, of: string | undefined, page: { readonly limit: number; readonly cursor: string | undefined }): Promise<{ readonly items: readonly CountedContact[]; readonly nextCursor: string | undefined }>;
  close(): Promise<void>;
}
const MOST_ROWS = 5_000;

type Row = Readonly<Record<string, string | number>>;

export function createReports(finder: Finder, house: () => House): Reports {
  const find = <R>({ text, values }: Statement): Promise<R[]> => finder.find<R>({ compile: () => CompiledQuery.raw(text, [...values]) });
  return {
    async ask(question) {
      const asked = understood(question);
      const rows = await find<Row>(reportSql(asked, house(), MOST_ROWS + 1));
      if (rows.length > MOST_ROWS) throw new ReportRefused(`the report has more than ${MOST_ROWS} rows`, { hint: 'a shorter time, fewer groups, or a filter' });
      return answerOf(asked, rows);
    },
    async contacts(question, of, { limit, cursor }) {
      const asked = understood(question);
      const columns = of === undefined ? [] : drilled(of, asked);
      const found = await find<CountedContact & { readonly id: number }>(contactsSql(asked, columns, cursor === undefined ? undefined : after(cursor), limit + 1));
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items, nextCursor: found.length > limit && last ? encodeCursor({ at: last.at, id: String(last.id) }) : undefined };
    },
    close: () => finder.close(),
  };
}

/** @throws ReportRefused */
function drilled(of: string, asked: Asked): readonly Measure[] {
  const known = (asked.figures as readonly string[]).includes(of) ? FIGURES[of as FigureName] : undefined;
  const columns = known && 'drill' in known ? known.drill : [];
  if (columns.length === 0) throw new ReportRefused(`there are no contacts behind "${of}"`, { hint: `behind ${asked.figures.filter((name) => (figure(name).drill ?? []).length > 0).join(', ')} there are` });
  return columns;
}
function after(cursor: string): { readonly at: number; readonly id: number } {
  const { at, id } = decodeCursor(cursor);
  if (!/^\d{1,15}$/.test(id)) throw new BadCursor();
  return { at, id: Number(id) };
}

const NOTHING = Object.fromEntries([...SUMS, 'longest_ms'].map((name) => [name, 0])) as Record<Measure | 'longest_ms', number>;

function answerOf(asked: Asked, rows: readonly Row[]): ReportAnswer {
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
