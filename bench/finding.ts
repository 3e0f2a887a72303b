import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RecordingFilter } from '../src/archive/index.js';
import type { ConversationSearch } from '../src/desk/conversations/index.js';
import type { Actor, TicketFilter, TicketPage } from '../src/desk/tickets/index.js';
import { openStore } from '../src/store/index.js';
import { percentile } from '../test/kit/percentile.js';
import { BOSS, fill, make, openRooms, rowsOf, type Kind, type Rooms } from './finding-fill.js';
import { LEFT, recorded, T0, talk, ticketed } from './finding-what.js';
import { row, withGoal, type Findings, type Row } from './report.js';

const ROWS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
/** As many are made by the rooms too, and must be the same. */
const SAME = 30;
const ROUNDS = 7;
const GOAL_MS = 50;
const LIMIT = 20;
const DAY = 86_400_000;

type Page = { readonly items: readonly unknown[]; readonly nextCursor: string | undefined };
type Ask = (cursor?: string) => Promise<Page>;
type Asked = readonly [what: string, ask: Ask];

/** A million messages, recordings and tickets, asked for as the routes ask. */
export async function finding(): Promise<Findings> {
  const found: Row[] = [];
  const faults: string[] = [];
  const notes: string[] = [];
  const slowest: number[] = [];
  const awake = setInterval(() => undefined, 1_000); // threads that search keep no process alive
  for (const kind of ['messages', 'recordings', 'tickets'] as const) {
    const dir = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
    try {
      if (!(await alike(kind, dir))) faults.push(`${kind} are not written as they are made`);
      const path = join(dir, 'strowger.db');
      await (await openStore({ path })).close();
      const began = performance.now();
      fill(kind, path, ROWS);
      notes.push(`${ROWS.toLocaleString('en')} ${kind}: filled in ${((performance.now() - began) / 1_000).toFixed(0)} s, ${(statSync(path).size / 1e9).toFixed(2)} GB`);
      const store = await openStore({ path });
      const rooms = openRooms(store, { now: Date.now() });
      const pauses: (readonly [ms: number, what: string])[] = [];
      for (const [what, ask] of { messages: messages(rooms), recordings: recordings(rooms), tickets: tickets(rooms) }[kind]) {
        const { ms, pauseMs } = await measured(ask);
        pauses.push([pauseMs, what]);
        slowest.push(percentile(ms, 100));
        found.push(withGoal(row(`${kind}: ${what}`, 'ms', percentile(ms, 50)), `< ${String(GOAL_MS)}`, (n) => n < GOAL_MS));
      }
      const [longest = [0, '']] = pauses.sort(([a], [b]) => b - a);
      found.push(withGoal(row(`${kind}: longest pause of the asking event loop (${longest[1]})`, 'ms', longest[0]), '< 10', (n) => n < 10));
      await rooms.close();
      await store.close();
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  clearInterval(awake);
  return {
    beside: null, generatorLateMs: 0, faults,
    rows: [...found, row('the slowest single search of all, whatever else the machine did', 'ms', percentile(slowest, 100))], notes,
  };
}

/** Whether a few that are written by SQL are what the rooms make. */
async function alike(kind: Kind, dir: string): Promise<boolean> {
  const [made, filled] = [join(dir, 'made.db'), join(dir, 'filled.db')];
  for (const path of [made, filled]) {
    const store = await openStore({ path });
    if (path === made) await make(kind, store, SAME);
    await store.close();
  }
  fill(kind, filled, SAME);
  const [those, these] = [rowsOf(kind, made), rowsOf(kind, filled)];
  const differ = those.findIndex((line, i) => line !== these[i]);
  if (differ >= 0 || those.length !== these.length) process.stderr.write(`${kind}:\n made   ${those[differ] ?? ''}\n filled ${these[differ] ?? ''}\n`);
  return those.length > SAME && JSON.stringify(those) === JSON.stringify(these);
}

/** The first one, which reads the database from disk and may start the thread, does not count. */
async function measured(ask: Ask): Promise<{ readonly ms: readonly number[]; readonly pauseMs: number }> {
  const ms: number[] = [];
  await ask();
  const loop = monitorEventLoopDelay({ resolution: 2 });
  loop.enable();
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await ask();
    ms.push(performance.now() - began);
  }
  loop.disable();
  return { ms, pauseMs: Math.max(0, loop.max / 1e6 - 2) };
}
/** The second page of the same. */
const second = (ask: Ask): Ask => {
  let first: Promise<Page> | undefined;
  return async () => ask((await (first ??= ask())).nextCursor);
};

const WORDS: readonly (readonly [what: string, q: string])[] = [
  ['two Chinese characters that many have', '退款'], ['two that nobody has in a row', '款张'], ['what nobody has', '龘龘'], ['one character', '退'], ['a name', '张伟'], ['a phrase', '订单什么时候'], ['a Latin word', 'refund'], ['the one that most have', 'please'], ['three letters', 'del'], ['two letters', 're'],
  ['one letter', 'p'], ['Chinese and Latin', '退款 refund'], ['mixed in one word', '订单A'], ['the last four digits', '8000'], ['the last three', '800'], ['a whole number', '13800138000'], ['a digit', '8'], ['many common words', '订单 退款 please refund'], ['what nobody has, of words that many have', '退款 张伟 please 8000 发票'],
];

function messages({ conversations }: Rooms): Asked[] {
  const by = (q: string, more: Partial<ConversationSearch> = {}): Ask => (cursor) => conversations.search({ q, notes: true, limit: LIMIT, ...more, ...(cursor === undefined ? {} : { cursor }) });
  const team = (...agents: number[]): string[] => agents.map((agent) => `agent:a${String(agent)}`);
  const { customer } = talk(Math.floor(ROWS / 20));
  return [
    ...WORDS.map(([what, q]): Asked => [`${what} (${q})`, by(q)]),
    ['without notes (退款)', by('退款', { notes: false })], ['within the reach of a team of six (退款)', by('退款', { parties: team(1, 2, 3, 4, 5, 6) })], ['within one agent\'s reach (please)', by('please', { parties: team(7) })],
    ['within the reach of somebody who has none (退款)', by('退款', { parties: ['agent:nobody'] })], ['of one customer (退款)', by('退款', { customer })], ['of one customer (re)', by('re', { customer })], ['in one queue (refund)', by('refund', { queue: 'q7' })], ['live ones, of which there are none (退款)', by('退款', { state: 'live' })],
    ['second page (退款)', second(by('退款'))], ['second page (please)', second(by('please'))], ['a hundred (退款)', by('退款', { limit: 100 })],
  ];
}

function recordings({ archive }: Rooms): Asked[] {
  const by = (filter: RecordingFilter, oldestFirst = false): Ask => (cursor) => archive.list(filter, { limit: LIMIT, cursor, oldestFirst });
  const said = (filter: RecordingFilter & { readonly words: string }): Ask => (cursor) => archive.spoken(filter, { limit: LIMIT, cursor });
  const { customer, from, call } = Array.from({ length: 50 }, (_, i) => recorded(Math.floor(ROWS / 2) + i, ROWS)).find((one) => one.customer !== undefined) ?? recorded(0, ROWS);
  const end = T0 + ROWS * 25_000;
  const [since, until] = [end - 3 * DAY, end - 2 * DAY];
  const agents = Array.from({ length: 50 }, (_, i) => `a${String(i * 6)}`);
  return [
    ['nothing: the newest', by({})], ['the oldest', by({}, true)], ['a customer', by({ customer })], ['an agent', by({ agent: 'a7' })], ['one who left long ago', by({ agent: LEFT })], ['a queue', by({ queue: 'q3' })], ['a call', by({ call })], ['a day', by({ since, until })],
    ['the last four digits', by({ number: '8000' })], ['the last three', by({ number: '800' })], ['six', by({ number: from.slice(-6) })], ['a whole number', by({ number: from })], ['a number of the house', by({ number: '+867550004007' })], ['the ends of one', by({ number: '4007' })],
    ['agent and queue', by({ agent: 'a7', queue: 'q3' })], ['agent, queue and day', by({ agent: 'a7', queue: 'q3', since, until })], ['one who left, and a day since', by({ agent: LEFT, since, until })], ['agent and the house\'s number', by({ agent: 'a7', number: '+867550004007' })],
    ['queue and a customer\'s number', by({ queue: 'q3', number: from })], ['within the reach of a team of fifty', by({ agents })], ['within the reach of somebody who has none', by({ agents: ['nobody'] })], ['a team of fifty and four digits', by({ agents, number: '8000' })], ['on hold, of which there are none', by({ held: true })], ['deleted, of which there are none', by({ deleted: true })],
    ...WORDS.map(([what, words]): Asked => [`${what} (${words})`, by({ words })]),
    ['words and agent (退款)', by({ words: '退款', agent: 'a7' })], ['words and one who left (退款)', by({ words: '退款', agent: LEFT })], ['words and one who left (please)', by({ words: 'please', agent: LEFT })], ['words and a customer (退款)', by({ words: '退款', customer })], ['words and a customer (please)', by({ words: 'please', customer })],
    ['words, queue and day (refund)', by({ words: 'refund', queue: 'q3', since, until })], ['words and a number (退款)', by({ words: '退款', number: from })], ['words and a number of the house (please)', by({ words: 'please', number: '+867550004007' })], ['words within a team of fifty (退款)', by({ words: '退款', agents })],
    ['words within the reach of somebody who has none (退款)', by({ words: '退款', agents: ['nobody'] })], ['second page', second(by({}))], ['second page (退款)', second(by({ words: '退款' }))], ['second page of an agent', second(by({ agent: 'a7' }))], ['the oldest (退款)', by({ words: '退款' }, true)],
    ['with the places (退款)', said({ words: '退款' })], ['with the places (please refund)', said({ words: 'please refund' })],
  ];
}

function tickets({ tickets: desk }: Rooms): Asked[] {
  const by = (filter: TicketFilter, actor: Actor = BOSS, sort?: TicketPage['sort']): Ask => (cursor) => desk.list(filter, actor, { limit: LIMIT, cursor, sort });
  const lin: Actor = { by: 'user:lin', name: 'lin', roles: ['agent'], teams: ['t7'], names: ['a7'], scope: 'team' };
  const { what } = ticketed(Math.floor(ROWS / 2));
  const [customer, phone] = [what.customer ?? undefined, what.requester?.phone ?? undefined];
  return [
    ...WORDS.map(([one, q]): Asked => [`${one} (${q})`, by({ q })]),
    ['who may not see who asks (张伟)', by({ q: '张伟' }, { ...BOSS, veiled: true })], ['within one team\'s reach (退款)', by({ q: '退款' }, lin)], ['within one\'s own reach (please)', by({ q: 'please' }, { ...lin, scope: 'own' })], ['within the reach of somebody who has none (退款)', by({ q: '退款' }, { ...lin, teams: [], names: ['nobody'] })],
    ['of one customer (退款)', by({ q: '退款', customer })], ['of one customer (please)', by({ q: 'please', customer })], ['of one number (订单)', by({ q: '订单', phone })], ['with a tag (refund)', by({ q: 'refund', tag: 'vip' })], ['of one team and priority (退款)', by({ q: '退款', team: 't3', priority: 'high' })], ['resolved, of which there are none (退款)', by({ q: '退款', kind: 'resolved' })],
    ['second page (退款)', second(by({ q: '退款' }))], ['the oldest (退款)', by({ q: '退款' }, BOSS, 'created_at')], ['by last change (退款)', by({ q: '退款' }, BOSS, '-updated_at')], ['by last change (张伟)', by({ q: '张伟' }, BOSS, '-updated_at')], ['by deadline (refund)', by({ q: 'refund' }, BOSS, 'due_at')],
  ];
}
