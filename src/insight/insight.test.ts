import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEvents, type Events, type Fact } from '../events/index.js';
import { openStore, type Store } from '../store/index.js';
import { createInsight, REPORTS, type Filters, type Group, type Insight } from './index.js';
import { contactsIn, isFirst, isRepeat, isResolved, spansOfAgents, type Seen } from './reference.fixture.js';
import { fortnight, T0, type Happened } from './stories.fixture.js';

const LEVEL = { thresholdMs: 20_000, shortAbandonMs: 5_000 };
const house = async (zone = 'Asia/Shanghai') => {
  const store = await openStore({ path: ':memory:' });
  const clock = { now: T0 };
  const log = { error: (fields: object, message: string) => { throw new Error(`${message} ${JSON.stringify(fields)}`); } };
  const events = createEvents({ store, log, now: () => clock.now });
  const later: (() => void)[] = [];
  const open = (): Insight => createInsight({ store, events, log, zone: () => zone, policy: { serviceLevel: () => LEVEL, homeCountry: () => 'CN' }, later: (run) => void later.push(run) });
  const settle = (): void => { while (later.length > 0) later.splice(0).forEach((run) => run()); };
  return { store, events, clock, open, settle };
};
function play(events: Events, clock: { now: number }, story: readonly Happened[]): void {
  for (const { at, fact } of story) {
    clock.now = at;
    events.publishAll([fact]);
  }
}
const factsOf = (store: Store, events: Events): Fact[] => events.since(0, store.run(store.db.selectFrom('events').select('seq')).length);

const share = (part: number, whole: number): number | null => (whole > 0 ? Math.round((part / whole) * 1e6) / 1e6 : null);
const sum = <T>(list: readonly T[], of: (one: T) => number): number => list.reduce((total, one) => total + of(one), 0);

/** The figures of some contacts, out of all. */
function figuresOf(some: readonly Seen[], all: readonly Seen[]): Record<string, number | null> {
  const answered = some.filter((c) => c.end === 'answered');
  const lost = some.filter((c) => c.end === 'lost');
  const offered = some.filter((c) => c.end !== undefined);
  const whole = some.filter((c) => c.whole);
  const handled = some.filter((c) => c.handled);
  const firsts = some.filter((c) => isFirst(c, all));
  const short = lost.filter((c) => c.waited! < LEVEL.shortAbandonMs);
  const inTime = answered.filter((c) => c.waited! <= LEVEL.thresholdMs);
  return {
    contacts: whole.length, outbound: some.filter((c) => c.outbound).length, offered: offered.length, answered: answered.length, abandoned: lost.length, short_abandoned: short.length, diverted: offered.length - answered.length - lost.length,
    answer_rate: share(answered.length, offered.length), abandonment_rate: share(lost.length, offered.length), service_level: share(inTime.length, offered.length - short.length), service_level_answered: share(inTime.length, answered.length),
    asa_s: share(sum(answered, (c) => c.waited!) / 1000, answered.length), longest_wait_s: Math.max(0, ...answered.map((c) => c.waited!)) / 1000, abandoned_wait_s: share(sum(lost, (c) => c.waited!) / 1000, lost.length),
    handled: handled.length, aht_s: share(sum(some, (c) => c.talk + c.hold + c.wrap) / 1000, handled.length), talk_s: share(sum(some, (c) => c.talk) / 1000, handled.length), hold_s: share(sum(some, (c) => c.hold) / 1000, handled.length),
    wrap_s: share(sum(some, (c) => c.wrap) / 1000, handled.length), transfers: sum(some, (c) => c.transfers), transfer_rate: share(sum(some, (c) => c.transfers), handled.length),
    fcr: share(firsts.filter((c) => isResolved(c, all)).length, firsts.length), repeats: whole.filter((c) => isRepeat(c, all)).length, repeat_rate: share(whole.filter((c) => isRepeat(c, all)).length, whole.length),
    self_served: whole.filter((c) => c.served).length, self_service_share: share(whole.filter((c) => c.served).length, whole.length), menu_left: whole.filter((c) => c.menu).length,
    survey_answers: sum(some, (c) => c.answers.length), satisfaction: share(sum(some, (c) => sum(c.answers, (n) => n)), sum(some, (c) => c.answers.length)),
    wait_p50_s: quantile(answered.map((c) => c.waited! / 1000), 0.5), wait_p90_s: quantile(answered.map((c) => c.waited! / 1000), 0.9),
  };
}
/** Evenly spread within the classes of docs/reports.md. */
function quantile(waits: number[], q: number): number | null {
  if (waits.length === 0) return null;
  const edges = [0, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, Infinity];
  const wanted = q * waits.length;
  for (let i = 1, passed = 0; i < edges.length; i += 1) {
    const inside = waits.filter((w) => w <= edges[i]! && (w > edges[i - 1]! || i === 1)).length;
    const top = Math.max(edges[i - 1]!, Math.min(edges[i]!, Math.max(...waits)));
    if (inside > 0 && passed + inside >= wanted) return Math.round((edges[i - 1]! + ((top - edges[i - 1]!) * (wanted - passed)) / inside) * 1e6) / 1e6;
    passed += inside;
  }
  return null;
}
function clock(at: number, zone: string): Record<'date' | 'hour', string> {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' }).formatToParts(at).map((p) => [p.type, p.value]));
  return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, hour: parts['hour']! };
}
/** What a contact is filed under; a tag files it several times. */
function keysOf(one: Seen, group: Group, zone: string): string[] {
  const { date, hour } = clock(Math.floor(one.at / 900_000) * 900_000, zone);
  switch (group) {
    case 'day': return [date];
    case 'month': return [date.slice(0, 7)];
    case 'hour_of_day': return [hour];
    case 'weekday': return [String(new Date(`${date}T12:00:00Z`).getUTCDay() || 7)];
    case 'queue': return [one.queue];
    case 'channel': return [one.channel];
    case 'agent': case 'number': case 'product': return one[group] === '' ? [] : [one[group]];
    case 'tag': return one.tags;
    default: throw new Error(group);
  }
}

