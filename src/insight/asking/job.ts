import type { Outcome } from '../counting/contact.js';
import type { Measure } from '../measures.js';
import { answerOf, type ReportAnswer, type Row } from './answer.js';
import type { Asked } from './question.js';
import { contactsSql, reportSql, type House, type Statement } from './sql.js';
import { written, type Format } from './written.js';

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
export interface ContactRow extends CountedContact {
  readonly id: number;
}
/** What is done beside the event loop. `write`: the answer as text, for thousands of rows are not put into words in a moment. */
export type Job =
  | { readonly do: 'answer'; readonly asked: Asked; readonly house: House }
  | { readonly do: 'write'; readonly asked: Asked; readonly house: House; readonly format: Format }
  | { readonly do: 'find'; readonly asked: Asked; readonly columns: readonly Measure[]; readonly after: { readonly at: number; readonly id: number } | undefined; readonly limit: number };
export type Done =
  | { readonly did: 'answer'; readonly answer: ReportAnswer }
  | { readonly did: 'write'; readonly text: string }
  | { readonly did: 'find'; readonly rows: readonly ContactRow[] }
  | { readonly did: 'too_much' };
export type Reading = <R>(statement: Statement) => R[];

export const MOST_ROWS = 5_000;

export function work(read: Reading, job: Job): Done {
  if (job.do === 'find') return { did: 'find', rows: read<ContactRow>(contactsSql(job.asked, job.columns, job.after, job.limit)) };
  const rows = read<Row>(reportSql(job.asked, job.house, MOST_ROWS + 1));
  if (rows.length > MOST_ROWS) return { did: 'too_much' };
  const answer = answerOf(job.asked, rows);
  return job.do === 'answer' ? { did: 'answer', answer } : { did: 'write', text: written(answer, job.format) };
}
