import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, newId, openStore, page, queueFigures, StoreError, type Store } from './index.js';
import { storeError } from './errors.js';

let dir: string;
let path: string;
const opened: Store[] = [];
const open = async (options: { synchronous?: 'normal' | 'full'; busyMs?: number } = {}): Promise<Store> => {
  const store = await openStore({ path, ...options });
  opened.push(store);
  return store;
};
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-store-'));
  path = join(dir, 'deep', 'strowger.db');
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(dir, { recursive: true, force: true });
});
const codeOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'opened', (e: unknown) => (e instanceof StoreError ? e.code : e));
const call = (id: string, startedAt = 1000) => ({
  id, direction: 'inbound' as const, from_number: '+8613800138000', to_number: '4000', queue: null, agent: null, state: 'ringing' as const, started_at: startedAt,
  answered_at: null, ended_at: null, cause: null, trunk: null, did: null, language: null,
});

describe('openStore', () => {
  it('makes folder, file and tables, and finds them again', async () => {
    const store = await open();
    store.run(store.db.insertInto('calls').values(call('c1')));
    await store.close();
    opened.length = 0;
    const again = await open();
    expect(again.run(again.db.selectFrom('calls').select('id'))).toEqual([{ id: 'c1' }]);
  });

  it('runs in WAL with the durability asked for', async () => {
    await open({ synchronous: 'full' });
    const other = new BetterSqlite3(path);
    expect(other.pragma('journal_mode', { simple: true })).toBe('wal');
    other.close();
  });

  it('finishes a migration that was cut short', async () => {
    await (await open()).close();
    opened.length = 0;
    const raw = new BetterSqlite3(path);
    raw.exec('delete from kysely_migration; drop table agents');
    raw.close();
    const store = await open();
    expect(store.run(store.db.selectFrom('agents').selectAll())).toEqual([]);
  });

  it('says what is wrong with a damaged file', async () => {
    await (await open()).close();
    opened.length = 0;
    writeFileSync(path, 'this is not a database, it only looks like one'.repeat(100));
    expect(await codeOf(open())).toBe('store.corrupt');
  });

  it('refuses the file of a newer version', async () => {
    await (await open()).close();
    opened.length = 0;
    const raw = new BetterSqlite3(path);
    raw.exec(`insert into kysely_migration values ('9999_future', '2030-01-01')`);
    raw.close();
    expect(await codeOf(open())).toBe('store.newer');
  });

  it('does not wait for ever on a database another program writes', async () => {
    await open();
    const other = new BetterSqlite3(path);
    other.exec('begin immediate');
    expect(await codeOf(openStore({ path, busyMs: 10 }))).toBe('store.locked');
    other.close();
  });

  it('says so when the folder cannot be made, or is no folder', async () => {
    writeFileSync(join(dir, 'file'), '');
    expect(await codeOf(openStore({ path: join(dir, 'file', 'strowger.db') }))).toBe('store.unreachable');
    expect(await codeOf(openStore({ path: dir }))).toBe('store.unreachable');
  });

  it('says that the disk is full, writes nothing by halves, and goes on when there is room again', async () => {
    const store = await open();
    const pages = (n: number): unknown => store.run({ compile: () => CompiledQuery.raw(`pragma max_page_count = ${n}`) });
    pages(1);
    const fill = (): void => store.transaction(() => Array.from({ length: 2000 }, (_, i) => store.run(store.db.insertInto('calls').values(call(`c${i}`)))).forEach(() => undefined));
    expect(fill).toThrow(expect.objectContaining({ code: 'store.full' }));
    expect(store.run(store.db.selectFrom('calls').selectAll())).toEqual([]);
    pages(1_000_000);
    fill();
  });
});

it.each<[sqlite: string, code: string]>([
  ['SQLITE_FULL', 'store.full'], ['ENOSPC', 'store.full'], ['EACCES', 'store.read_only'], ['EROFS', 'store.read_only'], ['SQLITE_IOERR_WRITE', 'store.full'], ['SQLITE_READONLY_DIRECTORY', 'store.read_only'], ['SQLITE_CORRUPT_INDEX', 'store.corrupt'],
  ['SQLITE_NOTADB', 'store.corrupt'], ['SQLITE_BUSY_SNAPSHOT', 'store.locked'], ['SQLITE_CANTOPEN', 'store.unreachable'], ['SQLITE_CONSTRAINT_UNIQUE', 'store.constraint'], ['SQLITE_ERROR', 'store.failed'],
])('%s becomes %s, with a hint', (sqlite, code) => {
  const error = storeError(new BetterSqlite3.SqliteError('x', sqlite), 'the.db');
  expect(error).toMatchObject({ code });
  expect(error.hint).toBeTruthy();
});

