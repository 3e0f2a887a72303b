import { CompiledQuery } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { throughPages } from '../../../test/kit/paging.js';
import { agent, boss, house } from './house.fixture.js';
import { customerActor, TICKET_SORTS, type NewTicket, type TicketFilter } from './index.js';

const question: NewTicket = { type: 'question', subject: '张伟的退款', channel: 'phone', requester: { name: '张伟', phone: '+8613800138000' } };
const complaint: NewTicket = { type: 'complaint', subject: 'Broken', channel: 'api', fields: { order: 'A-1' } };
const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'done';
};

describe('a new ticket', () => {
  it('has a number for people, the customer that its phone belongs to, a team by rule and a promise', async () => {
    const { desk, types } = await house();
    const [first, second] = [desk.create(question, boss), desk.create(question, boss)];
    expect([first.number, second.number]).toEqual([1001, 1002]);
    expect(first).toMatchObject({ state: 'new', customer: 'cus_1', team: 'support', assignee: null, sla: 'standard', calendar: 'office', dueAt: Date.parse('2026-11-23T11:00+08:00') });
    expect(types(first.id)).toEqual(['ticket.created']);
  });

  it('says what is wrong, all of it and where', async () => {
    const { desk } = await house();
    expect(() => desk.create({ ...complaint, priority: 'huge', fields: { order: '; drop', reason: 'none', refund: 5, colour: 'red' } }, agent('1001'))).toThrow(expect.objectContaining({
      faults: ['/fields/order', '/fields/reason', '/fields/refund', '/fields/colour', '/priority'].map((pointer) => expect.objectContaining({ pointer }) as object),
    }));
  });

  it('goes to the member with the least to do; shares differ by one at most', async () => {
    const { desk, h } = await house();
    h.setup = { ...h.setup, assignment: [{ when: {}, team: 'support', queue: undefined, to: 'load' }] };
    const got = Array.from({ length: 8 }, () => desk.create(question, boss).assignee);
    const shares = ['1001', '1002', '1003'].map((who) => got.filter((one) => one === who).length).sort();
    expect(shares).toEqual([2, 3, 3]);
  });
});

describe('fields and roles', () => {
  it('a field is seen and set by those roles only, in the history too', async () => {
    const { desk } = await house();
    const { id } = desk.create({ ...complaint, team: 'support' }, boss);
    desk.patch(id, { fields: { refund: 20 } }, boss, undefined);
    expect(codeOf(() => desk.patch(id, { fields: { refund: 21 } }, agent('1001'), undefined))).toBe('ticket.refused');
    const mine = { ...customerActor('z'), by: 'admin' };
    expect([desk.get(id, boss).fields, desk.get(id, mine).fields]).toEqual([{ order: 'A-1', refund: 20 }, { order: 'A-1' }]);
    expect([desk.history(desk.get(id, boss), boss).map((c) => c.field), desk.history(desk.get(id, mine), mine)]).toEqual([['fields.refund'], []]);
  });

  it('a state is left only by the ways that its type has, for the roles that may; what is required must be there', async () => {
    const { desk } = await house();
    const { id } = desk.create(complaint, boss);
    expect(desk.moves(desk.get(id, boss), agent('1001')).sort()).toEqual(['open', 'resolved', 'waiting']);
    expect(codeOf(() => desk.move(id, 'closed', boss, undefined))).toBe('ticket.no_such_transition');
    expect(codeOf(() => desk.move(id, 'resolved', boss, undefined))).toBe('ticket.refused');
    desk.patch(id, { fields: { reason: 'late' } }, boss, undefined);
    expect(desk.move(id, 'resolved', boss, undefined)).toMatchObject({ state: 'resolved', kind: 'resolved' });
    expect(codeOf(() => desk.move(id, 'closed', agent('1001'), undefined))).toBe('ticket.no_such_transition');
    expect(desk.move(id, 'closed', boss, undefined).resolvedAt).not.toBeNull();
  });

  it('one version is changed once', async () => {
    const { desk } = await house();
    const { id, version } = desk.create(question, boss);
    desk.patch(id, { subject: 'one' }, boss, version);
    expect(codeOf(() => desk.patch(id, { subject: 'two' }, boss, version))).toBe('ticket.stale');
    expect(desk.get(id, boss)).toMatchObject({ subject: 'one', version: 2 });
  });

  it('whoever may see the tickets of a team sees no other\'s, by no way', async () => {
    const { desk } = await house();
    const [ours, theirs] = [desk.create(question, boss), desk.create({ ...question, tags: ['repair'] }, boss)];
    expect([ours.team, theirs.team]).toEqual(['support', 'repairs']);
    const a = agent('1001');
    for (const way of [
      () => desk.get(theirs.id, a), () => desk.patch(theirs.id, { subject: 'x' }, a, undefined), () => desk.move(theirs.id, 'open', a, undefined), () => desk.merge(ours.id, theirs.id, a, undefined), () => desk.merge(theirs.id, ours.id, a, undefined),
      () => desk.say(theirs.id, { text: 'x', visibility: 'internal' }, a), () => desk.watch(theirs.id, '1001', true, a), () => desk.link(theirs.id, 'order', '1', a), () => desk.macros.run(theirs.id, 'thanks', a, undefined), () => desk.byNumber(theirs.number, a),
    ]) expect(codeOf(way)).toBe('ticket.no_such_ticket');
    expect(codeOf(() => desk.patch(ours.id, { parent: theirs.id }, a, undefined))).toBe('ticket.refused');
    expect((await desk.list({ q: '张伟' }, a, { limit: 10, cursor: undefined })).items.map((t) => t.id)).toEqual([ours.id]);
    expect((await desk.list({}, agent('1002', { scope: 'own' }), { limit: 10, cursor: undefined })).items).toEqual([]);
  });
});

