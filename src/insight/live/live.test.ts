import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AlertConfig } from '../../config/index.js';
import { createEvents, type Events, type Fact } from '../../events/index.js';
import { openStore, type Store } from '../../store/index.js';
import { createInsight, createLive, type Insight, type Live, type LiveFigures, type QueueNow } from '../index.js';
import { chatsIn, contactsIn } from '../reference.fixture.js';
import { chats, fortnight, T0, type Happened } from '../stories.fixture.js';
import { todayOf } from './figures.js';

const ZONE = 'Asia/Shanghai';
const log = { error: (fields: object, message: string) => { throw new Error(`${message} ${JSON.stringify(fields)}`); } };
let store: Store;
let events: Events;
let clock: { now: number };
let later: (() => void)[];
beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  clock = { now: T0 };
  later = [];
  events = createEvents({ store, log, now: () => clock.now });
});
afterEach(() => store.close());
const counting = (): Insight => createInsight({ store, events, log, zone: () => ZONE, policy: { serviceLevel: () => ({ thresholdMs: 20_000, shortAbandonMs: 5_000 }), homeCountry: () => 'CN' }, later: (run) => void later.push(run) });
const settle = (): void => { while (later.length > 0) later.splice(0).forEach((run) => run()); };
const play = (story: readonly Happened[]): void => story.forEach(({ at, fact }) => {
  clock.now = at;
  events.publishAll([fact]);
});

const now = (waiting: number, over: Partial<QueueNow> = {}): QueueNow => ({ id: 'support', name: 'Support', waiting, longestWaitMs: 0, agents: { available: 1 }, handled: {}, ...over });
const crowded: AlertConfig = { name: 'crowded', figure: 'waiting', queue: 'support', side: 'above', value: 5, forMs: 2_000, atLeast: 1 };
/** A house whose seconds pass when it is told. */
function house({ alerts = [crowded], publishAll = events.publishAll.bind(events) }: { alerts?: AlertConfig[]; publishAll?: Events['publishAll'] } = {}) {
  const h = { alerts, queues: [now(0)], errors: 0, asked: 0, live: {} as Live, pass: (_seconds?: number): void => undefined };
  h.live = createLive({
    store, events: { publishAll }, zone: () => ZONE, queues: () => (h.asked += 1, h.queues), alerts: () => h.alerts, wall: () => clock.now, clock: () => clock.now, log: { error: () => void (h.errors += 1) },
    every: (run) => {
      h.pass = (seconds = 1) => { for (let i = 0; i < seconds; i += 1) { clock.now += 1_000; run(); } };
      return () => void (h.pass = () => undefined);
    },
  });
  return h;
}
const told = (): string[] => events.of('queue:support').map(({ type }) => type);

it('what was counted of each day agrees with what all facts say, wherever counting was cut off', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(fortnight, chats, fc.nat(), async (calls, texts, cut) => {
    const story = [...calls, ...texts].sort((a, b) => a.at - b.at);
    const half = cut % (story.length + 1);
    let insight = counting();
    play(story.slice(0, half));
    settle();
    await insight.close();
    play(story.slice(half));
    insight = counting();
    settle();
    await insight.close();
    const facts: Fact[] = events.since(0, 100_000);
    const rated = [...contactsIn(facts), ...chatsIn(facts)];
    const all = rated.filter((one) => one.end !== undefined);
    const midnight = Date.parse('2026-10-23T00:00:00+08:00');
    let [seen, marks] = [0, 0];
    for (let day = midnight; day < midnight + 40 * 86_400_000; day += 86_400_000) {
      const today = todayOf(store, ZONE, day);
      for (const queue of ['support', 'sales']) {
        const of = (some: typeof rated): typeof rated => some.filter((one) => one.queue === queue && one.at >= day && one.at < day + 86_400_000);
        const [own, answers] = [of(all), of(rated).flatMap((one) => one.answers)];
        seen += own.length;
        marks += answers.length;
        const [answered, lost] = [own.filter((one) => one.end === 'answered'), own.filter((one) => one.end === 'lost')];
        const short = lost.filter((one) => one.waited! < 5_000).length;
        const { offered, answered: taken, abandoned, shortAbandoned, serviceLevel, surveyAnswers, satisfaction } = today(queue);
        expect([offered, taken, abandoned, shortAbandoned]).toEqual([own.length, answered.length, lost.length, short]);
        if (own.length > short) expect(serviceLevel).toBeCloseTo(answered.filter((one) => one.waited! <= 20_000).length / (own.length - short), 5);
        else expect(serviceLevel).toBeNull();
        expect([surveyAnswers, satisfaction]).toEqual([answers.length, answers.length === 0 ? null : expect.closeTo(answers.reduce((sum, n) => sum + n, 0) / answers.length, 5)]);
      }
    }
    expect([seen, marks]).toEqual([all.length, rated.filter((one) => one.queue !== '').flatMap((one) => one.answers).length]);
    store.run(store.db.deleteFrom('insight_sums'));
    store.run(store.db.deleteFrom('insight_contacts'));
    store.run(store.db.deleteFrom('events'));
    store.setMeta('insight.reached', String(events.last()));
  }), { numRuns: 25 });
});

