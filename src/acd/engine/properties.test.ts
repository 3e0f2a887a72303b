import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoQueue, hall, type Hall } from './hall.js';
import { agentState, canTake, type State } from './state.js';

const AGENTS = ['a1', 'a2', 'a3'];
const CONTACTS = ['c1', 'c2', 'c3', 'c4', 'c5'];
const QUEUES = [demoQueue('support', { announce: { everyMs: 4_000, repeatMs: 9_000 } }), demoQueue('sales', { wrapUpMs: 3_000, maxUnanswered: 1 })];

type Move = (h: Hall) => unknown;
const agent = fc.constantFrom(...AGENTS);
const contact = fc.constantFrom(...CONTACTS);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(contact, fc.constantFrom('support', 'sales'), fc.integer({ min: 1, max: 3 })).map(([c, q, p]): Move => (h) => h.join(c, q, p)) },
  { weight: 2, arbitrary: contact.map((c): Move => (h) => h.leave(c)) },
  { weight: 3, arbitrary: agent.map((a): Move => (h) => h.accept(a)) },
  fc.tuple(agent, fc.constantFrom('busy', 'rejected', 'unreachable')).map(([a, why]): Move => (h) => h.decline(a, why)),
  { weight: 2, arbitrary: contact.map((c): Move => (h) => h.released(c)) },
  contact.map((c): Move => (h) => h.returned(c)),
  fc.tuple(agent, fc.constantFrom('available', 'away', 'training', 'offline')).map(([a, s]): Move => (h) => h.choose(a, s)),
  fc.tuple(agent, fc.boolean()).map(([a, yes]): Move => (h) => h.registered(a, yes)),
  fc.tuple(agent, fc.boolean()).map(([a, yes]): Move => (h) => h.engaged(a, yes)),
  { weight: 2, arbitrary: fc.constantFrom(1, 500, 4_000, 15_000).map((ms): Move => (h) => h.at(h.now() + ms)) },
  fc.subarray(['support', 'sales']).map((q): Move => (h) => h.setup(QUEUES.filter(({ id }) => q.includes(id)), Object.fromEntries(AGENTS.map((a) => [a, undefined])))),
  fc.subarray(AGENTS).map((kept): Move => (h) => h.setup(QUEUES, Object.fromEntries(kept.map((a) => [a, ['support']])))),
);
const moves = fc.array(move, { maxLength: 80 });
const start = (): Hall => AGENTS.reduce((h, a) => h.registered(a), hall().setup(QUEUES, { a1: ['support'], a2: ['support', 'sales'], a3: ['sales'] }));

/** A step of a story and the state after it. */
function everyState(check: (s: State, h: Hall) => void, runs = 400): void {
  fc.assert(
    fc.property(moves, (story) => {
      const h = start();
      for (const m of story) {
        m(h);
        check(h.state(), h);
      }
    }),
    { numRuns: runs },
  );
}