describe('deadlines of tickets', () => {
  it('stand still while the customer has to answer, and go on when they did', async () => {
    const { desk, h } = await house();
    const { id } = desk.create(question, boss);
    h.now += 3_600_000;
    desk.say(id, { text: 'Which order?', visibility: 'public' }, agent('1001'));
    expect(desk.move(id, 'waiting', boss, undefined)).toMatchObject({ dueAt: null, lookAt: null, clocks: { response: { businessMs: 3_600_000, within: true } } });
    h.now = Date.parse('2026-11-25T10:00+08:00');
    const { ticket } = desk.say(id, { text: 'A-1', visibility: 'public' }, customerActor('张伟').scope === 'own' ? { ...customerActor('张伟'), scope: 'all' } : boss);
    expect(ticket).toMatchObject({ state: 'open', clocks: { paused: false } });
    expect(ticket.dueAt).not.toBeNull();
  });

  it('are told once each, also over a restart', async () => {
    const { desk, types, passes } = await house();
    const { id } = desk.create(question, boss);
    await passes('2026-11-23T10:30');
    await passes('2026-11-24T10:30');
    await passes('2026-11-24T10:31');
    expect(types(id)).toEqual(['ticket.created', 'ticket.sla_warned', 'ticket.sla_breached', 'ticket.sla_escalated']);
    expect(desk.get(id, boss)).toMatchObject({ breached: true, version: 1 });
  });

  it('a merged ticket is late no more, and its followers follow the other', async () => {
    const { desk, types, passes } = await house();
    const [a, b] = [desk.create(question, boss), desk.create(question, boss)];
    desk.watch(a.id, '1002', true, boss);
    desk.merge(a.id, b.id, boss, undefined);
    await passes('2026-12-20T10:00');
    expect(types(a.id)).toEqual(['ticket.created', 'ticket.watched', 'ticket.merged']);
    expect(desk.watchers(b)).toEqual(['1002']);
    expect(codeOf(() => desk.patch(a.id, { subject: 'x' }, boss, undefined))).toBe('ticket.merged');
  });

  it('a promise that is switched off holds for nobody any more', async () => {
    const { desk, h, types, passes } = await house();
    const { id } = desk.create(question, boss);
    h.setup = { ...h.setup, slas: h.setup.slas.map((s) => ({ ...s, active: false })) };
    await passes('2026-11-20T16:01');
    await passes('2026-12-20T10:00');
    expect([desk.get(id, boss).sla, types(id)]).toEqual([null, ['ticket.created', 'ticket.sla_changed']]);
  });

  it('a higher priority has another promise at once', async () => {
    const { desk } = await house();
    const { id } = desk.create(question, boss);
    expect(desk.patch(id, { priority: 'urgent' }, boss, undefined)).toMatchObject({ sla: 'urgent', dueAt: Date.parse('2026-11-20T17:00+08:00') });
  });
});

