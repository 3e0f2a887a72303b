import { sql, type RawBuilder } from 'kysely';
import { searchWords } from '../base/index.js';
import { between, countsAs, cursorAt, eachOf, foundBy, placeIn, shortest, through, wayOf, type CallDirection, type Finder, type Going, type Narrow, type RecordingTable, type Source, type Store, type WordIndex } from '../store/index.js';
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
const BESIDE = 'join calls c on c.id = r.call_id left join transcripts t on t.recording_id = r.id left join recording_marks m on m.recording = r.id';
export const TABLES = `recordings r ${BESIDE}`;
/** What was said, without the times of single words. */
const SEGMENTS = `(select json_group_array(json_object('speaker', value ->> 'speaker', 'start_ms', value ->> 'start_ms', 'end_ms', value ->> 'end_ms', 'text', value ->> 'text')) from json_each(t.segments)) as segments`;

const SPOKEN: WordIndex = { table: 'recording_words', span: 1 };
/** Recordings stand where they began: ms × this, and which of that ms. */
const IN_A_MS = 1_024;

export function createSearch(finder: Finder, { db }: Pick<Store, 'db'>): RecordingSearch {
  const find = async <R>(columns: string, filter: RecordingFilter, { limit, cursor, oldestFirst = false }: Ask): Promise<PageOf<R>> => {
    const match = filter.words === undefined ? undefined : searchWords(filter.words);
    if (filter.words !== undefined && match === undefined) throw new BadWords();
    const at = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms * IN_A_MS);
    const search = { finder, db, limit, going: { beyond: placeIn(cursor, oldestFirst), oldestFirst, low: at(filter.since), high: at(filter.until) }, fit: fitOf(filter) };
    const { places, next } = match === undefined
      ? await through((await shortest(narrowOf(filter), search))?.source ?? all(filter), search)
      : await foundBy(SPOKEN, match, narrowOf(filter), search);
    const rows = sql<R>`select ${sql.raw(columns)} from ${eachOf(JSON.stringify(places))} recording_places p on p.num = at.value cross join recordings r on r.id = p.recording ${sql.raw(BESIDE)} order by p.num ${wayOf(search.going)}`;
    return { items: await finder.find({ compile: () => rows.compile(db) }), nextCursor: cursorAt(next, oldestFirst) };
  };
  return {
    list: (filter, page) => find<RecordingRow>(COLUMNS, filter, page),
    async spoken(filter, page) {
      const { items, nextCursor } = await find<RecordingRow & { readonly segments: string }>(`${COLUMNS}, ${SEGMENTS}`, filter, page);
      return { items: items.map(({ segments, ...row }) => ({ ...row, places: placesOf(JSON.parse(segments) as Said[], filter.words) })), nextCursor };
    },
  };
}

const kept = ({ deleted }: RecordingFilter): RawBuilder<unknown> => sql`deleted = ${sql.lit(deleted === true ? 1 : 0)}`;
const list = (values: readonly string[]): RawBuilder<unknown> => sql`(select value from json_each(${JSON.stringify(values)}))`;
const ofCall = (call: RawBuilder<unknown>): RawBuilder<unknown> => sql`in (select id from recordings where call_id ${call})`;
const ofCustomer = (customer: string): RawBuilder<unknown> => ofCall(sql`in (select substr(subject, 6) from customer_links where subject glob 'call:*' and customer in ${countsAs(customer)})`);

const among = (where: RawBuilder<unknown>): Source => (going, most) => sql`select num as place from recording_places where ${where} and ${between('num', going)} order by num ${wayOf(going)} limit ${most}`;
const all = (f: RecordingFilter): Source => among(kept(f));
/** `+`: these are found and then sorted, else all that there are would be gone through in order. */
const few = (f: RecordingFilter, which: RawBuilder<unknown>): Narrow => {
  const found = sql`recording_places where recording ${which} and +${kept(f)}`;
  return { source: (going, most) => sql`select num as place from ${found} and ${between('num', going)} order by +num ${wayOf(going)} limit ${most}`, count: (most) => counted(found, most) };
};

/** What has an index of its own, in the order of the list. */
function narrowOf(f: RecordingFilter): Narrow[] {
  const one = (where: RawBuilder<unknown>): Narrow => ({ source: among(sql`${kept(f)} and ${where}`), count: (most) => counted(sql`recording_places where ${kept(f)} and ${where}`, most) });
  return [
    ...(f.call === undefined ? [] : [few(f, ofCall(sql`= ${f.call}`))]), ...(f.customer === undefined ? [] : [few(f, ofCustomer(f.customer))]), ...(f.agent === undefined ? [] : [one(sql`agent = ${f.agent}`)]),
    ...(f.queue === undefined ? [] : [one(sql`queue = ${f.queue}`)]), ...(f.agents === undefined ? [] : [ofAgents(f, f.agents)]), ...(f.number === undefined ? [] : [ending(f.number)]),
    ...(f.held === true ? [few(f, sql`in (select recording from recording_marks where held_at is not null)`)] : []),
  ];
}
const counted = (from: RawBuilder<unknown>, most: number): RawBuilder<number> => sql<number>`select count(*) from (select 1 from ${from} limit ${most})`;

/** Each has an order of his own; of all together these come first. */
const ofAgents = (f: RecordingFilter, agents: readonly string[]): Narrow => ({
  source: (going, most) => sql`select p.num as place from json_each(${JSON.stringify(agents)}) a join recording_places p on p.num in
    (select num from recording_places where ${kept(f)} and agent = a.value and ${between('num', going)} order by num ${wayOf(going)} limit ${most}) order by p.num ${wayOf(going)} limit ${most}`,
  count: (most) => counted(sql`recording_places where ${kept(f)} and agent in ${list(agents)}`, most),
});

/** Ends of numbers that have rows of their own. */
const ENDS = [8, 4, 3] as const;
function ending(number: string): Narrow {
  const end = number.slice(-(ENDS.find((length) => length <= number.length) ?? 0));
  return {
    source: (going: Going, most) => sql`select num as place from recording_ends where ending = ${end} and ${between('num', going)} order by num ${wayOf(going)} limit ${most}`,
    count: (most) => counted(sql`recording_ends where ending = ${end}`, most),
  };
}

function fitOf(f: RecordingFilter): (places: string) => RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = [kept(f)];
  if (f.call !== undefined) conditions.push(sql`recording ${ofCall(sql`= ${f.call}`)}`);
  if (f.customer !== undefined) conditions.push(sql`recording ${ofCustomer(f.customer)}`);
  if (f.agent !== undefined) conditions.push(sql`agent = ${f.agent}`);
  if (f.agents !== undefined) conditions.push(sql`agent in ${list(f.agents)}`);
  if (f.queue !== undefined) conditions.push(sql`queue = ${f.queue}`);
  if (f.number !== undefined) {
    const like = `%${f.number}`;
    conditions.push(sql`exists (select 1 from recordings r join calls c on c.id = r.call_id where r.id = recording and (c.from_number like ${like} or c.to_number like ${like}))`);
  }
  if (f.held !== undefined) conditions.push(sql`${sql.raw(f.held ? '' : 'not ')}exists (select 1 from recording_marks m where m.recording = recording_places.recording and m.held_at is not null)`);
  return (places) => sql`select num as place from ${eachOf(places)} recording_places on num = at.value where ${sql.join(conditions, sql` and `)}`;
}
