import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEvents, type Events } from '../events/index.js';
import { finderHere, openStore, type Store } from '../store/index.js';
import { throughPages } from '../../test/kit/paging.js';
import { createArchive, type Archive } from './index.js';

const T0 = Date.UTC(2026, 10, 20, 10);
const DAY = 86_400_000;
let dir = '';
let store: Store;
let events: Events;
let archive: Archive;
let keepDays: number | undefined;
const clock = { now: T0 };
const audited: string[] = [];
const later: (() => void)[] = [];
const settle = (): void => { while (later.length > 0) later.splice(0).forEach((run) => run()); };
const open = (): Archive => createArchive({
  store, events, finder: finderHere(store), keepMs: () => (keepDays === undefined ? undefined : keepDays * DAY), audit: (action, object) => void audited.push(`${action} ${object}`),
  log: { info: () => undefined, error: (fields, message) => { throw new Error(`${message} ${JSON.stringify(fields)}`); } }, now: () => clock.now, later: (run) => void later.push(run),
});
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'archive-'));
  store = await openStore({ path: ':memory:' });
  clock.now = T0;
  keepDays = undefined;
  audited.length = 0;
  events = createEvents({ store, log: { error: () => undefined }, now: () => clock.now });
  archive = open();
});
afterEach(async () => {
  await archive.close();
  await store.close();
  rmSync(dir, { recursive: true });
});

type Made = { id: string; path: string };
let made = 0;
function record(over: { from?: string; to?: string; queue?: string; agent?: string; at?: number; customer?: string | undefined; said?: [speaker: 'customer' | 'other', text: string][]; state?: 'done' | 'recording' } = {}): Made {
  const n = (made += 1);
  const [id, call, at] = [`rec_${n}`, `call_${n}`, over.at ?? T0 + n];
  const path = join(dir, `${id}.wav`);
  writeFileSync(path, 'audio');
  const { db } = store;
  store.run(db.insertInto('calls').values({ id: call, direction: 'inbound', from_number: over.from ?? '+8613800138000', to_number: over.to ?? '4000', trunk: null, did: null, state: 'ended', queue: over.queue ?? 'support', agent: over.agent ?? '1001', started_at: at, answered_at: at, ended_at: at, cause: 'completed', language: null }));
  store.run(db.insertInto('recordings').values({ id, call_id: call, part: 1, path, state: over.state ?? 'done', started_at: at, ended_at: at, ms: 5_000, bytes: 5, error: null }));
  if (over.customer !== undefined) {
    store.run(db.insertInto('customer_links').values({ subject: `call:${call}`, customer: over.customer, at }));
  }
  if (over.said) {
    const segments = over.said.map(([speaker, text], i) => ({ speaker, start_ms: i * 1_000, end_ms: i * 1_000 + 900, text, confidence: 1, words: [] }));
    store.run(db.insertInto('transcripts').values({ id: `tr_${n}`, call_id: call, recording_id: id, part: 1, language: 'zh-CN', how: 'live', state: 'done', segments: JSON.stringify(segments), error: null, at }));
    for (const { speaker, start_ms, end_ms, text } of segments) events.publish('call.transcript_segment', `call:${call}`, { recording: id, part: 1, speaker, start_ms, end_ms, text, confidence: 1 });
    events.publish('call.transcribed', `call:${call}`, { recording: id, part: 1, language: 'zh-CN', how: 'live', segments: segments.length });
    settle();
  }
  return { id, path };
}
const page = { limit: 100, cursor: undefined };
const found = async (filter: Parameters<Archive['list']>[0]): Promise<string[]> => (await archive.list(filter, page)).items.map((row) => row.id);

