import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import { createCustomers, customersFile, type Customers, type Query } from '../src/desk/customers/index.js';
import { hashed, normal, wordsOf } from '../src/desk/customers/search/words.js';
import { createEvents } from '../src/events/index.js';
import { openStore } from '../src/store/index.js';
import { percentile } from '../test/kit/percentile.js';
import { GIVEN, LATIN_GIVEN, LATIN_SUR, randomFrom, SURNAMES } from './people.js';
import { row, withGoal, type Findings, type Row } from './report.js';

const CUSTOMERS = Number(process.env['BENCH_CUSTOMERS'] ?? 1_000_000);
const ROUNDS = 7;
const SEARCH_MS = 50;
const LOOKUP_MS = 20;
const LOOKUPS = 5_000;

/** What agents type. Each is asked as `GET /v1/customers` asks it: beside the event loop, with the whole customers of a page. */
const SEARCHES: readonly (readonly [what: string, query: Pick<Query, 'q'> & Partial<Query>])[] = [
  ['two Chinese characters, a whole name', { q: '张伟' }], ['two that begin longer names', { q: '王小' }], ['two that nobody has in a row', { q: '张张' }], ['one character', { q: '伟' }], ['three characters', { q: '李明华' }],
  ['the last four digits', { q: '8000' }], ['the last three', { q: '800' }], ['six in the middle of a number', { q: '001380' }], ['a whole number', { q: '+8613800138000' }], ['a whole number in groups', { q: '138 0013 8000' }],
  ['a name and four digits', { q: '张伟 8000' }], ['Chinese and Latin', { q: 'zhang 伟' }], ['a Latin name', { q: 'wei zhang' }], ['three letters', { q: 'ang' }], ['two letters', { q: 'wa' }], ['one letter', { q: 'z' }],
  ['an e-mail address', { q: 'zhang.wei500000@example.com' }], ['one that nobody has', { q: 'zhang.wei7@example.com' }], ['one that nobody has, of parts that many have', { q: 'zhang@example.com' }], ['its middle', { q: 'wei500000@exa' }], ['its host, which half of them have', { q: 'example.com' }], ['a member ID', { q: 'M0500000' }], ['what nobody has', { q: '龘龘' }], ['what nobody has, of words that many have', { q: '张伟 wei zhang 8000 example' }],
  ['a name within one team', { q: '张伟', within: { teams: ['t7'], house: false, agent: null } }], ['a letter within one team', { q: 'z', within: { teams: ['t7'], house: false, agent: null } }], ['a tag', { q: undefined, tag: 'vip' }], ['a hundred of a name', { q: '王', limit: 100 }], ['nothing: the newest', { q: undefined }],
];

/** A million customers: every search beside the event loop, and the look-up for a screen-pop on it. */
export async function customers(): Promise<Findings> {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const store = await openStore({ path: join(dir, 'strowger.db') });
  const began = performance.now();
  const known = fillCustomers(store.path, CUSTOMERS);
  const filledMs = performance.now() - began;
  const events = createEvents({ store, log: silent });
  const desk = createCustomers({
    store, events, settings: customersFile.parse({}), country: () => 'CN', days: { dayOf: (ms) => Math.floor(ms / 86_400_000), startOf: (day) => day * 86_400_000 },
    expressions: { compile: () => ({ ok: false, message: 'none', column: 1 }) }, past: () => [], later: () => () => undefined,
  });
  const loop = monitorEventLoopDelay({ resolution: 2 });
  const awake = setInterval(() => undefined, 1_000); // the searching thread keeps no process alive
  try {
    const rows: Row[] = [];
    loop.enable();
    const slowest: number[] = [];
    const told = (what: string, ms: readonly number[]): void => {
      slowest.push(percentile(ms, 100));
      rows.push(withGoal(row(what, 'ms', percentile(ms, 50)), `< ${String(SEARCH_MS)}`, (n) => n < SEARCH_MS));
    };
    for (const [what, query] of SEARCHES) told(`${what}${query.q === undefined ? '' : ` (${query.q})`}: median of ${String(ROUNDS)}`, await measured(desk, { limit: 20, ...query }));
    told('twenty pages of one character (张): median', await paged(desk));
    rows.push(row('the slowest single search of all, whatever else the machine did', 'ms', percentile(slowest, 100)));
    loop.disable();
    const lookups = lookedUp(desk, known);
    const found = (await desk.search({ q: '+8613800138000', limit: 5 })).items.map((one) => one.name);
    return {
      beside: null, generatorLateMs: 0, faults: found[0] === '张伟' ? [] : [`the number of 张伟 leads to ${JSON.stringify(found)}`],
      rows: [
        ...rows, withGoal(row(`look-up by number with the newest of the timeline: p99 of ${LOOKUPS.toLocaleString('en')}`, 'ms', percentile(lookups, 99)), `< ${String(LOOKUP_MS)}`, (n) => n < LOOKUP_MS),
        row('the same, median', 'ms', percentile(lookups, 50)), withGoal(row('longest pause of the asking event loop', 'ms', Math.max(0, loop.max / 1e6 - 2)), '< 10', (n) => n < 10),
      ],
      notes: [`${CUSTOMERS.toLocaleString('en')} customers with a number each, half with a mail address, a member ID each, 50 teams; filled in ${(filledMs / 1_000).toFixed(0)} s`],
    };
  } finally {
    await desk.close();
    await store.close();
    clearInterval(awake);
    rmSync(dir, { recursive: true, force: true });
  }
}
const silent = { error: () => undefined };

