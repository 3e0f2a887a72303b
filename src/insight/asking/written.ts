import { csvLine } from '../../base/index.js';
import { REPORTS, type Report } from '../figures.js';
import type { Figures, ReportAnswer } from './answer.js';

export type Format = 'json' | 'csv';
/** A report as `GET /v1/reports/{name}` tells it. */
export interface WrittenReport {
  readonly report: string;
  readonly since: string;
  readonly until: string;
  readonly time_zone: string;
  readonly by: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly total: Figures;
  readonly spread: number | null;
}

export const written = (answer: ReportAnswer, format: Format): string => (format === 'csv' ? csvOf(answer) : JSON.stringify(shown(answer)));

const iso = (ms: number): string => new Date(ms).toISOString();
const shown = ({ report, since, until, zone, by, rows, total, spread }: ReportAnswer): WrittenReport => ({
  report, since: iso(since), until: iso(until), time_zone: zone, by, rows: rows.map(({ keys, figures }) => ({ ...keys, ...figures })), total, spread,
});
function csvOf({ report, by, rows }: ReportAnswer): string {
  const { figures }: Report = REPORTS[report];
  return [csvLine([...by, ...figures]), ...rows.map((row) => csvLine([...by.map((key) => row.keys[key]), ...figures.map((key) => row.figures[key])]))].join('');
}
