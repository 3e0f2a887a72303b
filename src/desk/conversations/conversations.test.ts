import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEvents, type Events } from '../../events/index.js';
import { openStore, type Store } from '../../store/index.js';
import { inOrder, throughPages } from '../../../test/kit/paging.js';
import type { FileView } from '../files/index.js';
import { createConversations, type Conversations, type Live } from './index.js';

let store: Store;
let events: Events;
let room: Conversations;
let told: Live[];
let clock = 1_000;
let full = false;
const attached: string[] = [];
const log = { error: (fields: object) => { throw new Error(JSON.stringify(fields)); } };
const files = { of: (): FileView[] => [], remove: (): void => { throw new Error('none'); }, get: (): FileView => { throw new Error('not asked'); }, attach: (id: string, about: string, by: string): FileView => (attached.push(`${id} ${about} ${by}`), {} as FileView) };

beforeEach(async () => {
  [clock, full, told] = [1_000, false, []];
  attached.length = 0;
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log });
  const publishAll: Events['publishAll'] = (facts, alongside) => !full && events.publishAll(facts, alongside);
  room = createConversations({ store, events: { publishAll }, files, log, now: () => (clock += 10) });
});
afterEach(() => store.close());

const begin = (): string => {
  const { id } = room.open({ channel: 'chat', visitor: 'v1', name: '张伟', language: 'zh-CN', form: { topic: 'refund' } });
  room.queued(id, { queue: 'support', contact: 'c1', by: 'visitor:v1' });
  room.assigned(id, { agent: '1001', name: 'Lin', queue: 'support', by: 'queue' });
  return id;
};
const said = (id: string, internal = true): string[] => room.messages(id, 0, 100, internal).map((m) => `${m.seq} ${m.by} ${m.kind === 'event' ? `(${m.text})` : m.text}`);
const types = (id: string): string[] => events.of(`conversation:${id}`).map((f) => f.type);