describe('statements', () => {
  it('commit all or nothing, also when nested', async () => {
    const store = await open();
    const insert = (id: string): void => void store.run(store.db.insertInto('calls').values(call(id)));
    expect(() => store.transaction(() => {
      insert('a');
      store.transaction(() => insert('b'));
      throw new Error('no');
    })).toThrow('no');
    expect(store.run(store.db.selectFrom('calls').select('id'))).toEqual([]);
    store.transaction(() => ['a', 'b'].forEach(insert));
    expect(await store.db.selectFrom('calls').select('id').orderBy('id').execute()).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('keep the rules of a CDR: an ended call has a cause, an open one has none', async () => {
    const store = await open();
    expect(() => store.run(store.db.insertInto('calls').values({ ...call('x'), state: 'ended', ended_at: 5 }))).toThrow(StoreError);
    expect(() => store.run(store.db.insertInto('calls').values({ ...call('x'), cause: 'failed' }))).toThrow(StoreError);
  });

  it('reject with typed errors when awaited too', async () => {
    const store = await open();
    await store.db.insertInto('calls').values(call('x')).execute();
    expect(await codeOf(store.db.insertInto('calls').values(call('x')).execute())).toBe('store.constraint');
  });

  it('refuse a transaction that awaits', async () => {
    const store = await open();
    await expect(store.db.transaction().execute(async () => 1)).rejects.toThrow('Store.transaction');
  });

  it('counts what a change touched, and remembers small values', async () => {
    const store = await open();
    store.transaction(() => ['a', 'b'].forEach((id) => store.run(store.db.insertInto('calls').values(call(id)))));
    expect(store.change(store.db.updateTable('calls').set({ state: 'ivr' }))).toBe(2);
    store.setMeta('k', '1');
    store.setMeta('k', '2');
    expect([store.getMeta('k'), store.getMeta('none')]).toEqual(['2', undefined]);
  });
});

it('makes IDs that sort by time and never meet', () => {
  const ids = Array.from({ length: 1000 }, (_, i) => newId('call', 1_700_000_000_000 + i));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(Array.from({ length: 10_000 }, () => newId('call', 5))).size).toBe(10_000);
  expect(ids[0]).toMatch(/^call_[0-9a-z]{26}$/);
});

it('pages by cursor and refuses a forged one', () => {
  const rows = [3, 2, 1].map((at) => ({ at, id: `c${at}` }));
  const { items, nextCursor } = page(rows, 2, (r) => r);
  expect(items.map((r) => r.id)).toEqual(['c3', 'c2']);
  expect(decodeCursor(nextCursor ?? '')).toEqual({ at: 2, id: 'c2' });
  expect(page(rows, 3, (r) => r).nextCursor).toBeUndefined();
  for (const bad of ['', 'abc', encodeCursor({ at: -1, id: 'x' }), Buffer.from('5:a b').toString('base64url')]) expect(() => decodeCursor(bad)).toThrow('cursor');
});

it('gives what is there already its place: recordings by when they began, and what is still to be put into the index of words', async () => {
  await (await openStore({ path })).close();
  const old = new BetterSqlite3(path);
  for (const trigger of ['recording_placed', 'recording_state', 'recording_call', 'recording_gone']) old.exec(`drop trigger ${trigger}`);
  for (const table of ['recording_places', 'recording_ends', 'recording_words', 'ticket_words', 'words_due']) old.exec(`drop table ${table}`);
  old.exec(`delete from kysely_migration where name = '0020_finding'`);
  const call = old.prepare(`insert into calls (id, direction, from_number, to_number, queue, agent, state, started_at, ended_at, cause) values (?, 'inbound', '+8613800138000', '4000', 'sales', '1001', 'ended', 5, 9, 'completed')`);
  const recording = old.prepare(`insert into recordings (id, call_id, part, path, state, started_at) values (?, ?, ?, 'x', ?, ?)`);
  for (const [id, part, state, at] of [['r2', 1, 'done', 7], ['r1', 2, 'deleted', 7], ['r3', 3, 'done', 6]] as const) {
    if (part === 1) call.run('c1');
    recording.run(id, 'c1', part, state, at);
  }
  old.exec(`insert into transcripts (id, call_id, recording_id, part, language, how, state, segments, at) values ('t1', 'c1', 'r3', 3, 'en', 'live', 'done', '[]', 9)`);
  old.close();
  const store = await open();
  const read = <R>(text: string): R[] => store.run<R>({ compile: () => CompiledQuery.raw(text) });
  expect(read('select recording, num, agent, queue, deleted from recording_places order by num')).toEqual([
    { recording: 'r3', num: 6 * 1024, agent: '1001', queue: 'sales', deleted: 0 }, { recording: 'r1', num: 7 * 1024, agent: '1001', queue: 'sales', deleted: 1 }, { recording: 'r2', num: 7 * 1024 + 1, agent: '1001', queue: 'sales', deleted: 0 },
  ]);
  expect(read('select distinct ending from recording_ends order by ending')).toEqual(['000', '00138000', '4000', '8000'].map((ending) => ({ ending })));
  expect(read('select kind, place from words_due')).toEqual([{ kind: 'recording', place: 6 * 1024 }]);
  store.change({ compile: () => CompiledQuery.raw(`insert into recordings (id, call_id, part, path, state, started_at) values ('r4', 'c1', 4, 'x', 'recording', 7)`) });
  expect(read(`select num, (select count(*) from recording_ends e where e.num = p.num) as ends from recording_places p where recording = 'r4'`)).toEqual([{ num: 7 * 1024 + 2, ends: 4 }]);
  store.change(store.db.deleteFrom('calls'));
  expect([read('select num from recording_places'), read('select num from recording_ends')]).toEqual([[], []]);
});

it('brings a database of the version before up to date, with all that is in it', async () => {
  await (await openStore({ path })).close();
  const old = new BetterSqlite3(path);
  for (const table of ['acd_log', 'acd_snapshots', 'acd_contacts', 'agent_states', 'acd_settings', 'idempotency_keys']) old.exec(`drop table ${table}`);
  old.exec(`drop index events_queue; delete from kysely_migration where name <> '0001_ground'`);
  old.exec(`insert into events (id, type, at, subject, data) values ('e1', 'call.left_queue', 5, 'call:c1', '{"queue":"support","why":"connected","waited_ms":3}')`);
  old.close();
  const store = await open();
  const ofQueue = CompiledQuery.raw(`select subject from events where json_extract(data, '$.queue') = 'support' and ${queueFigures}`);
  expect(store.run({ compile: () => ofQueue })).toEqual([{ subject: 'call:c1' }]);
  expect(store.run(store.db.selectFrom('acd_log').selectAll())).toEqual([]);
});
