import fc from 'fast-check';
import { expect, it } from 'vitest';
import { demoAgent, demoQueue } from './hall.fixture.js';
import { emptyState } from './state.js';
import { step } from './step.js';
import { accept, newBook, textbook, type Book } from './textbook.fixture.js';
import { STRATEGIES } from './types.js';
import type { AcdEvent } from './events.js';
import type { AcdSetup, AgentId, AgentSetup, ContactId, QueueId, QueueSetup } from './types.js';

const QUEUES = ['q0', 'q1', 'q2'] as QueueId[];
const AGENTS = ['a0', 'a1', 'a2', 'a3', 'a4'] as AgentId[];
const level = fc.constantFrom(1, 3, 6);
const needs = fc.uniqueArray(fc.record({ skill: fc.constantFrom('zh', 'en'), level }), { maxLength: 2, selector: (n) => n.skill });

/** Each ages differently, and nobody has the middle priority: one contact has a different place in each of its queues, so that ties do not depend on chance. */
const AGEING: Readonly<Record<string, readonly number[]>> = { q0: [0, 977], q1: [2_003, 30_011], q2: [1_009, 60_013] };
const PRIORITIES = [1, 3, 4, 6, 7, 8, 9, 10];

const queue = (id: QueueId): fc.Arbitrary<QueueSetup> => fc.record({
  required: needs, preferred: needs, by: fc.constantFrom(...STRATEGIES), ageingMs: fc.constantFrom(...(AGEING[id] ?? [])), offerMs: fc.constantFrom(4_003, 15_013), wrap: fc.constantFrom(0, 2_503),
  maxUnanswered: fc.constantFrom(0, 2), noAnswer: fc.constantFrom(0, 701), phones: fc.constantFrom<QueueSetup['atOnce'][]>([{ afterMs: 0, agents: 1 }], [{ afterMs: 0, agents: 'all' }], [{ afterMs: 0, agents: 1 }, { afterMs: 3_001, agents: 3 }]),
  relax: fc.constantFrom<QueueSetup['relax'][]>([], [{ afterMs: 5_009, drop: ['zh'], lower: [{ skill: 'en', level: 1 }], ring: undefined }], [{ afterMs: 5_009, drop: [], lower: [], ring: 2 }, { afterMs: 11_003, drop: 'all', lower: [], ring: 3 }]),
  rule: fc.constantFrom<QueueSetup['rules'][]>([], [{ when: [{ attribute: 'tier', is: ['gold'] }], require: [], prefer: [{ skill: 'en', level: 3 }], priority: 3 }]),
}).map((q) => demoQueue(id, {
  required: q.required, preferred: q.preferred, strategy: { by: q.by, weights: { idleMinute: 3, skillLevel: 2, handledToday: 1 } }, ageingMs: q.ageingMs, offerMs: q.offerMs,
  wrapUp: { ms: q.wrap, maxMs: q.wrap }, maxUnanswered: q.maxUnanswered, pauseMs: { noAnswer: q.noAnswer, busy: 0, rejected: 0, unreachable: 0 }, atOnce: q.phones, relax: q.relax, rules: q.rule, connectMs: 3_600_000,
}));
const agent = (id: AgentId): fc.Arbitrary<AgentSetup> => fc.record({
  queues: fc.uniqueArray(fc.record({ queue: fc.constantFrom(...QUEUES), rank: fc.constantFrom(1, 1, 2), ring: fc.constantFrom(1, 1, 2, 3) }), { minLength: 1, maxLength: 3, selector: (m) => m.queue }),
  skills: fc.dictionary(fc.constantFrom('zh', 'en'), fc.constantFrom(1, 4, 9)),
}).map((a) => demoAgent(id, [], a));
const settings: fc.Arbitrary<AcdSetup> = fc.record({
  queues: fc.tuple(...QUEUES.map(queue)), agents: fc.tuple(...AGENTS.map(agent)), blending: fc.constant({}),
  blocked: fc.constantFrom<AcdSetup['blocked'][]>([], [{ customer: 'li', agent: 'a0' as AgentId }]), rankMs: fc.constantFrom(0, 5_003),
});
const moves = fc.array(fc.tuple(fc.constantFrom('join', 'join', 'join', 'accept', 'accept', 'bridge', 'bridge', 'release', 'release', 'leave', 'choose', 'reach', 'wait'), fc.nat(999), fc.integer({ min: 1, max: 6_007 })), { minLength: 5, maxLength: 60, size: 'max' });