describe('a conversation', () => {
  it('keeps everything that was said in its order, and what was sent twice once', () => {
    const id = begin();
    const first = room.say(id, { by: 'visitor:v1', text: '我的订单呢', clientId: 'a' });
    room.say(id, { by: 'agent:1001', name: 'Lin', text: '马上查', clientId: 'a' });
    expect(room.say(id, { by: 'visitor:v1', text: '我的订单呢', clientId: 'a' })).toEqual({ message: first.message, repeated: true });
    expect(said(id)).toEqual(['1 queue (assigned)', '2 visitor:v1 我的订单呢', '3 agent:1001 马上查']);
    expect(room.messages(id, 2, 100, true).map((m) => m.seq)).toEqual([3]);
    expect(types(id)).toEqual(['conversation.started', 'conversation.joined', 'conversation.assigned', 'conversation.message', 'conversation.message', 'conversation.message']);
    expect(JSON.stringify(events.of(`conversation:${id}`))).not.toContain('订单');
  });

  it('hides notes among agents from the visitor, who can write none', () => {
    const id = begin();
    room.say(id, { by: 'agent:1001', text: 'VIP', visibility: 'internal' });
    expect(said(id, false)).toEqual(['1 queue (assigned)']);
    expect(() => room.say(id, { by: 'visitor:v1', text: 'x', visibility: 'internal' })).toThrow('notes are for agents');
  });

  it('is the open one of its customer, and knows who spoke last, on whatever device he did; his app sends files for him', () => {
    const id = begin();
    room.identify(id, 'cus_1', 'system');
    const ended = room.open({ channel: 'app', customer: 'cus_1' }).id;
    room.end(ended, 'system', 'test');
    expect([room.newestOf('customer', 'cus_1')?.id, room.openOf('cus_1')?.id, room.openOf('cus_2')]).toEqual([ended, id, undefined]);
    expect(room.lastSaid(id, 'anybody')).toBeUndefined();
    room.join(id, 'visitor:app_cus_1', '张伟');
    room.say(id, { by: 'visitor:app_cus_1', text: 'my photo', file: 'file_1', sentBy: 'user:key_1' });
    room.say(id, { by: 'agent:1001', text: 'thanks' });
    room.say(id, { by: 'agent:1001', text: 'a note', visibility: 'internal' });
    expect([room.lastSaid(id, 'anybody')?.text, room.lastSaid(id, 'customer')?.text, attached.at(-1)]).toEqual(['thanks', 'my photo', `file_1 conversation:${id} user:key_1`]);
  });

  it('is written in by those who take part; notes by anybody of the house', () => {
    const id = begin();
    expect(() => room.say(id, { by: 'agent:1002', text: 'hi' })).toThrow('you take no part');
    room.say(id, { by: 'agent:1002', text: 'look at order 7', visibility: 'internal' });
    room.join(id, 'agent:1002', 'Omar');
    room.join(id, 'agent:1002', 'Omar');
    room.say(id, { by: 'agent:1002', name: 'Omar', text: 'hi' });
    expect(() => room.leave(id, 'agent:1001')).toThrow('is yours');
    room.leave(id, 'agent:1002');
    expect(room.get(id).parties.filter((p) => p.leftAt === null).map((p) => p.party)).toEqual(['visitor:v1', 'agent:1001']);
    expect(said(id, false).slice(1)).toEqual(['3 agent:1002 (joined)', '4 agent:1002 hi', '5 agent:1002 (left)']);
  });

  it('knows whether the agent who has it now has answered', () => {
    const id = begin();
    room.join(id, 'agent:1002', 'Omar');
    room.say(id, { by: 'agent:1002', text: 'hi' });
    expect(room.get(id)).toMatchObject({ replied: false, firstReplyAt: expect.any(Number) as number });
    room.say(id, { by: 'agent:1001', text: 'hello' });
    expect(room.get(id).replied).toBe(true);
    expect(room.handedBack(id, 'desktop_gone')).toMatchObject({ state: 'queued', agent: null, replied: false, contact: 'c1' });
  });

  it('is read up to somewhere and never back', () => {
    const id = begin();
    room.say(id, { by: 'visitor:v1', text: '1' });
    room.read(id, 'agent:1001', 99);
    room.read(id, 'agent:1001', 1);
    expect(room.get(id).parties.find((p) => p.party === 'agent:1001')?.read).toBe(2);
    expect(types(id).filter((t) => t === 'conversation.read')).toHaveLength(1);
  });

  it('ends once; then there are only notes, a repeated message and one rating', () => {
    const id = begin();
    const { message } = room.say(id, { by: 'visitor:v1', text: 'bye', clientId: 'b' });
    expect(() => room.rate(id, 5)).toThrow('not ended yet');
    room.end(id, 'visitor:v1', 'visitor');
    expect(room.end(id, 'agent:1001', 'agent')).toMatchObject({ endedBy: 'visitor:v1', endWhy: 'visitor' });
    expect(() => room.say(id, { by: 'visitor:v1', text: 'more' })).toThrow('has ended');
    expect(room.say(id, { by: 'visitor:v1', text: 'bye', clientId: 'b' }).message).toEqual(message);
    room.say(id, { by: 'agent:1001', text: 'refund paid', visibility: 'internal' });
    expect(room.rate(id, 4, 'ok')).toMatchObject({ rating: 4, ratingComment: 'ok' });
    expect(() => room.rate(id, 1)).toThrow('rated already');
  });

  it('takes files that the sender has sent, and no empty or endless text', () => {
    const id = begin();
    room.say(id, { by: 'visitor:v1', file: 'file_1' });
    expect(attached).toEqual([`file_1 conversation:${id} visitor:v1`]);
    expect(() => room.say(id, { by: 'visitor:v1', text: ' ' })).toThrow('nothing in this message');
    expect(() => room.say(id, { by: 'visitor:v1', text: 'x'.repeat(4_001) })).toThrow('at most 4000');
  });

  it('that cannot be written is not told, and can be said again', () => {
    const id = begin();
    room.follow(id, (live) => told.push(live));
    full = true;
    expect(() => room.say(id, { by: 'visitor:v1', text: 'hi', clientId: 'c' })).toThrow('could not be written');
    expect([told, said(id)]).toEqual([[], ['1 queue (assigned)']]);
    full = false;
    expect(room.say(id, { by: 'visitor:v1', text: 'hi', clientId: 'c' })).toMatchObject({ repeated: false, message: { seq: 2 } });
    expect(told.map((l) => l.is)).toEqual(['message']);
  });

  it('tells those who follow who is writing, and forgets it', () => {
    const id = begin();
    const stop = room.follow(id, (live) => told.push(live));
    room.typing(id, 'agent:1001', true);
    room.typing(id, 'agent:1002', true); // takes no part
    stop();
    room.typing(id, 'agent:1001', false);
    expect(told).toEqual([{ is: 'typing', conversation: id, party: 'agent:1001', name: 'Lin', on: true, visibility: 'public' }]);
  });
});

