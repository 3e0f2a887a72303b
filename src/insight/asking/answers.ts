import { BadCursor, decodeCursor, encodeCursor } from '../../store/index.js';
import { ReportRefused } from '../errors.js';
import { figure, FIGURES, type FigureName } from '../figures.js';
import type { Measure } from '../measures.js';
import type { ReportAnswer } from './answer.js';
import type { Asking } from './asking.js';
import { MOST_ROWS, type CountedContact, type Done, type Job } from './job.js';
import { understood, type Asked, type ReportQuestion } from './question.js';
import type { House } from './sql.js';
import type { Format } from './written.js';

export interface Reports {
  /** @throws NoSuchReport @throws ReportRefused @throws StoreError store.busy */
  ask(question: ReportQuestion): Promise<ReportAnswer>;
  /** The answer as text, a WrittenReport or CSV. @throws what `ask` does */
  write(question: ReportQuestion, format: Format): Promise<string>;
  /** The contacts behind a figure, newest first. @throws BadCursor, and what `ask` does */
  contacts(question: ReportQuestion, of: string | undefined, page: { readonly limit: number; readonly cursor: string | undefined }): Promise<{ readonly items: readonly CountedContact[]; readonly nextCursor: string | undefined }>;
  close(): Promise<void>;
}

export function createReports(asking: Asking, house: () => House): Reports {
  return {
    ask: async (question) => (await done(asking, { do: 'answer', asked: understood(question), house: house() })).answer,
    write: async (question, format) => (await done(asking, { do: 'write', asked: understood(question), house: house(), format })).text,
    async contacts(question, of, { limit, cursor }) {
      const asked = understood(question);
      const { rows } = await done(asking, { do: 'find', asked, columns: of === undefined ? [] : drilled(of, asked), after: cursor === undefined ? undefined : after(cursor), limit: limit + 1 });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit && last ? encodeCursor({ at: last.at, id: String(last.id) }) : undefined };
    },
    close: () => asking.close(),
  };
}

/** @throws ReportRefused */
async function done<J extends Job>(asking: Asking, job: J): Promise<Extract<Done, { readonly did: J['do'] }>> {
  const how = await asking.do(job);
  if (how.did === 'too_much') throw new ReportRefused(`the report has more than ${MOST_ROWS} rows`, { hint: 'a shorter time, fewer groups, or a filter' });
  return how as Extract<Done, { readonly did: J['do'] }>; // each job has its own answer
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
