import { BadCursor } from '../../../store/index.js';
import { BadSearch } from '../errors.js';
import type { Reading } from '../sql.js';
import type { Query } from '../types.js';
import { hashed, nameWord, normal, runsOf, termWords } from './words.js';

/** Rows looked at for one page at most: what matches the words but not the text costs time too, 25 µs each among a million. */
const MOST_LOOKED_AT = 1_000;
const LONGEST = 200;
const STEP = 200;

interface Lane {
  readonly words: readonly string[];
  readonly fits: (text: string) => boolean;
}
export interface Found {
  /** `customers.num`, best first. */
  readonly nums: readonly number[];
  readonly nextCursor: string | undefined;
}

/**
 * Finds customers: the strongest hits first (a number that ends so, a name that is exactly that), then whatever contains every term,
 * each newest first. Where no text is looked for, the oldest may come first. @throws BadSearch, BadCursor
 */
export function find(db: Reading, query: Query): Found {
  const filters = filterWords(query);
  const q = normal(query.q ?? '').trim();
  if (q.length > LONGEST) throw new BadSearch(`a search of ${q.length} characters is too long`, { hint: `at most ${LONGEST}` });
  const way = query.oldestFirst === true ? OLDEST : NEWEST;
  if (q !== '' && way === OLDEST) throw new BadSearch('what is found by text has an order of its own', { hint: 'sort or q, not both' });
  const from = cursorIn(query.cursor, way);
  if (q === '') return filters.length === 0 ? everybody(db, query.limit, from, way) : throughLanes(db, [{ words: filters, fits: () => true }], query.limit, from, way);
  const owner = from.beyond === NEWEST.start ? ownerOfMail(db, (query.q ?? '').trim().toLowerCase(), filters) : undefined;
  if (owner !== undefined) return { nums: [owner], nextCursor: undefined };
  const terms = q.split(/\s+/);
  if (runsOf(q).length === 0) throw new BadSearch('there is nothing to look for', { hint: 'letters, digits or characters' });
  return throughLanes(db, lanesFor(q, terms).map((lane) => ({ ...lane, words: [...lane.words, ...filters] })), query.limit, from, way);
}

/** A whole mail address has one owner at most; pieced together from what many addresses have, it would be found late. */
function ownerOfMail(db: Reading, address: string, filters: readonly string[]): number | undefined {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)) return undefined;
  const [row] = db.all<{ num: number }>(
    `select r.num from customer_identities i join customers c on c.id = i.customer join customers r on r.id = c.root where i.kind = 'email' and i.value = ?`, address,
  );
  if (!row || filters.length === 0) return row?.num;
  return db.all<{ rowid: number }>('select rowid from customer_words where customer_words match ? and rowid = cast(? as integer)', filters.join(' AND '), row.num)[0]?.rowid;
}

function lanesFor(q: string, terms: readonly string[]): Lane[] {
  const words = [...new Set(terms.flatMap((term) => termWords(withoutHost(term)).all))];
  const contains = (text: string): boolean => terms.every((term) => holds(text, term));
  const ends = /^\+?[\d\s().-]*\d{3,}$/.test(q) ? q.replaceAll(/\D/g, '') : undefined;
  if (ends !== undefined) {
    const atEnd = (text: string): boolean => text.split('\n').some((line) => line.endsWith(ends));
    const inside = (text: string): boolean => text.split('\n').some((line) => line.includes(ends)) || contains(text);
    const all = ends.length === 3 ? [`(t${ends} OR e${ends})`] : termWords(ends).all;
    return [{ words: [`e${ends.slice(-4)}`, ...(ends.length > 4 ? all : [])], fits: atEnd }, { words: all, fits: (text) => inside(text) && !atEnd(text) }];
  }
  const whole = (text: string): boolean => (text.split('\n', 1)[0] ?? '').replaceAll(/[^\p{L}\p{N}]/gu, '') === q.replaceAll(/[^\p{L}\p{N}]/gu, '');
  return [{ words: [nameWord(q)], fits: whole }, { words, fits: (text) => contains(text) && !whole(text) }];
}