describe('what was said', () => {
  const found = async (q: string, more: object = {}): Promise<string[]> => (await room.search({ q, notes: true, limit: 10, ...more })).items.map((c) => c.id);
  it('is found in Chinese from two characters on, in English by beginnings, in numbers by their ends, in both together', async () => {
    const [a, b] = [begin(), begin()];
    room.say(a, { by: 'visitor:v1', text: '我的订单A1要退款，电话13800138000' });
    room.say(b, { by: 'agent:1001', text: 'Your refund is on its way' });
    expect([await found('退款'), await found('订单 a1'), await found('refun'), await found('8000'), await found('款退'), await found('订单 refund')]).toEqual([[a], [a], [b], [a], [], []]);
  });

  it('in notes is found by those only who may see them', async () => {
    const id = begin();
    room.say(id, { by: 'agent:1002', text: 'he is a thief', visibility: 'internal' });
    room.say(id, { by: 'visitor:v1', text: 'hello thief' });
    const other = begin();
    room.say(other, { by: 'agent:1002', text: 'a thief as well', visibility: 'internal' });
    expect([await found('thief'), await found('thief', { notes: false })]).toEqual([[other, id], [id]]);
  });

  it('comes newest first, each conversation once, page by page, however often the word was said', async () => {
    const ids = Array.from({ length: 7 }, () => begin());
    for (let i = 0; i < 700; i += 1) room.say(ids[i % 7]!, { by: 'visitor:v1', text: `hello ${i}` });
    const pages: string[][] = [];
    for (let cursor: string | undefined; pages.length === 0 || cursor !== undefined;) {
      const { items, nextCursor } = await room.search({ q: 'hello', notes: true, limit: 3, cursor });
      pages.push(items.map((c) => c.id));
      cursor = nextCursor;
    }
    expect(pages).toEqual([[ids[6], ids[5], ids[4]], [ids[3], ids[2], ids[1]], [ids[0]]]);
  });

  it('of one customer is found however often others said it, and where nobody fits a page may be empty and lead on', async () => {
    const ids = Array.from({ length: 40 }, () => begin());
    for (let i = 0; i < 4_500; i += 1) room.say(ids[i % 40]!, { by: 'visitor:v1', text: `hello ${i}` });
    room.identify(ids[3]!, 'cus_3', 'agent:1001');
    expect([await found('hello', { customer: 'cus_3' }), await found('hel', { customer: 'cus_3' }), await found('hello', { customer: 'cus_4' })]).toEqual([[ids[3]], [ids[3]], []]);
    const pages: string[][] = [];
    for (let cursor: string | undefined; pages.length === 0 || cursor !== undefined;) {
      const { items, nextCursor } = await room.search({ q: 'hello', notes: true, parties: ['agent:1001'], limit: 25, cursor });
      pages.push(items.map((c) => c.id));
      cursor = nextCursor;
    }
    expect(pages.flat()).toEqual(ids.toReversed());
  });

  it('is found only where somebody may look, and not once it is erased', async () => {
    const ids = Array.from({ length: 3 }, () => begin());
    for (const id of ids) room.say(id, { by: 'visitor:v1', text: '退款' });
    room.join(ids[1]!, 'agent:1002', null);
    expect([await found('退款', { parties: ['agent:1002'] }), await found('退款', { parties: [] }), await found('退款', { state: 'ended' })]).toEqual([[ids[1]], [], []]);
    room.end(ids[1]!, 'system', 'x');
    room.erase(ids[1]!, 'boss', 'retention');
    expect(await found('退款')).toEqual([ids[2], ids[0]]);
    expect(store.run(store.db.selectFrom('conversation_numbers').select('num')).length).toBe(2);
  });

  it('of an earlier version is put into the index', async () => {
    const id = begin();
    room.say(id, { by: 'visitor:v1', text: '退款' });
    store.change({ compile: () => sql`delete from message_words`.compile(store.db) });
    store.change(store.db.updateTable('conversation_numbers').set({ words: 0 }));
    expect(await found('退款')).toEqual([]);
    room.indexOlder();
    await vi.waitFor(async () => expect(await found('退款')).toEqual([id]));
  });
});

it('a list shows what somebody has to do with, page by page', () => {
  const ids = Array.from({ length: 5 }, () => begin());
  room.join(ids[1]!, 'agent:1002', null);
  expect(room.list({ parties: ['agent:1002'], limit: 10 }).items.map((c) => c.id)).toEqual([ids[1]]);
  expect(room.list({ parties: [], contacts: ['c1'], limit: 10 }).items).toHaveLength(5);
  expect(room.list({ parties: [], limit: 10 }).items).toEqual([]);
  const page = room.list({ state: 'live', limit: 2 });
  expect([...page.items, ...room.list({ state: 'live', limit: 9, cursor: page.nextCursor }).items].map((c) => c.id)).toEqual([...ids].reverse());
});

it('conversations can be had newest and oldest first, page by page, each of them once', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 10 }), fc.integer({ min: 1, max: 4 }), fc.boolean(), async (times, limit, oldestFirst) => {
    store.run(store.db.deleteFrom('conversations'));
    const rows = times.map((at) => {
      const { id } = room.open({ channel: 'chat', visitor: 'v1', name: 'x', language: 'en', form: {} });
      store.run(store.db.updateTable('conversations').set({ started_at: at }).where('id', '=', id));
      return { id, at };
    });
    expect((await throughPages((cursor) => room.list({ limit, cursor, oldestFirst }))).map(({ id }) => id)).toEqual(inOrder(rows, !oldestFirst));
  }), { numRuns: 40 });
  for (const name of ['a', 'b']) room.open({ channel: 'chat', visitor: 'v1', name, language: 'en', form: {} });
  const { nextCursor: cursor } = room.list({ limit: 1 });
  expect(() => room.list({ limit: 1, cursor, oldestFirst: true })).toThrow('cursor');
});
