import BetterSqlite3 from 'better-sqlite3';
import { CompiledQuery, Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRunner, syncDialect } from './dialect.js';
import { openStore, type Store } from './open.js';

let store: Store;
beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
});
afterEach(() => store.close());
const registration = (aor: string, contact: string) => ({
  aor, contact, received_proto: 'udp' as const, received_address: '192.0.2.1', received_port: 5060, call_id: 'c', cseq: 1, q: 1000, expires_at: 5, user_agent: null, instance: null, updated_at: 1,
});

it('prepares each statement once, and keeps a bounded number', () => {
  const sqlite = new BetterSqlite3(':memory:');
  let prepared = 0;
  const counting = new Proxy(sqlite, { get: (target, key) => (key === 'prepare' ? (text: string) => { prepared += 1; return target.prepare(text); } : (Reflect.get(target, key) as unknown)) });
  const runner = createRunner(counting, 'm');
  const ask = (n: number): unknown => runner.run(CompiledQuery.raw(`select ${n} as n`)).rows[0];
  for (let i = 0; i < 3; i += 1) ask(1);
  expect(prepared).toBe(1);
  for (let i = 0; i < 600; i += 1) ask(i);
  ask(599);
  expect(prepared).toBe(601 - 1);
  expect(ask(1)).toEqual({ n: 1 });
  expect(prepared).toBe(601);
});

it('runs statements in the order they were asked for, awaited or not', async () => {
  const inserted = store.db.insertInto('meta').values({ key: 'a', value: '1' }).execute();
  store.run(store.db.updateTable('meta').set({ value: '2' }).where('key', '=', 'a'));
  await inserted;
  await store.db.updateTable('meta').set({ value: '3' }).where('key', '=', 'a').execute();
  expect(['2', '3']).toContain(store.getMeta('a'));
});

it('tells how many rows were touched, and the row that was made', async () => {
  const made = await store.db.insertInto('events').values({ id: 'e', type: 't', at: 1, subject: 's', data: '{}' }).executeTakeFirstOrThrow();
  expect(made.insertId).toBe(1n);
  expect((await store.db.deleteFrom('events').executeTakeFirstOrThrow()).numDeletedRows).toBe(1n);
});

it('does not stream', async () => {
  const db = new Kysely<object>({ dialect: syncDialect(createRunner(new BetterSqlite3(':memory:'), 'm')) });
  await expect(async () => {
    for await (const _row of db.selectFrom(sql`(select 1)`.as('x')).selectAll().stream()) break;
  }).rejects.toThrow('page by cursor');
});

it('takes away what belonged to a call with the call', () => {
  const { db } = store;
  store.run(db.insertInto('calls').values({ id: 'c', direction: 'inbound', from_number: '1', to_number: '2', queue: null, agent: null, state: 'ringing', started_at: 1, answered_at: null, ended_at: null, cause: null, trunk: null, did: null, language: null }));
  store.run(db.insertInto('recordings').values({ id: 'r', call_id: 'c', part: 1, path: 'p', state: 'recording', started_at: 1, ended_at: null, ms: null, bytes: null, error: null }));
  store.run(db.deleteFrom('calls'));
  expect(store.run(db.selectFrom('recordings').selectAll())).toEqual([]);
  expect(() => store.run(db.insertInto('recordings').values({ id: 'r', call_id: 'none', part: 1, path: 'p', state: 'done', started_at: 1, ended_at: null, ms: null, bytes: null, error: null }))).toThrow('breaks a rule');
});

it('finds newest calls and expired registrations by index, not by scan', () => {
  const explain = (query: string): string => {
    const rows = store.run<{ detail: string }>({ compile: () => CompiledQuery.raw(`explain query plan ${query}`) });
    return rows.map((r) => r.detail).join('; ');
  };
  expect(explain('select * from calls order by started_at desc, id desc limit 50')).toContain('calls_newest');
  expect(explain('select * from registrations where expires_at < 5')).toContain('registrations_expiry');
  expect(explain(`select * from events where subject = 'call:1' order by seq`)).toContain('events_subject');
});

it('keeps one binding per address of record and contact', () => {
  store.run(store.db.insertInto('registrations').values([registration('1', 'a'), registration('1', 'b'), registration('2', 'a')]));
  expect(() => store.run(store.db.insertInto('registrations').values(registration('1', 'a')))).toThrow('breaks a rule');
});