async function measured(desk: Customers, query: Query): Promise<number[]> {
  const ms: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const began = performance.now();
    await desk.search(query);
    if (round > 0) ms.push(performance.now() - began); // the first reads the database from disk
  }
  return ms;
}

/** Page after page of what very many have. */
async function paged(desk: Customers): Promise<number[]> {
  const ms: number[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 20; page += 1) {
    const began = performance.now();
    cursor = (await desk.search({ q: '张', limit: 20, ...(cursor === undefined ? {} : { cursor }) })).nextCursor;
    if (page > 0) ms.push(performance.now() - began);
    if (cursor === undefined) break;
  }
  return ms;
}

function lookedUp(desk: Customers, numbers: readonly string[]): number[] {
  return Array.from({ length: LOOKUPS + 100 }, (_, i) => {
    const began = performance.now();
    const id = desk.byNumber(numbers[(i * 7_919) % numbers.length] ?? '');
    if (id === undefined) throw new Error('a number leads to nobody');
    const view = desk.view(id);
    desk.timeline(view.id, 10);
    return performance.now() - began;
  }).slice(100);
}

/** In the shape that making them one by one gives: a million of those take half an hour. Answers some of their numbers. */
export function fillCustomers(path: string, count: number): string[] {
  const db = new Database(path);
  for (const fast of ['synchronous = off', 'journal_mode = off', 'cache_size = -500000']) db.pragma(fast);
  const customer = db.prepare(`insert into customers (num, id, root, name, team, version, created_at, created_by, updated_at) values (?, ?, ?, ?, ?, 1, ?, 'bench', ?)`);
  const identity = db.prepare(`insert or ignore into customer_identities (kind, value, customer, verified, at, by) values (?, ?, ?, 0, ?, 'bench')`);
  const tag = db.prepare(`insert into customer_tags (customer, tag, how, at, by) values (?, 'vip', 'hand', ?, 'bench')`);
  const text = db.prepare('insert into customer_search (num, text) values (?, ?)');
  const words = db.prepare('insert into customer_words (rowid, words) values (?, ?)');
  const draw = randomFrom(20_261_130);
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T;
  const numbers: string[] = [];
  const one = (num: number): void => {
    const at = 1_700_000_000_000 + num;
    const id = `cus_${String(num).padStart(20, '0')}`;
    const latin = draw(10) < 2;
    const [sur, given] = latin ? [pick(LATIN_SUR), pick(LATIN_GIVEN)] : [pick(SURNAMES), `${pick(GIVEN)}${draw(3) === 0 ? '' : pick(GIVEN)}`];
    // One in three hundred is called 张伟, as in the country.
    const name = num === 500_000 || draw(300) === 0 ? '张伟' : latin ? `${given} ${sur}` : `${sur}${given}`;
    const phone = num === 500_000 ? '+8613800138000' : `+861${String(3 + (num % 7))}${String((num * 7_907) % 1_000_000_007).padStart(9, '0').slice(-9)}`;
    const identities = [['phone', phone], ['member_id', `m${String(num).padStart(7, '0')}`], ...(num % 2 === 0 ? [['email', num === 500_000 ? 'zhang.wei500000@example.com' : `${pick(LATIN_SUR)}.${pick(LATIN_GIVEN)}${String(num)}@example.com`]] : [])] as const;
    const team = `t${String(draw(50))}`;
    customer.run(num, id, id, name, team, at, at);
    for (const [kind, value] of identities) identity.run(kind, value, id, at);
    const vip = draw(20) === 0;
    if (vip) tag.run(id, at);
    const texts = identities.map(([, value]) => value);
    text.run(num, [name, ...texts].map(normal).join('\n'));
    words.run(num, [...wordsOf(name, texts), ...(vip ? [hashed('g', 'vip')] : []), hashed('m', team)].join(' '));
    if (num % 100 === 0) numbers.push(phone);
  };
  const some = db.transaction((from: number, to: number) => {
    for (let num = from; num < to; num += 1) one(num);
  });
  for (let from = 1; from <= count; from += 10_000) some(from, Math.min(from + 10_000, count + 1));
  db.pragma('journal_mode = wal');
  db.close();
  return numbers;
}