describe('found', () => {
  it('by queue, agent, call, time, and the end of a number', async () => {
    const [a, b] = [record({ from: '+8613911112222', queue: 'sales' }), record({ to: '+441214960000', agent: '1002', at: T0 + DAY })];
    expect(await found({})).toEqual([b.id, a.id]);
    expect(await found({ queue: 'sales' })).toEqual([a.id]);
    expect(await found({ agent: '1002' })).toEqual([b.id]);
    expect(await found({ agents: ['1001'] })).toEqual([a.id]);
    expect(await found({ agents: [] })).toEqual([]);
    expect(await found({ number: '2222' })).toEqual([a.id]);
    expect(await found({ number: '+441214960000' })).toEqual([b.id]);
    expect(await found({ since: T0 + DAY })).toEqual([b.id]);
    expect(await found({ until: T0 + DAY })).toEqual([a.id]);
  });

  it('by customer, also under the one he was merged into', async () => {
    const customer = (id: string, num: number, root: string) => store.run(store.db.insertInto('customers').values({ num, id, root, parent: root === id ? null : root, name: null, language: null, team: null, adviser: null, last_agent: null, last_contact_at: null, verified_until: null, verified_at: null, verified_how: null, verified_by: null, version: 1, rules: null, tags_due: null, created_at: T0, created_by: 'x', updated_at: T0 }));
    customer('cus_1', 1, 'cus_1');
    customer('cus_2', 2, 'cus_1');
    const [one, other] = [record({ customer: 'cus_1' }), record({ customer: 'cus_2' })];
    record();
    expect(await found({ customer: 'cus_1' })).toEqual([other.id, one.id]);
    expect((await archive.list({ customer: 'cus_2' }, page)).items.map((row) => row.customer)).toEqual(['cus_1', 'cus_1']);
  });

  it.each<[words: string, hits: boolean]>([
    ['退款', true], ['退', true], ['取消订单', true], ['取消', true], ['消订', true], ['refund', true], ['REFUND order', true], ['ref', true], ['张伟', true], ['A12', true], ['订单取消', false], ['退订', false], ['cancel', false], ['款 张', true],
  ])('by words said, though the recogniser puts blanks between them: %s', async (words, hits) => {
    const { id } = record({ said: [['customer', '我 想 取消 订单 要 退款'], ['other', 'a refund for the order A123'], ['customer', '我 叫 张 伟']] });
    expect(await found({ words })).toEqual(hits ? [id] : []);
  });

  it('with the places where it was said', async () => {
    record({ said: [['customer', '你好'], ['other', '您的 退 款 已 到账'], ['customer', '谢谢']] });
    const { items } = await archive.spoken({ words: '退款' }, page);
    expect(items[0]?.places).toEqual([expect.objectContaining({ speaker: 'other', start_ms: 1_000, text: '您的 退 款 已 到账' })]);
  });

  it('page by page, and not for nothing', async () => {
    const ids = [1, 2, 3].map(() => record().id);
    const first = await archive.list({}, { limit: 2, cursor: undefined });
    const second = await archive.list({}, { limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map((row) => row.id)).toEqual([...ids].reverse());
    expect(second.nextCursor).toBeUndefined();
    await expect(archive.list({ words: '!?' }, page)).rejects.toThrow('nothing to look for');
  });
});

it('everything that is asked for at once holds, newest and oldest first, page by page', async () => {
  const some = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
  const made = fc.array(fc.record({ at: fc.integer({ min: 1, max: 5 }), agent: fc.constantFrom('1001', '1002', '1003'), queue: fc.constantFrom('sales', 'support'), from: fc.constantFrom('+8613800138000', '+441214960000', '4000'), customer: some(['cus_1', 'cus_2']), said: fc.constantFrom('退款', '退货 refund', 'refunds') }), { maxLength: 12 });
  const filter = fc.record({ agent: some(['1001', '1009']), agents: some([['1001', '1002'], ['1003'], []]), queue: some(['sales']), number: some(['000', '8000', '13800138000', '+441214960000', '99999999']), customer: some(['cus_1']), since: some([T0 + 2]), until: some([T0 + 4]), words: some(['退', '退款', 'refund', 'refunds', '没有']), held: some([true, false]), deleted: some([true]) });
  await fc.assert(fc.asyncProperty(made, filter, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (all, f, limit, oldestFirst) => {
    store.run(store.db.deleteFrom('calls'));
    const rows = all.map((one, i) => ({ ...one, i, id: record({ ...one, at: T0 + one.at, said: [['customer', one.said]] }).id }));
    const [held, gone] = [rows[0]?.id, rows[1]?.id];
    if (held !== undefined) archive.hold(held, 'case', 'usr_1');
    if (gone !== undefined) await archive.remove(gone, 'usr_1');
    const has = (text: string): boolean => f.words === undefined || (f.words === '退款' ? text.includes('退款') : text.split(' ').some((one) => one.startsWith(f.words ?? '')));
    const expected = rows.filter((r) => (f.deleted === true) === (r.id === gone) && (f.agent === undefined || r.agent === f.agent) && (f.agents === undefined || f.agents.includes(r.agent)) && (f.queue === undefined || r.queue === f.queue)
      && (f.number === undefined || r.from.endsWith(f.number) || '4000'.endsWith(f.number)) && (f.customer === undefined || r.customer === f.customer) && T0 + r.at >= (f.since ?? 0) && T0 + r.at < (f.until ?? Infinity)
      && (f.held === undefined || f.held === (r.id === held)) && has(r.id === gone ? '' : r.said)).sort((a, b) => a.at - b.at || a.i - b.i).map(({ id }) => id);
    expect((await throughPages((cursor) => archive.list(f, { limit, cursor, oldestFirst }))).map(({ id }) => id)).toEqual(oldestFirst ? expected : expected.toReversed());
  }), { numRuns: 150 });
});

it('follows the call: who has it now finds its recording', async () => {
  const { id } = record();
  store.run(store.db.updateTable('calls').set({ agent: '1002', queue: 'sales' }));
  expect([await found({ agent: '1001' }), await found({ agent: '1002', queue: 'sales' }), await found({ agents: ['1002'] })]).toEqual([[], [id], [id]]);
});

it('what an earlier version had transcribed is put into the index after the start', async () => {
  const ids = Array.from({ length: 9 }, () => record({ said: [['customer', '退款']] }).id);
  for (const text of ['delete from recording_words', `insert into words_due (kind, place) select 'recording', num from recording_places`]) store.change({ compile: () => CompiledQuery.raw(text) });
  expect(await found({ words: '退款' })).toEqual([]);
  await archive.close();
  archive = open();
  await vi.waitFor(async () => expect(await found({ words: '退款' })).toEqual(ids.toReversed()));
  expect(store.run(store.db.selectFrom('words_due').selectAll())).toEqual([]);
});

describe('deleted', () => {
  it('file, transcript, index and the words in the log are gone; the row says when and by whom', async () => {
    const { id, path } = record({ said: [['customer', '我的 秘密']] });
    await archive.remove(id, 'usr_1');
    expect(existsSync(path)).toBe(false);
    expect([await found({}), await found({ words: '秘密' }), await found({ deleted: true })]).toEqual([[], [], [id]]);
    expect(archive.get(id)).toMatchObject({ state: 'deleted', deleted_by: 'usr_1', deleted_why: 'asked', deleted_at: T0, transcript: null });
    expect(JSON.stringify(events.since(0, 1_000))).not.toContain('秘密');
    expect(events.since(0, 1_000).at(-1)).toMatchObject({ type: 'call.recording_deleted', data: { recording: id, by: 'usr_1', why: 'asked' } });
    await expect(archive.remove(id, 'usr_1')).rejects.toThrow('was deleted');
    expect(() => archive.hold(id, 'late', 'usr_1')).toThrow('was deleted');
  });

  it('not while it is on hold or still recorded', async () => {
    const { id, path } = record();
    archive.hold(id, 'case 12', 'usr_2');
    await expect(archive.remove(id, 'usr_1')).rejects.toThrow('case 12');
    expect(await found({ held: true })).toEqual([id]);
    archive.release(id, 'usr_2');
    expect([await found({ held: true }), existsSync(path)]).toEqual([[], true]);
    await archive.remove(id, 'usr_1');
    await expect(archive.remove(record({ state: 'recording' }).id, 'usr_1')).rejects.toThrow('still being recorded');
    await expect(archive.remove('rec_none', 'usr_1')).rejects.toThrow('no recording');
  });

  it('by retention, but for what is held; each with a line in the audit log', async () => {
    const [old, held, young] = [record({ at: T0 - 40 * DAY }), record({ at: T0 - 50 * DAY }), record({ at: T0 - DAY })];
    archive.hold(held.id, 'case', 'usr_1');
    expect(await archive.sweep()).toBe(0);
    keepDays = 30;
    expect(await archive.sweep()).toBe(1);
    expect([existsSync(old.path), existsSync(held.path), existsSync(young.path)]).toEqual([false, true, true]);
    expect(audited).toEqual([`recording.expire /v1/recordings/${old.id}`]);
    expect(archive.get(old.id)).toMatchObject({ deleted_by: 'retention', deleted_why: 'retention' });
  });

  it('a file that an earlier run left behind goes at the next start', async () => {
    const { id, path } = record();
    await archive.remove(id, 'usr_1');
    writeFileSync(path, 'left behind');
    store.run(store.db.updateTable('recording_marks').set({ file_gone: 0 }));
    await archive.close();
    archive = open();
    await archive.sweep();
    expect(existsSync(path)).toBe(false);
  });
});

it('recordings can be had newest and oldest first, page by page, each of them once; so can transcripts', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }), fc.integer({ min: 1, max: 4 }), fc.boolean(), async (times, limit, oldestFirst) => {
    store.run(store.db.deleteFrom('calls'));
    store.run(store.db.deleteFrom('transcripts'));
    store.run(store.db.deleteFrom('recordings'));
    const rows = times.map((at) => ({ id: record({ at: T0 + at, said: [['customer', 'refund please']] }).id, at }));
    // Of one millisecond in the order in which they were made.
    const inTime = [...rows].sort((a, b) => a.at - b.at).map(({ id }) => id);
    const expected = oldestFirst ? inTime : inTime.toReversed();
    expect((await throughPages((cursor) => archive.list({}, { limit, cursor, oldestFirst }))).map(({ id }) => id)).toEqual(expected);
    expect((await throughPages((cursor) => archive.spoken({ words: 'refund' }, { limit, cursor, oldestFirst }))).map(({ id }) => id)).toEqual(expected);
  }), { numRuns: 25 });
  for (const at of [1, 2]) record({ at: T0 + at });
  const { nextCursor: cursor } = await archive.list({}, { limit: 1, cursor: undefined });
  await expect(archive.list({}, { limit: 1, cursor, oldestFirst: true })).rejects.toThrow('cursor');
});