describe('comments, macros, splitting', () => {
  it('customers see and say what is public only', async () => {
    const { desk } = await house();
    const t = desk.create(question, boss);
    desk.say(t.id, { text: 'secret', visibility: 'internal' }, boss);
    desk.say(t.id, { text: 'hello', visibility: 'public' }, boss);
    const customer = { ...customerActor('张伟'), scope: 'all' as const };
    expect([desk.comments(t, boss).length, desk.comments(t, customer).map((c) => c.text)]).toEqual([2, ['hello']]);
    expect(codeOf(() => desk.say(t.id, { text: 'x', visibility: 'internal' }, customer))).toBe('ticket.refused');
  });

  it('a macro does all of it or nothing', async () => {
    const { desk, types } = await house();
    const [a, b] = [desk.create(question, boss), desk.create(complaint, boss)];
    expect(desk.macros.run(a.id, 'thanks', boss, undefined)).toMatchObject({ state: 'resolved', version: 2 });
    expect(desk.comments(a, boss)[0]?.text).toContain('感谢');
    expect(codeOf(() => desk.macros.run(b.id, 'thanks', boss, undefined))).toBe('ticket.refused'); // "reason" is missing
    expect([desk.comments(b, boss), types(b.id)]).toEqual([[], ['ticket.created']]);
  });

  it('splits comments off into a ticket of their own, which is found by them', async () => {
    const { desk } = await house();
    const t = desk.create(question, boss);
    const { comment } = desk.say(t.id, { text: '另外，发票也错了', visibility: 'public' }, boss);
    const { ticket } = desk.split(t.id, { comments: [comment.id], subject: '发票' }, boss);
    expect([desk.comments(t, boss), desk.comments(ticket, boss).map((c) => c.id), desk.links(t).map((l) => l.target)]).toEqual([[], [comment.id], [ticket.id]]);
    expect((await desk.list({ q: '票也错' }, boss, { limit: 5, cursor: undefined })).items.map((one) => one.id)).toEqual([ticket.id]);
  });
});

