import { beforeEach, describe, expect, it } from 'vitest';
import { createEvents, type Events, type NewFact } from '../events/index.js';
import { openStore, type Store } from '../store/index.js';
import { NoSuchQueue } from './errors.js';
import { createQueueMetrics, type QueueMetrics } from './metrics.js';
import { agentId, agentSetup, contactId, office as officeOf, queueId, queueSetup, setupOf, testClock, type Office, type TestClock } from './office.fixture.js';

let store: Store;
let clock: TestClock;
let events: Events;
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const log = { error: (fields: object) => expect.fail(JSON.stringify(fields)) };

beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  clock = testClock(START);
  events = createEvents({ store, log, now: () => clock.wall() });
});
const setup = setupOf({
  queues: [queueSetup('support', { maxWaiting: 3, exits: { '0': { to: 'extension', extension: '1001' } } }), queueSetup('sales')],
  agents: ['lin', 'omar'].map((id) => agentSetup(id, { queues: ['support', 'sales'].map((q) => ({ queue: queueId(q), rank: 1, ring: 1 })) })),
});
const office = (): Office => officeOf({ store, clock, setup, options: { publish: (facts, alongside) => events.publishAnyway(facts as unknown as NewFact[], alongside) } });
const figures = (queue = 'support', since = START, until = START + 24 * 60 * MINUTE): QueueMetrics => createQueueMetrics(store, () => setup).metrics(queueId(queue), since, until);

describe('the figures of a queue', () => {
  it('are none where nobody came', () => {
    expect(figures()).toEqual({
      offered: 0, answered: 0, abandoned: 0, shortAbandoned: 0, diverted: 0, divertedBy: {}, answeredInTime: 0, asaMs: null, longestWaitMs: 0,
      serviceLevel: { byAnswered: null, byOffered: null },
    });
    expect(() => figures('nowhere')).toThrow(NoSuchQueue);
  });

  it('count who was answered, in time or not, who gave up, soon or not, and who went elsewhere', () => {
    const { acd, join, come, answer } = office();
    for (const [id, waits] of [['short', 4_000], ['long', 40_000]] as const) {
      join(id);
      clock.advance(waits);
      acd.leave(contactId(id), 'abandoned');
    }
    join('elsewhere');
    acd.pressed(contactId('elsewhere'), '0');
    ['late', 'later', 'latest', 'too many'].forEach((id) => join(id));
    clock.advance(25_000);
    come('lin');
    for (const id of ['late', 'later', 'latest']) {
      answer('lin');
      acd.released(contactId(id));
    }
    for (const id of ['a', 'b']) {
      join(id);
      clock.advance(2_000);
      answer('lin');
      acd.released(contactId(id));
    }
    join('waits still');
    expect(figures()).toEqual({
      offered: 9, answered: 5, abandoned: 2, shortAbandoned: 1, diverted: 2, divertedBy: { exit: 1, full: 1 }, answeredInTime: 2, asaMs: (3 * 25_000 + 2 * 2_000) / 5, longestWaitMs: 40_000,
      serviceLevel: { byAnswered: 2 / 5, byOffered: 2 / 8 },
    });
  });

  it('belong to the interval in which somebody came, whenever he left', () => {
    const { acd, join } = office();
    join('c1');
    clock.advance(20 * MINUTE);
    join('c2');
    clock.advance(20 * MINUTE);
    acd.leave(contactId('c1'), 'abandoned');
    clock.advance(200 * MINUTE);
    acd.leave(contactId('c2'), 'abandoned');
    const quarter = (n: number): number => figures('support', START + n * 15 * MINUTE, START + (n + 1) * 15 * MINUTE).abandoned;
    expect([quarter(0), quarter(1), quarter(2), quarter(3)]).toEqual([1, 1, 0, 0]);
  });

  it('count a caller once whose bridge came to nothing twice (P9)', () => {
    const { acd, join, come, offerTo, answer } = office();
    come('lin');
    join('c1');
    for (let i = 0; i < 2; i += 1) {
      acd.accepted(offerTo('lin').id);
      if (i === 0) acd.returned(contactId('c1'));
      else clock.advance(10_000); // and once nobody said anything
      clock.advance(10_000);
    }
    answer('lin');
    expect(figures()).toMatchObject({ offered: 1, answered: 1, asaMs: 30_000 });
  });

  it('count a caller twice who comes twice', () => {
    const { acd, join } = office();
    for (const id of ['c1', 'c2']) {
      join(id, { subject: 'call:7' });
      clock.advance(10_000);
      acd.leave(contactId(id), 'abandoned');
    }
    expect(figures()).toMatchObject({ offered: 2, abandoned: 2 });
  });

  it('of a caller in two queues count him where he was answered, and as moved where he was not', () => {
    const { join, come, answer } = office();
    const both = [queueId('support'), queueId('sales')] as const;
    join('c1', { queues: both });
    clock.advance(1_000);
    come('lin');
    answer('lin');
    const [support, sales] = [figures('support'), figures('sales')];
    expect([support.offered, sales.offered, support.answered + sales.answered, support.diverted + sales.diverted]).toEqual([1, 1, 1, 1]);
  });

  it('count a callback booked for later from the time it was booked for', () => {
    const { acd, come, answer, birds } = office();
    birds.add(contactId('c1'));
    acd.enqueue({ id: contactId('c1'), queues: [queueId('support')], channel: 'pigeon', subject: 'call:c1', callback: true, notBefore: START + 60 * MINUTE });
    clock.advance(60 * MINUTE + 5_000);
    come('lin');
    answer('lin');
    expect(figures('support', START + 60 * MINUTE, START + 75 * MINUTE)).toMatchObject({ offered: 1, answered: 1, asaMs: 5_000 });
    expect(figures('support', START, START + 60 * MINUTE).offered).toBe(0);
  });

  it('are the same after a restart, and of any channel', () => {
    const first = office();
    first.join('c1', { subject: 'chat:1' });
    first.birds.clear();
    const second = first.restart();
    second.come('lin');
    second.join('c2', { subject: 'chat:2' });
    second.answer('lin');
    expect(figures()).toMatchObject({ offered: 2, answered: 1, abandoned: 1 });
    expect(second.acd.agent(agentId('lin')).state).toBe('talking');
  });

  it('use the index that is made for them', () => {
    const plans: string[] = [];
    const spy: Pick<Store, 'run'> = {
      run(query) {
        const { sql, parameters } = query.compile();
        const plan = store.run({ compile: () => ({ ...query.compile(), sql: `explain query plan ${sql}`, parameters }) }) as unknown as { detail: string }[];
        plans.push(...plan.map((p) => p.detail));
        return store.run(query);
      },
    };
    createQueueMetrics(spy, () => setup).metrics(queueId('support'), START, START + MINUTE);
    expect(plans).toEqual([expect.stringMatching(/USING INDEX events_queue \(<expr>=\? AND at>/)]);
  });
});
