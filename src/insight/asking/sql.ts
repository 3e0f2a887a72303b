import { figure, type FigureName } from '../figures.js';
import { OF_CONTACTS, WAIT_CLASSES_S, WAITS, type Dimension, type Measure } from '../measures.js';
import type { Asked, Filters } from './question.js';
import { piecesOf, spansOf } from './spans.js';

export interface Statement {
  readonly text: string;
  readonly values: readonly (string | number)[];
}
export type Column = Measure | 'longest_ms';
/** What the house's sums by day are of. */
export interface House {
  readonly zone: string;
  readonly daysSince: number;
}
const KEPT_OF_CONTACTS: ReadonlySet<string> = new Set([...OF_CONTACTS, ...WAITS, 'longest_ms']);

/** Two sides at once are told apart only contact by contact. */
export const byContact = (asked: Asked): boolean => asked.sides.length > 1;

/** What a report's rows need and its source has. */
export const columnsOf = (asked: Asked): readonly Column[] =>
  [...new Set(asked.figures.filter((name) => isThere(name, asked)).flatMap((name) => figure(name).needs))];
/** Contacts know nothing of the time agents spent between them, and no queue does. */
export function isThere(name: FigureName, asked: Asked): boolean {
  const { needs } = figure(name);
  return !byContact(asked) || needs.every((column) => KEPT_OF_CONTACTS.has(column));
}

/** One row for each group: `name` of its time, its sides, sums. */
export function reportSql(asked: Asked, house: House, limit: number): Statement {
  const columns = columnsOf(asked);
  const contacts = byContact(asked);
  const keys = asked.by.filter((group) => group !== asked.time);
  const source = contacts ? 'insight_contacts' : 'insight_sums';
  const columnOf = (key: string): string => (key === 'queue' || key === 'channel' || contacts ? `s.${key}` : 's.value');
  const spans = spansOf(asked.since, asked.until, asked.time, asked.zone);
  const pieces = contacts ? spans.map((span) => ({ ...span, grain: '' })) : spans.flatMap((span) => piecesOf(span, house));
  const { where, values } = conditions(asked.filters, contacts);
  // Sums have no row for contacts without an agent, a product, …: nor has what is worked out contact by contact.
  const known = contacts ? keys.filter((key) => key !== 'queue' && key !== 'channel').map((key) => ` and s.${key} <> ''`).join('') : '';
  const dim = asked.sides[0] ?? 'all';
  const sums = columns.map((name) => `${name === 'longest_ms' ? 'max' : 'sum'}(${contacts ? ofContact(name) : `s.${name}`}) as ${name}`);
  const picked = ['p.name as name', ...keys.map((key) => `${columnOf(key)} as "${key}"`), ...sums];
  return {
    text: `with p (name, grain, lo, hi) as materialized (select value ->> 'name', value ->> 'grain', value ->> 'from', value ->> 'to' from json_each(?))
      select ${picked.join(', ')} from p cross join ${source} s
      where ${contacts ? '' : `s.grain = p.grain and s.dim = ? and `}s.at >= p.lo and s.at < p.hi${where}${known}
      group by ${['p.name', ...keys.map(columnOf)].join(', ')} limit ${limit}`,
    values: [JSON.stringify(pieces), ...(contacts ? [] : [dim]), ...values],
  };
}

/** A contact stands in one class of waits; sums have a column for each. */
function ofContact(name: Column): string {
  const at = (WAITS as readonly string[]).indexOf(name);
  if (at < 0) return `s.${name}`;
  const [low, high] = [WAIT_CLASSES_S[at - 1], WAIT_CLASSES_S[at]];
  return `s.answered > 0${low === undefined ? '' : ` and s.longest_ms > ${low * 1_000}`}${high === undefined ? '' : ` and s.longest_ms <= ${high * 1_000}`}`;
}

/** Contacts of a report, newest first; `columns`: that count in one of these. */
export function contactsSql(asked: Asked, columns: readonly Measure[], after: { readonly at: number; readonly id: number } | undefined, limit: number): Statement {
  const { where, values } = conditions(asked.filters, true);
  const counts = columns.length === 0 ? '' : ` and (${columns.map((name) => `s.${name} <> 0`).join(' or ')})`;
  const beyond = after === undefined ? '' : ' and (s.at, s.id) < (?, ?)';
  return {
    text: `select s.id, s.subject, s.at, s.channel, s.queue, s.agent, s.number, s.region, s.product, s.tags, s.outcome, s.wait_ms + s.abandoned_wait_ms as wait_ms, s.talk_ms, s.hold_ms, s.wrap_ms, s.transfers, s.repeats
      from insight_contacts s where s.at >= ? and s.at < ?${where}${counts}${beyond} order by s.at desc, s.id desc limit ${limit}`,
    values: [asked.since, asked.until, ...values, ...(after === undefined ? [] : [after.at, after.id])],
  };
}

function conditions(filters: Filters, contacts: boolean): { readonly where: string; readonly values: readonly string[] } {
  const parts: string[] = [];
  const values: string[] = [];
  for (const [key, wanted] of Object.entries(filters) as [Dimension | 'queue' | 'channel', readonly string[] | undefined][]) {
    if (wanted === undefined) continue;
    const marks = wanted.map(() => '?').join(', ');
    const own = key === 'queue' || key === 'channel';
    if (contacts && key === 'tag') parts.push(` and (${wanted.map(() => `instr(',' || s.tags || ',', ',' || ? || ',') > 0`).join(' or ') || 'false'})`);
    else parts.push(` and ${own || contacts ? `s.${key}` : 's.value'} in (${marks})`);
    values.push(...wanted);
  }
  return { where: parts.join(''), values };
}