describe('whatever happens, in whatever order', () => {
  it('no contact and no agent is in two offers', () =>
    everyState((s) => {
      const live = [...s.offers.values()];
      expect(new Set(live.map((o) => o.contact)).size).toBe(live.length);
      expect(new Set(live.map((o) => o.agent)).size).toBe(live.length);
      for (const o of live) {
        expect(o.agent.task).toEqual({ is: 'ringing', offer: o });
        expect(o.contact.at).toEqual({ is: 'offered', offer: o });
      }
    }));

  it('every contact is where exactly one index says: ready, offered, or with an agent who knows it', () =>
    everyState((s) => {
      for (const c of s.contacts.values()) {
        expect(c.queue.ready.has(c)).toBe(c.at.is === 'ready');
        expect(c.queue.line.has(c)).toBe(c.at.is !== 'connected');
        if (c.at.is === 'offered') expect(s.offers.get(c.at.offer.offer.id)).toBe(c.at.offer);
        if (c.at.is === 'connected') expect(c.at.agent.task).toEqual({ is: 'talking', contact: c });
      }
      const inLine = [...s.queues.values()].reduce((n, q) => n + q.line.size, 0);
      expect(inLine).toBe([...s.contacts.values()].filter((c) => c.at.is !== 'connected').length);
    }));

  it('no agent works for a contact that is gone: nobody leaks', () =>
    everyState((s) => {
      for (const a of s.agents.values()) {
        if (a.task.is === 'talking') expect(s.contacts.get(a.task.contact.id)).toBe(a.task.contact);
        if (a.task.is === 'ringing') expect(s.offers.has(a.task.offer.offer.id)).toBe(true);
        if (a.task.is === 'wrap_up') expect(s.timers.has(a.task.timer)).toBe(true);
        expect(a.shown).toBe(agentState(a));
      }
    }));

  it('nobody waits while an agent who could take them is idle', () =>
    everyState((s) => {
      for (const q of s.queues.values()) {
        if (q.ready.size === 0) continue;
        const could = [...s.agents.values()].filter((a) => a.setup.queues.includes(q.id) && canTake(a));
        expect(could.map((a) => a.setup.id)).toEqual([]);
      }
    }));

  it('the index of idle agents holds exactly those who could take a contact, longest idle first', () =>
    everyState((s) => {
      for (const q of s.queues.values()) {
        const could = [...s.agents.values()].filter((a) => a.setup.queues.includes(q.id) && canTake(a)).sort((a, b) => a.idleSince - b.idleSince || a.turn - b.turn);
        expect([...q.idle].map((a) => a.setup.id)).toEqual(could.map((a) => a.setup.id));
      }
    }));

  it('no timer is left behind', () =>
    everyState((s) => {
      for (const timer of s.timers) {
        if (timer.is === 'offer') expect(s.offers.get(timer.offer)?.timer).toBe(timer);
        if (timer.is === 'announce') expect(s.contacts.get(timer.contact)?.announcing).toBe(timer);
        if (timer.is === 'pause') expect(s.agents.get(timer.agent)?.pause).toBe(timer);
        if (timer.is === 'wrap_up') expect(s.agents.get(timer.agent)?.task).toEqual({ is: 'wrap_up', timer });
      }
    }));

  it('every offer ends once: withdrawn, connected or declined', () => {
    fc.assert(
      fc.property(moves, (story) => {
        const h = start();
        for (const m of story) m(h);
        const made = h.effects().flatMap((f) => (f.do === 'offer' ? [f.offer.id] : []));
        const ended = h.effects().flatMap((f) => (f.do === 'withdraw' || f.do === 'connect' ? [f.offer.id] : []));
        const told = h.effects().flatMap((f) => (f.do === 'publish' && f.type === 'call.offer_ended' ? [f.data.offer] : []));
        const declined = h.effects().flatMap((f) => (f.do === 'publish' && ['busy', 'rejected', 'unreachable'].includes(String(f.data.why)) ? [f.data.offer] : []));
        expect(new Set(ended).size).toBe(ended.length);
        expect([...told].sort()).toEqual([...ended, ...declined].sort());
        expect([...told, ...h.state().offers.keys()].sort()).toEqual([...made].sort());
      }),
    );
  });

  it('the same story is told the same way', () => {
    fc.assert(
      fc.property(moves, (story) => {
        const tell = () => {
          const h = start();
          for (const m of story) m(h);
          return h.effects();
        };
        expect(tell()).toEqual(tell());
      }),
      { numRuns: 50 },
    );
  });

  it('a quiet hall is an empty one', () =>
    everyState((_s, h) => {
      if (h.offers().length > 0 || [...h.state().contacts].length > 0) return;
      h.at(h.now() + 60_000);
      expect(h.state().timers.size).toBe(0);
      expect(AGENTS.every((a) => !['ringing', 'wrap_up'].includes(h.agent(a) ?? ''))).toBe(true);
    }, 100));
});

describe('a burst', () => {
  it('of a thousand calls picks no agent twice', () => {
    const names = Array.from({ length: 300 }, (_, i) => `a${i}`);
    const h = hall(...names);
    for (let i = 0; i < 1_000; i += 1) h.join(`c${i}`);
    expect(h.offers()).toHaveLength(300);
    expect(new Set(h.offers().map((o) => o.split('←')[0])).size).toBe(300);
    expect(h.state().queues.get('support' as never)?.ready.size).toBe(700);
  });

  it('is served in the order it came, each agent taking the next as soon as it is free', () => {
    const h = hall('a1', 'a2');
    for (let i = 0; i < 20; i += 1) h.join(`c${10 + i}`);
    for (let i = 0; i < 20; i += 1) {
      const next = h.offers().at(0)?.split('←') ?? [];
      h.accept(next[0] ?? '').released(next[1] ?? '');
    }
    const connected = h.did().filter((d) => d.startsWith('connect')).map((d) => d.split('←')[1]);
    expect(connected).toEqual(Array.from({ length: 20 }, (_, i) => `c${10 + i}`));
  });
});

describe('one winner', () => {
  it('of answer, time-out and hang-up at the same moment, in any order, a thousand times', () => {
    const rivals: Record<string, (h: Hall, offer: string) => unknown> = {
      answer: (h, offer) => h.acceptOffer(offer), timeout: (h) => h.at(15_000), cancel: (h) => h.leave('c1'), answerAgain: (h, offer) => h.acceptOffer(offer),
    };
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.keys(rivals), { minLength: 2 }), fc.constantFrom(14_999, 15_000), (order, at) => {
        const h = hall('lin').join('c1').at(0);
        const [offer = ''] = h.offerIds();
        h.choose('lin', 'available').at(at - 1);
        for (const rival of order) rivals[rival]?.(h, offer);
        const ends = h.effects().filter((f) => (f.do === 'withdraw' || f.do === 'connect') && f.offer.id === offer);
        expect(ends).toHaveLength(1);
      }),
      { numRuns: 1_000 },
    );
  });
});

it('is not slowed down by fifty thousand who wait', () => {
  const h = hall('lin').choose('lin', 'away');
  for (let i = 0; i < 50_000; i += 1) h.join(`c${i}`, 'support', 1 + (i % 10));
  const began = performance.now();
  for (let i = 0; i < 10_000; i += 1) h.leave(`c${i * 5}`).join(`d${i}`);
  const perEventMs = (performance.now() - began) / 20_000;
  expect(perEventMs).toBeLessThan(0.2); // a scan of the line alone takes ten times that
});