/** Of a mail address's host three letters are enough to begin with: very many share it, and every list that half of all stand in costs time. */
const withoutHost = (term: string): string => term.replace(/^([^@]+@[a-z]{3})[^@]*$/, '$1');

/** What is too short for the index matches at the beginning of a word. */
function holds(text: string, term: string): boolean {
  if (!termWords(term).start) return text.includes(term);
  return runsOf(text).some((run) => run.startsWith(runsOf(term)[0] ?? term));
}

function filterWords({ tag, adviser, within }: Query): string[] {
  const words: string[] = [];
  if (tag !== undefined) words.push(hashed('g', tag));
  if (adviser !== undefined) words.push(hashed('a', adviser));
  if (within) {
    const any = [...within.teams.map((team) => hashed('m', team)), ...(within.house ? [hashed('m', '')] : []), ...(within.agent === null ? [] : [hashed('a', within.agent), hashed('w', within.agent)])];
    words.push(any.length === 0 ? 'nobody' : `(${any.join(' OR ')})`);
  }
  return words;
}

/** Numbers grow with time. */
interface Way {
  readonly start: number;
  readonly is: '<' | '>';
  readonly order: 'desc' | 'asc';
  readonly name: string;
}
const NEWEST: Way = { start: Number.MAX_SAFE_INTEGER, is: '<', order: 'desc', name: 'customers' };
const OLDEST: Way = { start: 0, is: '>', order: 'asc', name: 'customers-oldest' };

interface From {
  readonly lane: number;
  readonly beyond: number;
}
function throughLanes(db: Reading, lanes: readonly Lane[], limit: number, from: From, way: Way): Found {
  const nums: number[] = [];
  let looked = 0;
  for (let lane = from.lane; lane < lanes.length; lane += 1) {
    const { words, fits } = lanes[lane] ?? { words: [], fits: () => false };
    let beyond = lane === from.lane ? from.beyond : way.start;
    while (words.length > 0) {
      const step = Math.min(STEP, Math.max(20, limit + 1 - nums.length));
      const rows = db.all<{ num: number; text: string }>(
        `select s.num, s.text from (select rowid as r from customer_words where customer_words match ? and rowid ${way.is} cast(? as integer) order by rowid ${way.order} limit ?) join customer_search s on s.num = r order by s.num ${way.order}`,
        words.join(' AND '), beyond, step,
      );
      for (const { num, text } of rows) {
        if (nums.length === limit) return { nums, nextCursor: cursorAt({ lane, beyond }, way) };
        if (fits(text)) nums.push(num);
        beyond = num;
      }
      if (rows.length < step) break;
      looked += rows.length;
      if (looked >= MOST_LOOKED_AT) return { nums, nextCursor: cursorAt({ lane, beyond }, way) };
    }
  }
  return { nums, nextCursor: undefined };
}

function everybody(db: Reading, limit: number, { beyond }: From, way: Way): Found {
  const rows = db.all<{ num: number }>(`select num from customers where parent is null and num ${way.is} ? order by num ${way.order} limit ?`, beyond, limit + 1);
  const nums = rows.slice(0, limit).map((row) => row.num);
  return { nums, nextCursor: rows.length > limit ? cursorAt({ lane: 0, beyond: nums.at(-1) ?? 0 }, way) : undefined };
}

const cursorAt = ({ lane, beyond }: From, { name }: Way): string => Buffer.from(`${name}:${lane}:${beyond}`).toString('base64url');
function cursorIn(cursor: string | undefined, { name, start }: Way): From {
  if (cursor === undefined) return { lane: 0, beyond: start };
  const match = /^([a-z-]+):([01]):(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match?.[1] !== name) throw new BadCursor();
  return { lane: Number(match[2]), beyond: Number(match[3]) };
}
