import { CompiledQuery } from 'kysely';
import { searchWords } from '../base/index.js';
import { decodeCursor, orderOf, page as cut, type CallDirection, type Cursor, type Finder, type Order, type RecordingTable } from '../store/index.js';
import { BadWords } from './errors.js';
import { placesOf, type Said } from './words.js';

/** Each set field must match; `since` and `until` bound when the recording began: since ≤ began < until. */
export interface RecordingFilter {
  readonly customer?: string | undefined;
  readonly agent?: string | undefined;
  /** Of these agents alone. */
  readonly agents?: readonly string[] | undefined;
  readonly queue?: string | undefined;
  readonly call?: string | undefined;
  /** Who called or was called: the whole number, or its last digits. */
  readonly number?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Words that were said. */
  readonly words?: string | undefined;
  readonly held?: boolean | undefined;
  readonly deleted?: boolean | undefined;
}
export interface RecordingRow {
  readonly id: string;
  readonly call: string;
  readonly part: number;
  readonly state: RecordingTable['state'];
  readonly at: number;
  readonly ms: number | null;
  readonly bytes: number | null;
  readonly from: string;
  readonly to: string;
  readonly direction: CallDirection;
  readonly queue: string | null;
  readonly agent: string | null;
  readonly customer: string | null;
  readonly transcript: 'done' | 'failed' | null;
  readonly language: string | null;
  readonly held_at: number | null;
  readonly held_by: string | null;
  readonly held_why: string | null;
  readonly deleted_at: number | null;
  readonly deleted_by: string | null;
  readonly deleted_why: 'asked' | 'retention' | null;
}
export interface SpokenRow extends RecordingRow {
  readonly places: readonly Said[];
}
interface Ask {
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Left out: newest first. */
  readonly oldestFirst?: boolean | undefined;
}
interface PageOf<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | undefined;
}
export interface RecordingSearch {
  /** @throws BadCursor @throws BadWords @throws StoreError store.busy */
  list(filter: RecordingFilter, page: Ask): Promise<PageOf<RecordingRow>>;
  /** Transcripts in which the words were said, with the places. @throws as `list` */
  spoken(filter: RecordingFilter & { readonly words: string }, page: Ask): Promise<PageOf<SpokenRow>>;
}

export const COLUMNS = `r.id, r.call_id as call, r.part, r.state, r.started_at as at, r.ms, r.bytes, c.from_number as "from", c.to_number as "to", c.direction, c.queue, c.agent,
  (select u.root from customer_links l join customers u on u.id = l.customer where l.subject = 'call:' || c.id) as customer, t.state as transcript, t.language,
  m.held_at, m.held_by, m.held_why, m.deleted_at, m.deleted_by, m.deleted_why`;
export const TABLES = 'recordings r join calls c on c.id = r.call_id left join transcripts t on t.recording_id = r.id left join recording_marks m on m.recording = r.id';

type Condition = readonly [sql: string, ...values: (string | number)[]];

export function createSearch(finder: Finder): RecordingSearch {
  const find = async <R extends { readonly at: number; readonly id: string }>(columns: string, filter: RecordingFilter, { limit, cursor, oldestFirst }: Ask): Promise<PageOf<R>> => {
    const [sort, order] = oldestFirst === true ? ['began_at', orderOf('began_at')] : [undefined, orderOf('-began_at')];
    const conditions = [...conditionsOf(filter), ...(cursor === undefined ? [] : [beyondOf(order, decodeCursor(cursor, sort))])];
    const text = `select ${columns} from ${TABLES} where ${conditions.map(([sql]) => sql).join(' and ')} order by r.started_at ${order.way}, r.id ${order.way} limit ${limit + 1}`;
    const rows = await finder.find<R>({ compile: () => CompiledQuery.raw(text, conditions.flatMap(([, ...values]) => values)) });
    return cut(rows, limit, ({ at, id }) => ({ at, id }), sort);
  };
  return {
    list: (filter, page) => find<RecordingRow>(COLUMNS, filter, page),
    async spoken(filter, page) {
      const { items, nextCursor } = await find<RecordingRow & { readonly segments: string }>(`${COLUMNS}, t.segments`, filter, page);
      return { items: items.map(({ segments, ...row }) => ({ ...row, places: placesOf(JSON.parse(segments) as Said[], filter.words) })), nextCursor };
    },
  };
}

const beyondOf = ({ beyond }: Order, { at, id }: Cursor): Condition => [`(r.started_at, r.id) ${beyond} (?, ?)`, at, id];

function conditionsOf(f: RecordingFilter): Condition[] {
  const all: Condition[] = [[`r.state ${f.deleted === true ? '=' : '<>'} 'deleted'`]];
  if (f.call !== undefined) all.push(['r.call_id = ?', f.call]);
  if (f.agent !== undefined) all.push(['c.agent = ?', f.agent]);
  if (f.agents !== undefined) all.push([`c.agent in (${f.agents.map(() => '?').join(', ')})`, ...f.agents]);
  if (f.queue !== undefined) all.push(['c.queue = ?', f.queue]);
  if (f.since !== undefined) all.push(['r.started_at >= ?', f.since]);
  if (f.until !== undefined) all.push(['r.started_at < ?', f.until]);
  if (f.number !== undefined) all.push(['(c.from_number like ? or c.to_number like ?)', `%${f.number}`, `%${f.number}`]);
  if (f.customer !== undefined) {
    all.push([`r.call_id in (select substr(l.subject, 6) from customer_links l where l.subject like 'call:%' and l.customer in (select id from customers where root = (select root from customers where id = ?)))`, f.customer]);
  }
  if (f.held !== undefined) all.push([`m.held_at is ${f.held ? 'not null' : 'null'}`]);
  if (f.words !== undefined) {
    const words = searchWords(f.words);
    if (words === undefined) throw new BadWords();
    all.push(['r.id in (select recording from transcript_texts where id in (select rowid from transcript_words where words match ?))', words]);
  }
  return all;
}
