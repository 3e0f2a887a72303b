import type { Machine } from './machine.js';
import type { Yardstick } from './yardsticks.js';

export type Row = {
  readonly figure: string;
  readonly unit: string;
  readonly ours: number | null;
  /** The real server in this very run; null where none was given. */
  readonly real: number | null;
  readonly yardstick: Yardstick | null;
  readonly goal: { readonly text: string; readonly met: boolean | null } | null;
};
export type Report = {
  readonly name: string;
  readonly at: string;
  readonly seconds: number;
  /** Which real server was measured beside ours; null where none was found. */
  readonly beside: string | null;
  readonly machine: Machine;
  /** How late the generator itself was at worst, ms. */
  readonly generatorLateMs: number;
  readonly rows: readonly Row[];
  /** What was not as it should be with the load itself: failed calls, lost packets. */
  readonly faults: readonly string[];
  readonly notes: readonly string[];
};
/** What one bench hands to main.ts, which adds the machine and the time. */
export type Findings = Pick<Report, 'beside' | 'generatorLateMs' | 'rows' | 'faults' | 'notes'>;

export const row = (figure: string, unit: string, ours: number | null, real: number | null = null, yardstick: Yardstick | null = null): Row =>
  ({ figure, unit, ours, real, yardstick, goal: null });

/** The row with a goal in words, judged by `holds` where there is a figure. */
export const withGoal = (r: Row, text: string, holds: (ours: number) => boolean): Row =>
  ({ ...r, goal: { text, met: r.ours === null || !Number.isFinite(r.ours) ? null : holds(r.ours) } });

export function median(values: readonly number[]): number | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export function shown(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 4);
}
const ratio = (ours: number | null, other: number | null): string => (ours === null || other === null || other === 0 || !Number.isFinite(ours / other) ? '–' : `${(ours / other).toFixed(2)}×`);

/** The report as people read it. */
export function table(report: Report): string {
  const { machine } = report;
  const head = ['figure', 'unit', 'Strowger', report.beside ?? 'real server', 'ratio', 'yardstick', 'ratio', 'goal'];
  const lines = report.rows.map((r) => [
    r.figure, r.unit, shown(r.ours), shown(r.real), ratio(r.ours, r.real), r.yardstick?.text ?? '–', ratio(r.ours, r.yardstick?.value ?? null),
    r.goal === null ? '' : `${r.goal.text}: ${r.goal.met === null ? 'not measured' : r.goal.met ? 'met' : 'missed'}`,
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...lines].map((line) => (line[i] ?? '').length)));
  const print = (line: readonly string[]): string => line.map((cell, i) => (i > 1 && i < 7 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ').trimEnd();
  const share = (x: number): string => `${(100 * x).toFixed(0)} %`;
  return [
    `── ${report.name}   ${report.at}, ${report.seconds.toFixed(0)} s`,
    print(head), print(widths.map((w) => '─'.repeat(w))), ...lines.map(print),
    `machine: ${String(machine.cores)} cores, load ${machine.loadBefore.toFixed(2)} before and ${machine.loadAfter.toFixed(2)} after, steal ${share(machine.stealShare)}, taken by others ${share(machine.othersShare)}; generator late by ${shown(report.generatorLateMs)} ms at worst`,
    ...machine.tooBusy.map((why) => `TOO BUSY for these figures to mean much: ${why}`),
    ...report.faults.map((fault) => `fault: ${fault}`),
    ...report.notes.map((note) => `note: ${note}`),
  ].join('\n');
}