describe('search and views', () => {
  it('finds names of two characters, the end of a phone number, and pages without loss', async () => {
    const { desk, h } = await house();
    for (let i = 0; i < 7; i += 1) {
      h.now += 1_000;
      desk.create({ ...question, subject: `Refund ${i}` }, boss);
    }
    const all = async (q: string): Promise<string[]> => {
      const found: string[] = [];
      for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
        const page = await desk.list({ q }, boss, { limit: 3, cursor });
        found.push(...page.items.map((t) => t.subject));
        cursor = page.nextCursor;
      }
      return found;
    };
    const newestFirst = [6, 5, 4, 3, 2, 1, 0].map((i) => `Refund ${i}`);
    for (const q of ['张伟', '8000', 'refund']) expect(await all(q)).toEqual(newestFirst);
    expect(await all('refund 3')).toEqual(['Refund 3']);
  });

  it.each<[many: boolean]>([[false], [true]])('finds the same by words in every order, with every other filter, each once; where very many have them: %s', async (many) => {
    const { desk, h, store } = await house();
    const tickets = Array.from({ length: 12 }, (_, i) => {
      h.now += 1_000;
      const made = desk.create({ ...(i % 2 === 0 ? question : complaint), subject: i % 3 === 0 ? 'Refund of a lamp' : 'Lamps', tags: i % 4 === 0 ? ['vip'] : [], requester: i % 2 === 0 ? question.requester : { name: 'Omar', email: 'omar@example.com' } }, boss);
      if (i % 6 === 0) desk.say(made.id, { text: 'refunded twice', visibility: 'internal' }, boss);
      return made;
    });
    // Of tickets that are no more: five thousand that are take longer to make.
    if (many) store.change({ compile: () => CompiledQuery.raw(`insert into ticket_words (rowid, thing) with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000) select (900000 + i) * 1048576, 'refund lamp lamps refunded' from n`) });
    for (const i of [3, 0, 7]) desk.patch(tickets[i]!.id, { priority: 'high' }, boss, undefined);
    const expected: [filter: TicketFilter, fits: (i: number) => boolean][] = [
      [{ q: 'refund' }, (i) => i % 3 === 0], [{ q: 'lamp' }, () => true], [{ q: 'refund lamp', tag: 'vip' }, (i) => i % 12 === 0], [{ q: 'lamp', email: 'Omar@example.com' }, (i) => i % 2 === 1], [{ q: 'lamps', phone: '+8613800138000' }, (i) => i % 2 === 0 && i % 3 !== 0],
      [{ q: 'refunded' }, (i) => i % 6 === 0], [{ q: 'lamp', customer: 'cus_1', type: 'question' }, (i) => i % 2 === 0], [{ q: 'nothing of the kind' }, () => false], [{ q: '!?' }, () => false],
    ];
    for (const [filter, fits] of expected) {
      const ids = tickets.flatMap(({ id }, i) => (fits(i) ? [id] : []));
      for (const sort of TICKET_SORTS) {
        const seen = (await throughPages((cursor) => desk.list(filter, boss, { limit: 2, cursor, sort }))).map(({ id }) => id);
        expect([filter, sort, [...seen].sort()]).toEqual([filter, sort, [...ids].sort()]);
        if (['created_at', 'number'].includes(sort.replace('-', ''))) expect(seen).toEqual(sort.startsWith('-') ? ids.toReversed() : ids);
      }
    }
    const cursors = await Promise.all(TICKET_SORTS.map(async (sort) => [sort, (await desk.list({ q: 'lamp' }, boss, { limit: 1, cursor: undefined, sort })).nextCursor] as const));
    const way = (sort: string): string => (['created_at', 'number'].includes(sort.replace('-', '')) ? String(sort.startsWith('-')) : sort); // a ticket's number says how old it is
    for (const [sort, cursor] of cursors) for (const other of TICKET_SORTS) if (way(other) !== way(sort)) await expect(desk.list({ q: 'lamp' }, boss, { limit: 1, cursor, sort: other })).rejects.toThrow('cursor');
  });

  it('puts tickets of an earlier version into the index after the start, but for those erased', async () => {
    const { desk, store } = await house();
    const [kept, gone] = [desk.create(question, boss), desk.create(question, boss)];
    desk.say(kept.id, { text: '另外', visibility: 'internal' }, boss);
    desk.erase(gone.id, 'boss', 'customer_deleted');
    for (const text of ['delete from ticket_words', `insert into words_due (kind, place) select 'ticket', number from tickets`]) store.change({ compile: () => CompiledQuery.raw(text) });
    const found = async (q: string): Promise<string[]> => (await desk.list({ q }, boss, { limit: 9, cursor: undefined })).items.map(({ id }) => id);
    expect(await found('退款')).toEqual([]);
    desk.start();
    await vi.waitFor(async () => expect([await found('退款'), await found('另外'), await found('8000'), await found(String(gone.number))]).toEqual([[kept.id], [kept.id], [kept.id], []]));
    await desk.close();
  });

  it('a view is its owner\'s, unless it is shared', async () => {
    const { desk } = await house();
    const [mine, shared] = [desk.saveView({ name: 'mine', team: null, filter: { assignee: 'me' } }, agent('1001'), undefined), desk.saveView({ name: 'late', team: 'support', filter: { breached: true } }, agent('1001'), undefined)];
    expect(desk.views(agent('1002')).map((v) => v.id)).toEqual([shared.id]);
    expect(codeOf(() => desk.view(mine.id, agent('1002')))).toBe('ticket.no_such_thing');
    expect(codeOf(() => desk.dropView(shared.id, agent('1002')))).toBe('ticket.not_allowed');
  });
});

