import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from './explain.js';
import { demoQueue, hall } from './hall.fixture.js';
import { inspector } from './laws.fixture.js';
import { restore } from './restore.js';
import { snapshot, type Snapshot } from './snapshot.js';
import { emptyState, type State } from './state.js';
import { step } from './step.js';
import { play, stories } from './stories.fixture.js';

/** What SQLite gives back. */
const throughJson = (kept: Snapshot): Snapshot => JSON.parse(JSON.stringify(kept)) as Snapshot;

describe('whatever happens, in whatever order', () => {
  it('every law of the engine holds after every event', () => {
    fc.assert(fc.property(stories(100), (story) => void play(step, story, inspector())), { numRuns: 400 });
  });

  it('the log replays to the same state, with the same effects', () => {
    fc.assert(
      fc.property(stories(80), (story) => {
        const { state, log, effects } = play(step, story);
        const again = emptyState();
        expect(log.flatMap(({ event, at }) => step(again, event, at))).toEqual(effects);
        expect(snapshot(again)).toEqual(snapshot(state));
      }),
      { numRuns: 100 },
    );
  });

  it('a state restored from a snapshot at any point goes on exactly as the one it was taken of', () => {
    fc.assert(
      fc.property(stories(80), fc.nat(), (story, point) => {
        const { log, effects, state } = play(step, story);
        let s = emptyState();
        const again = log.flatMap(({ event, at }, i) => {
          if (i === point % log.length) s = restore(throughJson(snapshot(s)));
          return step(s, event, at);
        });
        expect(again).toEqual(effects);
        expect(throughJson(snapshot(s))).toEqual(throughJson(snapshot(state)));
      }),
      { numRuns: 150 },
    );
  });

  it('every contact can be explained, and asking changes nothing', () => {
    fc.assert(
      fc.property(stories(60), (story) => {
        const { state } = play(step, story);
        const before = snapshot(state);
        for (const id of state.contacts.keys()) expect(explain(state, id, state.now)?.contact).toBe(id);
        expect(snapshot(state)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('when all have gone home, nothing is left: no work, no offer, no timer', () => {
    fc.assert(
      fc.property(stories(80), (story) => {
        const { state } = play(step, story);
        goHome(state);
        expect([state.contacts.size, state.offers.size, state.timers.size]).toEqual([0, 0, 0]);
        expect([...state.agents.values()].filter((a) => a.work.length > 0)).toEqual([]);
        expect([...state.queues.values()].filter((q) => q.removed || q.entries > 0 || q.line.size > 0)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

function goHome(s: State): void {
  for (const id of [...s.contacts.keys()]) step(s, { type: 'contact.left', contact: id, why: 'failed' }, s.now);
  step(s, { type: 'time.passed' }, s.now + 3_600_000);
}

describe('ageing', () => {
  it('lets nobody starve: what came nine levels of waiting later never goes first', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 100, max: 900 })), { minLength: 30, maxLength: 120 }), (arrivals) => {
        const ageingMs = 1_000;
        const h = hall('lin').setup([demoQueue('support', { ageingMs })], { lin: undefined });
        const came = new Map<string, number>();
        let last = '';
        arrivals.forEach(([priority, gap], i) => {
          h.at(h.now() + gap).join(`c${i}`, 'support', priority);
          came.set(`c${i}`, h.now());
          if (i % 2 === 0) return; // served at half the pace at which they come
          if (last !== '') h.released(last);
          last = h.offers()[0]?.split('←')[1] ?? '';
          h.accept('lin');
          const waiting = [...h.state().contacts.keys()].filter((id) => id !== last && !h.offers().some((o) => o.endsWith(`←${id}`)));
          for (const id of waiting) expect((came.get(last) ?? 0) - (came.get(id) ?? 0)).toBeLessThanOrEqual(9 * ageingMs);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a burst', () => {
  it('of a thousand calls picks no agent twice', () => {
    const names = Array.from({ length: 300 }, (_, i) => `a${i}`);
    const h = hall(...names);
    for (let i = 0; i < 1_000; i += 1) h.join(`c${i}`);
    expect(h.offers()).toHaveLength(300);
    expect(new Set(h.offers().map((o) => o.split('←')[0])).size).toBe(300);
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

it('one offer has one end: answer, time-out, hang-up and a second answer at the same moment, in any order, a thousand times', () => {
  type Rival = (h: ReturnType<typeof hall>, offer: string) => unknown;
  const rivals: Record<string, Rival> = {
    answer: (h, offer) => h.acceptOffer(offer), timeout: (h) => h.at(15_000), cancel: (h) => h.leave('c1'), answerAgain: (h, offer) => h.acceptOffer(offer),
  };
  fc.assert(
    fc.property(fc.shuffledSubarray(Object.keys(rivals), { minLength: 2 }), fc.constantFrom(14_999, 15_000), (order, at) => {
      const h = hall('lin').join('c1').at(0);
      const [offer = ''] = h.offerIds();
      h.choose('lin', 'available').at(at - 1);
      for (const rival of order) rivals[rival]?.(h, offer);
      expect(h.effects().filter((f) => (f.do === 'withdraw' || f.do === 'connect') && f.offer.id === offer)).toHaveLength(1);
    }),
    { numRuns: 1_000 },
  );
});