const question = fc.record({
  report: fc.constantFrom('overview' as const, 'queues' as const, 'resolution' as const, 'satisfaction' as const),
  by: fc.uniqueArray(fc.constantFrom<Group>('queue', 'channel', 'agent', 'number', 'tag', 'product'), { maxLength: 2 }), time: fc.option(fc.constantFrom<Group>('day', 'month', 'hour_of_day', 'weekday'), { nil: undefined }),
  filters: fc.record({ queue: fc.constantFrom(['support'], ['sales', 'support']), agent: fc.constant(['1001', '1002']), number: fc.constant(['+8675500004000']), tag: fc.constant(['vip']), product: fc.constant(['phone']) }, { requiredKeys: [] }),
  from: fc.integer({ min: 0, max: 5 * 96 }), length: fc.integer({ min: 1, max: 14 * 96 }), zone: fc.constantFrom('Asia/Shanghai', 'Europe/London', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
});
const answerable = ({ by, filters }: { by: readonly Group[]; filters: Filters }): boolean => {
  const sides = new Set([...by, ...Object.keys(filters)].filter((side) => !['queue', 'channel'].includes(side)));
  return sides.size < 2 || !by.includes('tag');
};

it('every figure agrees with what all facts say, worked out anew: whatever is asked, and wherever counting was cut off', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(fortnight, fc.array(question.filter(answerable), { minLength: 4, maxLength: 8 }), fc.nat(), async (story, questions, cut) => {
    const h = await house(questions[0]!.zone);
    const half = cut % (story.length + 1);
    let insight = h.open();
    play(h.events, h.clock, story.slice(0, half));
    h.settle();
    await insight.close();
    play(h.events, h.clock, story.slice(half));
    insight = h.open();
    h.settle();
    const all = contactsIn(factsOf(h.store, h.events));
    for (const { report, by, time, filters, from, length, zone } of questions) {
      const [since, until] = [T0 + from * 900_000, T0 + (from + length) * 900_000];
      const groups = time === undefined ? by : [time, ...by];
      const answer = await insight.reports.ask({ report, since, until, by: groups, filters, zone });
      const some = all.filter((c) => c.at >= since && c.at < until && Object.entries(filters).every(([key, wanted]) => keysOf(c, key as Group, zone).some((own) => (wanted as readonly string[]).includes(own))));
      const rows = new Map<string, Seen[]>();
      for (const one of some) {
        // Of a tag that is asked for, contacts are shown under that tag alone.
        const keys = groups.map((group) => keysOf(one, group, zone).filter((key) => !(group in filters) || (filters as Record<string, string[]>)[group]!.includes(key)));
        for (const combined of keys.reduce<string[][]>((left, right) => left.flatMap((l) => right.map((r) => [...l, r])), [[]])) rows.set(combined.join('|'), [...(rows.get(combined.join('|')) ?? []), one]);
      }
      const wanted = new Map([...rows].map(([key, list]) => [key, figuresOf(list, all)]));
      for (const row of answer.rows) {
        const key = groups.map((group) => row.keys[group]).join('|');
        const expected = wanted.get(key);
        for (const [name, value] of Object.entries(row.figures)) if (expected && name in expected) expect([report, key, name, value]).toEqual([report, key, name, expected[name]]);
        if (!expected) expect([key, row.figures.offered ?? row.figures.contacts]).toEqual([key, 0]);
        wanted.delete(key);
      }
      // What a report does not show may be all there is of a row.
      for (const [key, figures] of wanted) for (const name of REPORTS[report].figures) if (name in figures) expect([key, name, figures[name] ?? 0]).toEqual([key, name, 0]);
    }
    await insight.close();
    await h.store.close();
  }), { numRuns: 25 });
});

