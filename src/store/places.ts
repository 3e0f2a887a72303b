import { sql, type Compilable, type Kysely, type RawBuilder } from 'kysely';
import type { Finder } from './finder.js';
import { decodeCursor, encodeCursor } from './page.js';
import type { Database } from './schema.js';

// Lists whose items stand at places: whole numbers that grow with time. Whatever is looked for, no page costs more than what its source gives in order until it is full, or until enough was looked at.

/** From where a list goes on and which way; `low` ≤ place < `high`. */
export interface Going {
  /** The last place that was looked at. */
  readonly beyond: number | undefined;
  readonly oldestFirst: boolean;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}
/** A statement whose rows are `place`, in order, at most so many; one may come several times in a row. */
export type Source = (going: Going, most: number) => RawBuilder<unknown>;
/** Rows `at.value` of a JSON list of places, to be joined with what stands there: a scan of all that stand anywhere is never meant. */
export const eachOf = (list: string): RawBuilder<unknown> => sql`json_each(${list}) at cross join`;
/** A statement whose rows are `place`: those of this JSON list that fit. */
export type Fit = (places: string) => RawBuilder<unknown>;
/** A source that may be short; `count` says how many it has, up to a limit. */
export interface Narrow {
  readonly source: Source;
  readonly count: (most: number) => RawBuilder<number>;
}
/** An index of words; what is about a place lies in the rows from place × `span` up to the next. */
export interface WordIndex {
  readonly table: 'message_words' | 'recording_words' | 'ticket_words';
  readonly span: number;
}
export interface Reached {
  readonly places: readonly number[];
  /** Where it goes on, though this page may not be full; undefined: there is no more. */
  readonly next: number | undefined;
}
export interface PlaceSearch {
  readonly finder: Finder;
  readonly db: Kysely<Database>;
  readonly fit: Fit;
  readonly going: Going;
  readonly limit: number;
  readonly sizes?: Sizes | undefined;
}
/** In rows. */
export interface Sizes {
  /** Looked at first, for the next of a list are mostly enough; then eight times as many, and so on. */
  readonly first: number;
  /** Looked at for one page at most. */
  readonly most: number;
  /** The same where each row is asked for the words. */
  readonly asked: number;
  /** What a source has less than that is narrow. */
  readonly short: number;
  /** Rows that have some words, from where on each place is asked for them. */
  readonly many: number;
}
const SIZES: Sizes = { first: 128, most: 8_000, asked: 1_200, short: 5_000, many: 40_000 };
const FACTOR = 8;

/** SQLite takes a number of ours for one with a fraction, and FTS5 such a one for no bound at all. */
const whole = (n: number): RawBuilder<number> => sql<number>`cast(${n} as integer)`;