describe('people concerned', () => {
  it('are told once each: not whoever did it, and nobody outside of what is internal', async () => {
    const { desk, h } = await house(true);
    const t = desk.create({ ...question, assignee: '1001', requester: { email: 'Zhang@example.com' } }, boss);
    desk.watch(t.id, 'friend@example.com', true, boss);
    expect(h.mails.map((m) => m.to).sort()).toEqual(['1001@house.example', 'zhang@example.com']);
    desk.say(t.id, { text: 'among us', visibility: 'internal' }, boss);
    desk.say(t.id, { text: 'to you', visibility: 'public' }, agent('1001'));
    expect(h.mails.slice(2).map((m) => `${m.to} ${m.text.includes('among us') ? 'internal' : 'public'}`).sort()).toEqual(['1001@house.example internal', 'friend@example.com public', 'zhang@example.com public']);
    expect(h.mails.every((m) => m.about === `ticket:${t.id}`)).toBe(true);
    expect(h.facts.filter((f) => f.type === 'ticket.notified').map((f) => f.data)).toEqual(h.mails.map(({ id, to }) => expect.objectContaining({ mail: id, to: to === 'zhang@example.com' ? 'requester' : to.replace('@house.example', '') }) as object));
  });

  it('are told in the words of the file, in the language of the ticket, or not at all', async () => {
    const { desk, h } = await house(true);
    const { mail } = h.setup;
    h.setup = { ...h.setup, mail: { ...mail, letters: { ...mail.letters, created: false, state: { subject: { 'zh-CN': '{state}：{number}', en: '{state}: {number}' }, text: { 'zh-CN': '{name}您好', en: 'Hello {name}, {subject} {nothing}' } } } } };
    const { id } = desk.create({ ...question, language: 'en', subject: 'a\r\nBcc: x@y', requester: { name: '$&', email: 'z@example.com' } }, boss);
    desk.move(id, 'open', agent('1001'), undefined);
    expect(h.mails.map(({ subject, text }) => [subject, text])).toEqual([['In progress: 1001', 'Hello $&, a\r\nBcc: x@y {nothing}\n']]);
  });

  it('of whom only the customer is known are written to at the address in his record; a link opens that one ticket', async () => {
    const { desk, h } = await house(true);
    h.setup = { ...h.setup, mail: { ...h.setup.mail, page: 'https://help.example' } };
    const t = desk.create(question, boss);
    const token = /https:\/\/help\.example\/my-tickets#(\S+)/.exec(h.mails[0]!.text)![1]!;
    expect([h.mails[0]!.to, desk.pageLinks.open(token, h.now)]).toEqual(['known@example.com', { of: 'ticket', id: t.id }]);
    desk.create({ ...question, requester: { email: 'z@example.com' } }, boss);
    expect(desk.pageLinks.open(/#(\S+)/.exec(h.mails[1]!.text)![1]!, h.now)).toEqual({ of: 'email', id: 'z@example.com' });
  });

  it('without an address are named in a fact, and nothing is told while no mail leaves the house', async () => {
    const { desk, types } = await house(true);
    const { id } = desk.create({ ...question, assignee: 'nobody', requester: {} }, boss);
    expect(types(id)).toEqual(['ticket.created', 'ticket.notice_failed']);
    const silent = await house();
    expect(silent.types(silent.desk.create({ ...question, assignee: 'nobody' }, boss).id)).toEqual(['ticket.created']);
  });
});

describe('links to the page "my tickets"', () => {
  it('open what they were signed for, until they are over, and nothing when a letter of them is changed', async () => {
    const { desk } = await house();
    const token = desk.pageLinks.sign({ of: 'customer', id: 'cus_1' }, 2_000);
    expect(desk.pageLinks.open(token, 1_999)).toEqual({ of: 'customer', id: 'cus_1' });
    for (const wrong of ['', token.replace(/^c2000/, 'c9000'), token.replace(/^c/, 't'), token.replace('.', `.${Buffer.from('cus_2').toString('base64url')}.`), `${token}x`]) expect(desk.pageLinks.open(wrong, 0), wrong).toBeUndefined();
    expect(desk.pageLinks.open(token, 2_000)).toBeUndefined();
  });
});

describe('what a ticket names', () => {
  it('must be there: customers (as they count after a merge), calls, recordings, tickets; orders and pages have their form', async () => {
    const { desk } = await house();
    expect(desk.create({ ...question, customer: 'cus_old' }, boss).customer).toBe('cus_1');
    expect(codeOf(() => desk.create({ ...question, customer: 'cus_none' }, boss))).toBe('ticket.refused');
    const { id } = desk.create(question, boss);
    expect(codeOf(() => desk.patch(id, { customer: 'cus_none' }, boss, undefined))).toBe('ticket.refused');
    for (const [kind, right, wrong] of [['call', 'call_1', 'call_2'], ['recording', 'recording_1', 'x'], ['conversation', 'conversation_1', 'x'], ['order', 'A-1', '; drop'], ['url', 'https://shop.example/1', 'javascript:alert(1)'], ['ticket', id, 'tkt_x']] as const) {
      expect(codeOf(() => desk.link(id, kind, wrong, boss)), kind).toBe('ticket.refused');
      expect(codeOf(() => desk.link(id, kind, right, boss)), kind).toBe('done');
    }
    expect(() => desk.create({ ...question, links: [{ kind: 'call', target: 'call_9' }] }, boss)).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ pointer: '/links/0/target' })] }));
  });
});

