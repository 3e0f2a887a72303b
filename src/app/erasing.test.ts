import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailer, type Mailer } from '../channels/mail/index.js';
import { loadConfig } from '../config/index.js';
import { createEvents, type Events } from '../events/index.js';
import { finderHere, openStore, type Store } from '../store/index.js';
import { createConversations, type Conversations } from '../desk/conversations/index.js';
import { createFiles, type Files } from '../desk/files/index.js';
import { createErasing, noteErasures, type Erasing } from '../desk/erasing/index.js';
import { createTickets, TicketErased, type Actor, type TicketDesk, type TicketSetup } from '../desk/tickets/index.js';

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

describe('a ticket that somebody outside of the house works on', () => {
  const boss: Actor = { by: 'user:boss', name: 'boss', roles: ['manager', 'agent'], teams: [], names: ['boss'], scope: 'all' };
  const worker = (name: string, email = `${name}@outlet.example`) => ({ name, label: { 'zh-CN': `${name}师傅`, en: `Mr ${name}` }, email, language: 'en' as const, places: [] });
  let [desk, mailer, setup, tickets] = [] as unknown as [TicketDesk, Mailer, TicketSetup, Erasing];
  const open = (): TicketDesk => createTickets({
    store, events, log, files, setup: () => setup, finder: finderHere(store), now: () => clock.now, calendars: () => ({ between: (a, b) => b - a, after: (a, ms) => a + ms }), linkable: () => true,
    customers: { find: () => undefined, canonical: (id) => id, emailOf: () => undefined },
    notifier: { ready: () => true, addressOf: () => undefined, send: (mail, about, id) => void mailer.send(mail, about, id) },
  });
  beforeEach(() => {
    const shipped = loadConfig('/nowhere').tickets;
    setup = { ...shipped, workers: [worker('futian'), worker('nanshan')], mail: { ...shipped.mail, page: 'https://help.example' } };
    mailer = createMailer({ store, events, config: () => undefined, log, now: () => clock.now });
    desk = open();
    desk.forgetWorkers();
    tickets = createErasing({ store, conversations: { ...nothing, outlived: () => [] }, tickets: desk, forgetVisitors: () => undefined, keepMs: () => undefined, audit: (action, object) => void audited.push(`${action} ${object}`), log, now: () => clock.now });
  });
  afterEach(async () => {
    await tickets.close();
    await desk.close();
    await mailer.close();
  });

  const repair = (name = 'futian'): string => desk.create({ type: 'question', subject: 'A tap of 张伟 drips', text: 'Flat 7, code 4711', channel: 'api', customer: 'cus_1', place: 'Futian Road 7', assignee: `worker:${name}`, requester: { name: '张伟', email: 'zhang@example.com', phone: '+8613800138000' } }, boss).id;
  const of = (name: string) => desk.fieldWork.worker(name)!;
  /** Everything that can be read in the database. */
  const everything = (): string => {
    const read = <R>(text: string): R[] => store.run<R>({ compile: () => CompiledQuery.raw(text) });
    return JSON.stringify(read<{ name: string }>(`select name from sqlite_master where type = 'table' and name not glob '*_words*'`).map(({ name }) => [name, read(`select * from "${name}"`)]));
  };
  const mailsTo = (): string[] => store.run(store.db.selectFrom('mail_outbox').select('mail')).map(({ mail }) => (JSON.parse(mail) as { to: string }).to).sort();

  it('keeps nothing of a customer who is removed: what the worker wrote, sent and was told, and what the page shows', async () => {
    const id = repair();
    const photo = await files.add({ content: bytes('the door of 张伟'), name: 'zhangs-door.txt', by: 'worker:futian' });
    desk.fieldWork.say(of('futian'), id, { text: '张伟 was not in, 13800138000 does not answer', visibility: 'internal', files: [photo.id] });
    desk.fieldWork.say(of('futian'), id, { text: 'Mrs 张伟, I come tomorrow', visibility: 'public', files: [] });
    desk.watch(id, 'neighbour-of-zhang@example.com', true, boss);
    desk.link(id, 'url', 'https://maps.example/Futian-Road-7', boss);
    events.publish('mail.failed', `ticket:${id}`, { mail: 'mail_1', why: '550 <zhang@example.com>: no such user' });
    const personal = /张伟|13800138000|zhang|4711|Futian Road|Futian-Road/;
    expect(mailsTo()).toContain('futian@outlet.example');
    expect(everything()).toMatch(personal);
    store.transaction(() => noteErasures(store, ['cus_1'], 'user:boss', clock.now));
    expect(await tickets.sweep()).toBe(1);
    expect(everything()).not.toMatch(personal);
    expect(mailsTo()).toEqual([]);
    const [shown] = desk.fieldWork.list(of('futian'));
    expect(shown).toMatchObject({ id, subject: '（已删除）', text: '', place: null, requester: { name: null, phone: null } });
    expect(desk.fieldWork.comments(of('futian'), shown!).map(({ text, by }) => [text, by])).toEqual([['', 'worker:futian'], ['', 'worker:futian']]);
    expect(desk.fieldWork.files(of('futian'), shown!).size).toBe(0);
  });

  it('takes no more words of anybody once it is erased, and can still be brought to its end', async () => {
    const id = repair();
    store.transaction(() => noteErasures(store, ['cus_1'], 'user:boss', clock.now));
    await tickets.sweep();
    const refused: [string, () => unknown][] = [
      ['worker', () => desk.fieldWork.say(of('futian'), id, { text: '张伟 again', visibility: 'internal', files: [] })], ['customer', () => desk.mine.say({ of: 'ticket', id }, id, 'it is me', [])], ['house', () => desk.say(id, { text: 'x', visibility: 'internal' }, boss)],
      ['requester', () => desk.patch(id, { requester: { name: '张伟' } }, boss, undefined)], ['subject', () => desk.patch(id, { subject: '张伟' }, boss, undefined)], ['watcher', () => desk.watch(id, 'zhang@example.com', true, boss)], ['order', () => desk.link(id, 'order', 'A-1', boss)],
      ['merge', () => desk.merge(repair(), id, boss, undefined)],
    ];
    for (const [who, run] of refused) expect(run, who).toThrow(TicketErased);
    desk.patch(id, { priority: 'high', assignee: 'worker:nanshan' }, boss, undefined);
    expect(desk.fieldWork.move(of('nanshan'), id, 'resolved').kind).toBe('resolved');
    expect(mailsTo().filter((to) => to.startsWith('nanshan'))).toHaveLength(1);
  });

  it('forgets a worker whom the file names no more: mails to him, sent or waiting, and his name; what he did stays as that of nobody', () => {
    const [his, other] = [repair(), repair('nanshan')];
    desk.fieldWork.say(of('futian'), his, { text: 'part ordered', visibility: 'internal', files: [] });
    desk.fieldWork.say(of('nanshan'), other, { text: 'done', visibility: 'internal', files: [] });
    store.run(store.db.updateTable('mail_outbox').set({ state: 'sent' }).where('about', '=', `ticket:${other}`));
    expect(desk.forgetWorkers()).toEqual([]);
    expect(everything()).toContain('futian@outlet.example');
    const link = desk.pageLinks.sign({ of: 'worker', id: 'futian' }, clock.now + DAY);
    setup = { ...setup, workers: [worker('nanshan')] };
    desk = open(); // the file is read at a start too
    expect([desk.forgetWorkers(), desk.forgetWorkers()]).toEqual([['futian'], []]);
    expect(everything()).not.toMatch(/futian@|futian师傅|Mr futian/);
    expect(mailsTo()).toEqual(['nanshan@outlet.example', 'zhang@example.com', 'zhang@example.com']);
    expect(desk.fieldWork.worker(desk.pageLinks.open(link, clock.now)?.id ?? '')).toBeUndefined();
    const ticket = desk.get(his, boss);
    expect([ticket.assignee, desk.comments(ticket, boss).map(({ by, byName, text }) => [by, byName, text])]).toEqual(['worker:futian', [['worker:futian', '', 'part ordered']]]);
    expect(desk.comments(desk.get(other, boss), boss).map(({ byName }) => byName)).toEqual(['Mr nanshan']);
  });

  it('forgets the address that a worker had before, and nobody else\'s mails to it', () => {
    repair();
    const id = desk.create({ type: 'question', subject: 'Mine', channel: 'api', requester: { name: 'Futian', email: 'futian@outlet.example', phone: null } }, boss).id;
    setup = { ...setup, workers: [worker('futian', 'new@outlet.example'), worker('nanshan')] };
    expect(desk.forgetWorkers()).toEqual([]);
    expect(store.run(store.db.selectFrom('mail_outbox').select(['mail', 'about'])).map(({ mail, about }) => [(JSON.parse(mail) as { to: string }).to, about === `ticket:${id}`]).sort()).toEqual([['futian@outlet.example', true], ['zhang@example.com', false]]);
  });
});