it('an answer counts while they still talk, and no more when the bridge came to nothing', async () => {
  const insight = counting();
  const h = house();
  const subject = 'call:c1';
  const say = (at: number, fact: Happened['fact']): void => {
    play([{ at: T0 + at, fact }]);
    settle();
  };
  settle();
  const today = () => h.live.figures().queues[0]?.today;
  say(0, { type: 'call.queued', subject, data: { queue: 'support', position: 1 } });
  expect(today()).toMatchObject({ offered: 0, serviceLevel: null });
  say(4_000, { type: 'call.left_queue', subject, data: { queue: 'support', why: 'connected', waited_ms: 4_000 } });
  expect(today()).toEqual({ offered: 1, answered: 1, abandoned: 0, shortAbandoned: 0, serviceLevel: 1, abandonedShare: 0, surveyAnswers: 0, satisfaction: null });
  say(5_000, { type: 'call.returned_to_queue', subject, data: { queue: 'support', agent: '1001' } });
  expect(today()).toMatchObject({ offered: 0, answered: 0 });
  say(9_000, { type: 'call.left_queue', subject, data: { queue: 'support', why: 'abandoned', waited_ms: 9_000 } });
  expect(today()).toEqual({ offered: 1, answered: 0, abandoned: 1, shortAbandoned: 0, serviceLevel: 0, abandonedShare: 1, surveyAnswers: 0, satisfaction: null });
  // The next day begins with nothing.
  clock.now = Date.parse('2026-10-24T00:00:00+08:00');
  expect(h.live.figures()).toMatchObject({ day: '2026-10-24', queues: [{ today: { offered: 0, abandonedShare: null } }] });
  // Reports know nothing of it: the call is not over.
  expect((await insight.reports.ask({ report: 'queues', since: T0, until: T0 + 900_000, filters: {}, zone: ZONE })).rows).toEqual([]);
  await insight.close();
});

it('marks of calls and chats count on the day their contact came, as in reports, also where they are given the day after; an alert looks at those of today', async () => {
  const insight = counting();
  const unhappy: AlertConfig = { name: 'unhappy', figure: 'satisfaction', queue: 'support', side: 'below', value: 3.5, forMs: 0, atLeast: 2 };
  const h = house({ alerts: [unhappy] });
  const say = (at: number, ...facts: Happened['fact'][]): void => {
    play(facts.map((fact) => ({ at, fact })));
    settle();
    h.pass();
  };
  const surveyed = (at: number, id: string, answer: number): void => say(at,
    { type: 'call.started', subject: `call:${id}`, data: { direction: 'inbound', from: '+8613800138000', to: '4000' } }, { type: 'call.queued', subject: `call:${id}`, data: { queue: 'support', position: 1 } },
    { type: 'call.left_queue', subject: `call:${id}`, data: { queue: 'support', why: 'connected', waited_ms: 0 } }, { type: 'call.survey_answered', subject: `call:${id}`, data: { question: 'q', answer } },
    { type: 'call.ended', subject: `call:${id}`, data: { cause: 'completed', duration_ms: 0 } });
  const chat = 'conversation:v1';
  const today = () => h.live.figures().queues[0]?.today;
  settle();
  const midnight = Date.parse('2026-10-24T00:00:00+08:00');
  say(midnight - 60_000,
    { type: 'conversation.started', subject: chat, data: { channel: 'chat', visitor: 'vis_1' } }, { type: 'conversation.queued', subject: chat, data: { queue: 'support', position: 1 } },
    { type: 'conversation.left_queue', subject: chat, data: { queue: 'support', why: 'connected', waited_ms: 0 } }, { type: 'conversation.ended', subject: chat, data: { by: 'visitor:vis_1', why: 'closed', duration_ms: 0, messages: 0 } });
  surveyed(midnight - 50_000, 'c1', 4);
  expect(today()).toMatchObject({ surveyAnswers: 1, satisfaction: 4 });
  surveyed(midnight + 60_000, 'c2', 2);
  say(midnight + 70_000, { type: 'conversation.rated', subject: chat, data: { rating: 1 } });
  // The chat came yesterday: today has one mark, too few for the alert.
  expect([today(), told()]).toEqual([expect.objectContaining({ surveyAnswers: 1, satisfaction: 2 }), []]);
  expect(todayOf(store, ZONE, midnight - 86_400_000)('support')).toMatchObject({ surveyAnswers: 2, satisfaction: 2.5 });
  const asked = { report: 'satisfaction', since: midnight - 86_400_000, until: midnight + 86_400_000, by: ['day'] as const, filters: {}, zone: ZONE };
  expect((await insight.reports.ask(asked)).rows.map(({ figures }) => [figures.survey_answers, figures.satisfaction])).toEqual([[2, 2.5], [1, 2]]);
  surveyed(midnight + 80_000, 'c3', 3);
  expect([told(), h.live.alerts()]).toEqual([['alert.raised'], [expect.objectContaining({ alert: 'unhappy', value: 2.5, threshold: 3.5 })]]);
  surveyed(midnight + 90_000, 'c4', 5);
  surveyed(midnight + 95_000, 'c5', 5);
  expect([today(), told()]).toEqual([expect.objectContaining({ surveyAnswers: 4, satisfaction: 3.75 }), ['alert.raised', 'alert.cleared']]);
  await insight.close();
});