it('brings together the same people as the textbook does, at the same moments', () => {
  let compared = 0;
  fc.assert(
    fc.property(settings, moves, (setup, story) => {
      const s = emptyState();
      let book: Book = newBook();
      let now = 1_000_000;
      const tell = (event: AcdEvent): void => {
        step(s, event, now);
        book = textbook(book, event, now);
      };
      tell({ type: 'setup.changed', setup, remembered: {} });
      for (const id of AGENTS) tell({ type: 'agent.reachable', agent: id, yes: true });
      let names = 0;
      for (const [what, n, gap] of story) {
        const until = now + gap;
        // Woken when it wants to be, as the service does.
        for (let at = s.timers.top()?.at; at !== undefined && at <= until; at = s.timers.top()?.at) {
          now = at;
          tell({ type: 'time.passed' });
        }
        now = until;
        if (what === 'accept') {
          const one = [...s.offers.values()][n % Math.max(1, s.offers.size)]?.offer;
          if (one) {
            step(s, { type: 'offer.accepted', offer: one.id }, now);
            book = accept(book, one.contact, one.agent, now);
          }
        } else {
          const event = eventOf(what, n, [...s.contacts.keys()], () => `c${(names += 1)}`);
          if (event) tell(event);
        }
        if (book.tie) return;
        compared += 1;
        const live = [...s.offers.values()].map((o) => `${o.offer.agent}←${o.offer.contact}@${o.offer.queue}`).sort();
        expect(live).toEqual(book.offers.map((o) => `${o.agent}←${o.contact}@${o.queue}`).sort());
        const talking = [...s.contacts.values()].flatMap((c) => ('offer' in c.stage ? [`${c.stage.offer.offer.agent}=${c.id}`] : [])).sort();
        expect(talking).toEqual(book.contacts.flatMap((c) => (c.agent === undefined ? [] : [`${c.agent}=${c.contact.id}`])).sort());
      }
    }),
    { numRuns: 250 },
  );
  expect(compared).toBeGreaterThan(3_000); // ties have not eaten the stories up
});

function eventOf(what: string, n: number, contacts: readonly ContactId[], name: () => string): AcdEvent | undefined {
  const contact = contacts[n % Math.max(1, contacts.length)];
  const id = AGENTS[n % 5] as AgentId;
  switch (what) {
    case 'join': {
      const mine = name() as ContactId;
      const queues: [QueueId, ...QueueId[]] = n % 4 === 0 ? [QUEUES[n % 3] as QueueId, QUEUES[(n + 1) % 3] as QueueId] : [QUEUES[n % 3] as QueueId];
      return { type: 'contact.joined', contact: { id: mine, queues, channel: 'voice', subject: `call:${mine}`, priority: PRIORITIES[n % 8] as number, attributes: { ...(n % 3 === 0 ? { tier: 'gold' } : {}), ...(n % 5 === 0 ? { customer: 'li' } : {}) } } };
    }
    case 'bridge': return contact && { type: 'contact.bridged', contact };
    case 'release': return contact && { type: 'contact.released', contact };
    case 'leave': return contact && { type: 'contact.left', contact, why: 'abandoned' };
    case 'choose': return { type: 'agent.chose', agent: id, state: n % 3 === 0 ? 'away' : 'available', reason: null, by: 'test' };
    case 'reach': return { type: 'agent.reachable', agent: id, yes: n % 2 === 0 };
    default: return { type: 'time.passed' };
  }
}