it('the time of agents agrees', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(fortnight, fc.integer({ min: 0, max: 14 * 96 }), async (story, from) => {
    const h = await house();
    const insight = h.open();
    play(h.events, h.clock, story);
    h.settle();
    const [since, until] = [T0 + from * 900_000, T0 + (from + 200) * 900_000];
    const { rows } = await insight.reports.ask({ report: 'agents', since, until, filters: {}, zone: 'Asia/Shanghai' });
    const facts = factsOf(h.store, h.events);
    for (const agent of ['1001', '1002', '1003']) {
      const own = spansOfAgents(facts).filter((s) => s.agent === agent);
      const spent = (state: string): number => sum(own.filter((s) => s.state === state), (s) => Math.max(0, Math.min(s.to, until) - Math.max(s.from, since))) / 1000;
      const offers = facts.filter((f) => f.type === 'call.offered' && f.data.agent === agent && f.at >= since && f.at < until).length;
      const row = rows.find((r) => r.keys.agent === agent)?.figures;
      expect([agent, row?.talking_s ?? 0, row?.available_s ?? 0, row?.wrap_up_s ?? 0, row?.offers ?? 0]).toEqual([agent, spent('talking'), spent('available'), spent('wrap_up'), offers]);
      expect(row?.occupancy ?? null).toEqual(share(spent('talking') + spent('wrap_up'), spent('talking') + spent('available') + spent('wrap_up') + spent('ringing')));
    }
    await insight.close();
    await h.store.close();
  }), { numRuns: 8 });
});

it('tickets by type agree: what is opened again was not resolved', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(fortnight, async (story) => {
    const h = await house();
    const insight = h.open();
    play(h.events, h.clock, story);
    h.settle();
    const { rows } = await insight.reports.ask({ report: 'tickets', since: T0, until: T0 + 40 * 86_400_000, filters: {}, zone: 'UTC' });
    const facts = factsOf(h.store, h.events);
    for (const type of ['question', 'complaint']) {
      const tickets = facts.filter((f) => f.type === 'ticket.created').filter((f) => f.data.type === type);
      const lives = tickets.map((made) => {
        const kinds = facts.filter((f) => f.subject === made.subject && f.type === 'ticket.state_changed').map((f) => ({ at: f.at, done: ['resolved', 'closed'].includes((f.data as { kind: string }).kind) }));
        const turns = kinds.filter((k, i) => k.done !== (kinds[i - 1]?.done ?? false));
        const last = turns.at(-1);
        return { resolvedMs: last?.done ? last.at - made.at : undefined, reopened: turns.filter((t) => !t.done).length };
      });
      const resolved = lives.flatMap((l) => (l.resolvedMs === undefined ? [] : [l.resolvedMs]));
      const row = rows.find((r) => r.keys.type === type)?.figures;
      expect([type, row?.tickets_created ?? 0, row?.tickets_resolved ?? 0, row?.tickets_reopened ?? 0, row?.cycle_s ?? null]).toEqual([type, tickets.length, resolved.length, sum(lives, (l) => l.reopened), share(sum(resolved, (ms) => ms) / 1000, resolved.length)]);
    }
    await insight.close();
    await h.store.close();
  }), { numRuns: 8 });
});