describe('files', () => {
  const file = (id: string, by = 'agent:1001') => ({ id, name: `${id}.png`, type: 'image/png', kind: 'image' as const, bytes: 1, width: 1, height: 1, about: null, by, at: 0 });
  it('go with a comment, are seen by whoever sees it, and go along when it is split off', async () => {
    const { desk, h } = await house();
    h.files = [file('f1'), file('f2'), file('f3'), file('f4', 'agent:1002')];
    const t = desk.create({ ...question, team: 'support', files: { ids: ['f1'], by: 'agent:1001' } }, boss);
    const inner = desk.say(t.id, { text: 'x', visibility: 'internal', files: { ids: ['f2'], by: 'agent:1001' } }, agent('1001')).comment;
    const open = desk.say(t.id, { text: 'y', visibility: 'public', files: { ids: ['f3'], by: 'agent:1001' } }, agent('1001')).comment;
    const customer = { ...customerActor('张伟'), scope: 'all' as const };
    expect([...desk.files(t, boss)].map(([at, files]) => [at, files.map((f) => f.id)])).toEqual([[null, ['f1']], [inner.id, ['f2']], [open.id, ['f3']]]);
    expect(['f1', 'f2', 'f3', 'f4'].map((id) => [desk.mayOpen(id, customer), desk.mayOpen(id, agent('1009', { teams: ['repairs'] })), desk.mayOpen(id, agent('1009'))])).toEqual([[true, false, true], [false, false, true], [true, false, true], [false, false, false]]);
    for (const ids of [['f4'], ['f9'], ['f2', 'f9']]) expect(codeOf(() => desk.say(t.id, { text: 'z', visibility: 'public', files: { ids, by: 'agent:1001' } }, agent('1001')))).toBe('ticket.refused');
    const { ticket } = desk.split(t.id, { comments: [open.id], subject: 'y' }, boss);
    expect([[...desk.files(t, boss).keys()], [...desk.files(ticket, boss).keys()]]).toEqual([[null, inner.id], [open.id]]);
  });
});