it('tells raised and cleared once each, and a restart tells neither again', () => {
  let h = house();
  h.queues = [now(9)];
  h.pass(2);
  expect([told(), h.live.alerts()]).toEqual([[], []]);
  h.pass(5);
  expect(told()).toEqual(['alert.raised']);
  const [raised] = h.live.alerts();
  expect(raised).toEqual({ alert: 'crowded', queue: 'support', figure: 'waiting', side: 'above', threshold: 5, value: 9, since: T0 + 3_000 });
  h.live.close();
  h = house();
  expect(h.live.alerts()).toEqual([raised]);
  h.queues = [now(9)];
  h.pass(5);
  expect([told(), h.live.alerts()]).toEqual([['alert.raised'], [raised]]);
  h.live.close();
  h = house();
  h.pass();
  expect(told()).toEqual(['alert.raised', 'alert.cleared']);
  h.live.close();
  h = house();
  h.pass(3);
  expect([told().length, h.live.alerts()]).toEqual([2, []]);
});

it('a raised alert that the files have no more is cleared', () => {
  const h = house();
  h.queues = [now(9)];
  h.pass(3);
  h.alerts = [];
  h.pass(3);
  expect(told()).toEqual(['alert.raised', 'alert.cleared']);
});

it('what the disk refuses is neither told nor remembered, and comes once it takes it', () => {
  const disk = { takes: false };
  const h = house({ publishAll: (facts, alongside) => disk.takes && events.publishAll(facts, alongside) });
  h.queues = [now(9)];
  h.pass(5);
  expect([told(), h.live.alerts()]).toEqual([[], []]);
  disk.takes = true;
  h.pass(2);
  expect([told(), h.live.alerts().length]).toEqual([['alert.raised'], 1]);
});

it('asks nobody while nobody looks and no alert is set; tells who looks each second, and at the end', () => {
  const h = house({ alerts: [] });
  h.pass(5);
  expect(h.asked).toBe(0);
  const seen: LiveFigures[] = [];
  let ended = 0;
  const leave = h.live.watch((figures) => void seen.push(figures), () => void (ended += 1));
  h.pass(2);
  expect(seen.map(({ at }) => at - T0)).toEqual([6_000, 7_000]);
  leave();
  h.pass();
  expect([seen.length, h.asked]).toEqual([2, 2]);
  h.live.watch(() => undefined, () => void (ended += 1));
  h.live.close();
  expect(ended).toBe(1);
});

it('a failure is told once, and the next second tries again', () => {
  const h = house();
  h.queues = undefined as never;
  h.pass(3);
  expect(h.errors).toBe(1);
  h.queues = [now(9)];
  h.pass(3);
  expect([h.errors, told()]).toEqual([1, ['alert.raised']]);
});