it.each([['chat', 'vis_1'], ['app', 'app_cus_1']])('a conversation of the channel %s counts like a call, and its answers by how soon they came', async (channel, visitor) => {
  const h = await house();
  const insight = h.open();
  const subject = 'conversation:v1';
  const said = (at: number, number: number, by: string, visibility: 'public' | 'internal' = 'public'): Happened => ({ at: T0 + at, fact: { type: 'conversation.message', subject, data: { message: `m${number}`, number, by, kind: 'text', visibility } } });
  play(h.events, h.clock, [
    { at: T0, fact: { type: 'conversation.started', subject, data: { channel, visitor } } },
    said(0, 1, `visitor:${visitor}`),
    { at: T0, fact: { type: 'conversation.queued', subject, data: { queue: 'support', position: 1 } } },
    { at: T0 + 1_000, fact: { type: 'conversation.offered', subject, data: { queue: 'support', agent: '1001', offer: 'o', attempt: 1 } } },
    { at: T0 + 4_000, fact: { type: 'conversation.offer_ended', subject, data: { queue: 'support', agent: '1001', offer: 'o', why: 'accepted' } } },
    { at: T0 + 4_000, fact: { type: 'conversation.left_queue', subject, data: { queue: 'support', why: 'connected', waited_ms: 4_000 } } },
    { at: T0 + 4_000, fact: { type: 'conversation.assigned', subject, data: { agent: '1001', queue: 'support', by: 'queue' } } },
    said(6_000, 2, 'agent:1001', 'internal'), said(10_000, 3, 'agent:1001'), said(20_000, 4, `visitor:${visitor}`), said(21_000, 5, `visitor:${visitor}`), said(40_000, 6, 'agent:1001'), said(41_000, 7, 'agent:1001'),
    { at: T0 + 42_000, fact: { type: 'conversation.transferred', subject, data: { by: 'agent:1001', to: 'queue:sales' } } },
    { at: T0 + 42_000, fact: { type: 'conversation.queued', subject, data: { queue: 'sales', position: 1 } } },
    { at: T0 + 43_000, fact: { type: 'conversation.offer_ended', subject, data: { queue: 'sales', agent: '1002', offer: 'o2', why: 'accepted' } } },
    { at: T0 + 43_000, fact: { type: 'conversation.left_queue', subject, data: { queue: 'sales', why: 'connected', waited_ms: 1_000 } } },
    { at: T0 + 43_000, fact: { type: 'conversation.assigned', subject, data: { agent: '1002', queue: 'sales', by: 'queue' } } },
    { at: T0 + 64_000, fact: { type: 'conversation.ended', subject, data: { by: 'agent:1001', why: 'closed', duration_ms: 64_000, messages: 7, agent: '1002' } } },
    { at: T0 + 70_000, fact: { type: 'conversation.rated', subject, data: { rating: 4, agent: '1002' } } },
  ]);
  h.settle();
  const asked = { since: T0, until: T0 + 900_000, filters: {}, zone: 'UTC' };
  expect((await insight.reports.ask({ ...asked, report: 'channels' })).rows).toMatchObject([
    { keys: { channel }, figures: { contacts: 1, offered: 2, answered: 2, asa_s: 2.5, handled: 2, talk_s: 29.5, transfers: 1, transfer_rate: 0.5, first_response_s: 10, responses: 2, response_s: 15 } },
  ]);
  expect((await insight.reports.ask({ ...asked, report: 'agents' })).rows.map(({ keys, figures }) => [keys.agent, figures.handled, figures.transfers])).toEqual([['1001', 1, 1], ['1002', 1, 0]]);
  expect((await insight.reports.ask({ ...asked, report: 'agents', filters: { channel: [channel] } })).rows.map(({ keys, figures }) => [keys.agent, figures.offers])).toEqual([['1001', 1], ['1002', 0]]);
  expect((await insight.reports.ask({ ...asked, report: 'satisfaction', by: ['agent'] })).rows).toMatchObject([{ keys: { agent: '1002' }, figures: { survey_answers: 1, satisfaction: 4 } }]);
  await insight.close();
  await h.store.close();
});