/** Bounds of a column that counts places by `span`. */
export function between(column: string, { beyond, oldestFirst, low, high }: Going, span = 1): RawBuilder<boolean> {
  const least = Math.max(low ?? 0, oldestFirst && beyond !== undefined ? beyond + 1 : 0);
  const under = Math.min(high ?? Number.MAX_SAFE_INTEGER, !oldestFirst && beyond !== undefined ? beyond : Number.MAX_SAFE_INTEGER);
  const parts = [...(least > 0 ? [sql`${sql.ref(column)} >= ${whole(least * span)}`] : []), ...(under < Number.MAX_SAFE_INTEGER ? [sql`${sql.ref(column)} < ${whole(under * span)}`] : [])];
  return parts.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(parts, sql` and `)}`;
}
export const wayOf = ({ oldestFirst }: Pick<Going, 'oldestFirst'>): RawBuilder<unknown> => sql.raw(oldestFirst ? 'asc' : 'desc');

/** What has all the words of a question in the language of FTS5. */
const wordSource = ({ table, span }: WordIndex, match: string): Source => (going, most) =>
  sql`select rowid / ${sql.lit(span)} as place from ${sql.table(table)} where ${sql.ref(table)} match ${match} and ${between('rowid', going, span)} order by rowid ${wayOf(going)} limit ${most}`;

/** FTS5 gathers all rows of all words that begin so before it gives the first. */
const gathers = (match: string): boolean => match.includes('*');
/** How one learns which places of a list have the words: `each` is asked, where very many rows have them; or those rows are gone through `once`. */
export type Asking = 'each' | 'once';

/** That the `place`, one of this list, has them. */
function has({ table, span }: WordIndex, match: string, list: string, how: Asking): RawBuilder<boolean> {
  const [t, n] = [sql.table(table), sql.lit(span)];
  if (how === 'each') return sql<boolean>`exists (select 1 from ${t} where ${sql.ref(table)} match ${match} and rowid >= place * ${n} and rowid < (place + 1) * ${n})`;
  return sql<boolean>`place in (select rowid / ${n} from ${t} where ${sql.ref(table)} match ${match} and rowid / ${n} in (select value from json_each(${list}))
    and rowid >= (select min(value) from json_each(${list})) * ${n} and rowid < (select max(value) + 1 from json_each(${list})) * ${n})`;
}

const asked = <R>(db: Kysely<Database>, statement: RawBuilder<R>): Compilable<R> => ({ compile: () => statement.compile(db) });

/** Through a source until the page is full, the source ends, or `most` of its rows were looked at; `first`: so many of them are asked for at once. @throws StoreError store.busy */
export async function through(source: Source, search: PlaceSearch, { most, first }: { readonly most?: number; readonly first?: number } = {}): Promise<Reached> {
  const { finder, db, going, limit, sizes = SIZES } = search;
  const atMost = most ?? sizes.most;
  const places: number[] = [];
  let { beyond } = going;
  for (let looked = 0, portion = Math.min(atMost, Math.max(first ?? sizes.first, limit + 1)); ; portion = Math.min(portion * FACTOR, atMost - looked)) {
    const rows = source({ ...going, beyond }, portion);
    const [seen] = await finder.find(asked(db, sql<{ list: string; n: number }>`select json_group_array(distinct place) as list, count(*) as n from (${rows})`));
    const list = JSON.parse(seen?.list ?? '[]') as number[];
    places.push(...(await fitting(list, { ...search, limit: limit + 1 - places.length })));
    if (places.length > limit) return { places: places.slice(0, limit), next: places[limit - 1] };
    looked += seen?.n ?? 0;
    beyond = list.at(-1);
    if (!seen || seen.n < portion) return { places, next: undefined };
    if (looked >= atMost) return { places, next: beyond };
  }
}

/** Those of a list that fit, in its order, at most `limit`: the first ones are mostly enough. */
async function fitting(list: readonly number[], { finder, db, fit, going, limit, sizes = SIZES }: PlaceSearch): Promise<number[]> {
  const found: number[] = [];
  for (let from = 0, some = sizes.first; from < list.length && found.length < limit; from += some, some *= FACTOR) {
    const part = JSON.stringify(list.slice(from, from + some));
    found.push(...(await finder.find(asked(db, sql<{ place: number }>`select place from (${fit(part)}) order by place ${wayOf(going)} limit ${limit - found.length}`))).map(({ place }) => place));
  }
  return found;
}

/** The shortest of these; undefined: there are none. */
export async function shortest(narrow: readonly Narrow[], { finder, db, sizes = SIZES }: Pick<PlaceSearch, 'finder' | 'db' | 'sizes'>): Promise<{ readonly source: Source; readonly n: number } | undefined> {
  if (narrow.length === 0) return undefined;
  const columns = narrow.map(({ count }, i) => sql`(${count(sizes.short)}) as ${sql.ref(`n${String(i)}`)}`);
  const [counts = {}] = await finder.find(asked(db, sql<Readonly<Record<string, number>>>`select ${sql.join(columns)}`));
  const [least] = narrow.map(({ source }, i) => ({ source, n: counts[`n${String(i)}`] ?? 0 })).sort((a, b) => a.n - b.n);
  return least;
}

/** Of a list in any order those that have the words. */
export async function having(index: WordIndex, match: string, list: readonly number[], how: Asking, { finder, db }: Pick<PlaceSearch, 'finder' | 'db'>): Promise<ReadonlySet<number>> {
  const text = JSON.stringify(list);
  return new Set((await finder.find(asked(db, sql<{ place: number }>`select place from (select value as place from json_each(${text})) where ${has(index, match, text, how)}`))).map(({ place }) => place));
}
/** How many rows have them, at most so many as are few; and how a list is asked for them. */
export async function spread(index: WordIndex, match: string, { finder, db, sizes = SIZES }: Pick<PlaceSearch, 'finder' | 'db' | 'sizes'>): Promise<{ readonly n: number; readonly how: Asking }> {
  const { table } = index;
  const [counted] = await finder.find(asked(db, sql<{ n: number }>`select count(*) as n from (select 1 from ${sql.table(table)} where ${sql.ref(table)} match ${match} limit ${sizes.many})`));
  const n = counted?.n ?? 0;
  return { n, how: n < sizes.many || gathers(match) ? 'once' : 'each' };
}

const GATHERED = { n: Infinity, how: 'once' } as const;

/** By words that somebody said or wrote: through what is shorter, what has the words or what narrows it down. @throws StoreError store.busy */
export async function foundBy(index: WordIndex, match: string, narrow: readonly Narrow[], search: PlaceSearch): Promise<Reached> {
  const { fit, sizes = SIZES } = search;
  const other = await shortest(narrow, search);
  const words = !other || other.n >= sizes.short ? undefined : gathers(match) ? GATHERED : await spread(index, match, search);
  if (!other || !words || words.n < other.n) return through(wordSource(index, match), search, { first: sizes.most });
  const asking: Fit = (list) => sql`select place from (${fit(list)}) where ${has(index, match, list, words.how)}`;
  // Gone through once, it is for the whole list.
  return words.how === 'once' ? through(other.source, { ...search, fit: asking, sizes: { ...sizes, first: sizes.short } }) : through(other.source, { ...search, fit: asking }, { most: sizes.asked });
}

/** A cursor of such a list. @throws BadCursor for one of any other, and of the other way round */
export const placeIn = (cursor: string | undefined, oldestFirst = false): number | undefined => (cursor === undefined ? undefined : decodeCursor(cursor, labelOf(oldestFirst)).at);
export const cursorAt = (place: number | undefined, oldestFirst = false): string | undefined => (place === undefined ? undefined : encodeCursor({ at: place, id: 'place' }, labelOf(oldestFirst)));
const labelOf = (oldestFirst: boolean): string => (oldestFirst ? 'place' : '-place');
