import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEvents, type Events } from '../events/index.js';
import { openStore, type Store } from '../store/index.js';
import { createConversations, type Conversations } from '../desk/conversations/index.js';
import { createFiles, type Files } from '../desk/files/index.js';
import { createErasing, noteErasures, type Erasing } from '../desk/erasing/index.js';

const DAY = 86_400_000;
const T0 = Date.UTC(2026, 10, 20, 10);
let folder = '';
let [store, events, files, room, erasing] = [] as unknown as [Store, Events, Files, Conversations, Erasing];
let keepDays: number | undefined;
let full = false;
const clock = { now: T0 };
const [audited, forgotten]: [string[], string[]] = [[], []];
const log = { info: () => undefined, error: (fields: object, message: string) => { throw new Error(`${message} ${JSON.stringify(fields)}`); } };
const nothing = { ofCustomer: () => [], keepsOf: () => false, erase: () => undefined };

beforeEach(async () => {
  [clock.now, keepDays, full] = [T0, undefined, false];
  audited.length = forgotten.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'erasing-'));
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log, now: () => clock.now });
  files = createFiles({ store, folder, log, now: () => clock.now });
  const publishAll: Events['publishAll'] = (facts, alongside) => !full && events.publishAll(facts, alongside);
  room = createConversations({ store, events: { publishAll }, files, log, now: () => clock.now });
  erasing = createErasing({ store, conversations: room, tickets: nothing, forgetVisitors: (one) => void forgotten.push(one), keepMs: () => (keepDays === undefined ? undefined : keepDays * DAY), audit: (action, object) => void audited.push(`${action} ${object}`), log, now: () => clock.now });
});
afterEach(async () => {
  await erasing.close();
  files.close();
  rmSync(folder, { recursive: true });
  await store.close();
});

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
/** Began and ended at this time. */
async function talk(at: number, customer = 'cus_1', over = true): Promise<string> {
  clock.now = at;
  const { id } = room.open({ channel: 'chat', visitor: 'vis_1', customer, name: '张伟', form: { phone: '13800138000' }, source: 'https://shop.example/?user=zw' });
  room.queued(id, { queue: 'support', contact: 'c1', by: 'visitor:vis_1' });
  room.assigned(id, { agent: '1001', name: 'Lin', queue: 'support', by: 'queue' });
  const file = await files.add({ content: bytes(`my passport ${id}`), name: 'pass.txt', by: 'visitor:vis_1' });
  room.say(id, { by: 'visitor:vis_1', name: '张伟', text: 'my number is 13800138000', file: file.id });
  room.browsed(id, customer, [{ at: '2026-11-20', url: 'https://shop.example/?user=zw', title: 'Hello 张伟' }]);
  if (over) room.end(id, 'agent:1001', 'agent');
  return id;
}
const left = (id: string): string => JSON.stringify([room.get(id), room.messages(id, 0, 100, true), events.of(`conversation:${id}`), files.of(`conversation:${id}`)]);
const state = (id: string): string => {
  const { erased, hold } = room.get(id);
  return erased ? `erased: ${erased.why}` : hold ? 'held' : 'kept';
};

describe('conversations that were kept for long enough', () => {
  it('lose what was said, files too, and keep that they were; younger ones, live ones and those on hold stay', async () => {
    const [old, held, live, young] = [await talk(T0), await talk(T0), await talk(T0, 'cus_1', false), await talk(T0 + 5 * DAY)];
    room.hold(held, 'case 12', 'user:boss');
    clock.now = T0 + 11 * DAY;
    expect([await erasing.sweep(), state(old)]).toEqual([0, 'kept']);
    keepDays = 10;
    expect([await erasing.sweep(), await erasing.sweep()]).toEqual([1, 0]);
    expect([old, held, live, young].map(state)).toEqual(['erased: retention', 'held', 'kept', 'kept']);
    for (const personal of ['张伟', '13800138000', 'passport', 'shop.example', 'cus_1"', 'pass.txt']) expect(left(old).replaceAll(/"customer":"cus_1"/g, ''), personal).not.toContain(personal);
    expect(room.get(old)).toMatchObject({ agent: '1001', lastSeq: 3, customer: null, visitor: null, parties: [{ party: 'agent:1001' }] });
    expect(audited).toEqual([`conversation.expire /v1/conversations/${old}`]);
    expect(events.of(`conversation:${old}`).at(-1)).toMatchObject({ type: 'conversation.erased', data: { by: 'retention', why: 'retention' } });
    expect(left(held)).toContain('my number is');
    expect(() => room.erase(held, 'retention', 'retention')).toThrow('legal hold');
    room.release(held, 'user:boss');
    expect([await erasing.sweep(), state(held)]).toEqual([1, 'erased: retention']);
  });

  it('that began before others but went on are no reason to stop looking', async () => {
    const live = await talk(T0, 'cus_1', false);
    const ids: string[] = [];
    for (let i = 0; i < 45; i += 1) ids.push(await talk(T0 + i));
    [clock.now, keepDays] = [T0 + 2 * DAY, 1];
    expect(await erasing.sweep()).toBe(45);
    expect([state(live), ...new Set(ids.map(state))]).toEqual(['kept', 'erased: retention']);
  });
});

describe('a customer who was removed', () => {
  const remove = (...ids: string[]): void => store.transaction(() => noteErasures(store, ids, 'user:boss', clock.now));
  const noted = (): string[] => store.run(store.db.selectFrom('erasures').select('customer').orderBy('customer')).map((row) => row.customer);

  it('is gone from his conversations, and from those of whom was merged into him; nobody else is', async () => {
    const [his, merged, other] = [await talk(T0), await talk(T0, 'cus_2'), await talk(T0, 'cus_3')];
    remove('cus_1', 'cus_2');
    expect(await erasing.sweep()).toBe(2);
    expect([his, merged, other].map(state)).toEqual(['erased: customer_deleted', 'erased: customer_deleted', 'kept']);
    expect([forgotten, noted()]).toEqual([['cus_1', 'cus_2'], []]);
  });

  it('stays in what is on legal hold until that ends', async () => {
    const id = await talk(T0);
    room.hold(id, 'case 12', 'user:boss');
    remove('cus_1');
    expect([await erasing.sweep(), state(id), noted()]).toEqual([0, 'held', ['cus_1']]);
    room.release(id, 'user:boss');
    expect([await erasing.sweep(), state(id), noted()]).toEqual([1, 'erased: customer_deleted', []]);
  });

  it('a disk that refuses, or a kill, leaves nothing half done for ever', async () => {
    const id = await talk(T0);
    remove('cus_1');
    full = true;
    await expect(erasing.sweep()).rejects.toThrow('could not be written');
    expect([state(id), noted()]).toEqual(['kept', ['cus_1']]);
    full = false;
    expect([await erasing.sweep(), state(id), noted()]).toEqual([1, 'erased: customer_deleted', []]);
  });
});
