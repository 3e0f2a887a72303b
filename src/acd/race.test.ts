import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContactId, Offer } from './engine/index.js';
import { dovecote, memoryJournal, pigeon, setupOf } from './office.fixture.js';
import { createAcd } from './service.js';

const setup = setupOf();

/** What each phone was told about each offer: the only judge of who won. */
interface Told { connected: number; withdrawn: number; tooLate: number }

function scene() {
  let now = 0;
  let alarms: { at: number; run: () => void }[] = [];
  const told = new Map<string, Told>();
  const rung: Offer[] = [];
  const of = (id: string): Told => {
    const known = told.get(id) ?? { connected: 0, withdrawn: 0, tooLate: 0 };
    told.set(id, known);
    return known;
  };
  const { carrier } = dovecote({
    offer: (o) => void rung.push(o), connect: (o) => void (of(o.id).connected += 1), withdraw: (o) => void (of(o.id).withdrawn += 1), drop: () => undefined,
    alive: () => true,
  });
  const clock = {
    now: () => now, wall: () => now,
    after: (ms: number, run: () => void) => {
      const mine = { at: now + ms, run };
      alarms.push(mine);
      return () => void (alarms = alarms.filter((a) => a !== mine));
    },
  };
  const log = { error: (fields: object) => expect.fail(JSON.stringify(fields)) };
  const acd = createAcd({ setup, carriers: { pigeon: carrier }, journal: memoryJournal(), clock, publish: () => false, log });
  acd.resume();
  for (const { id } of setup.agents) acd.reachable(id, true);
  const ring = (): void => {
    const due = alarms.filter((a) => a.at <= now);
    alarms = alarms.filter((a) => !due.includes(a));
    for (const alarm of due) alarm.run();
  };
  return {
    acd, told, rung, of,
    to: (ms: number) => void (now = Math.max(now, ms)),
    ring,
    pickUp: (offer: Offer | undefined) => {
      if (offer && acd.accepted(offer.id) === 'too_late') of(offer.id).tooLate += 1;
    },
  };
}

const caller = 'c1' as ContactId;
type Act = (s: ReturnType<typeof scene>) => void;
const ACTS: Record<string, Act> = {
  'the first phone is picked up': (s) => s.pickUp(s.rung[0]),
  'the second phone is picked up': (s) => s.pickUp(s.rung[1]),
  'the timer rings': (s) => s.ring(),
  'the caller hangs up': (s) => s.acd.leave(caller, 'abandoned'),
  'the first phone says busy': (s) => s.rung[0] && s.acd.declined(s.rung[0].id, 'busy'),
  'the first agent presses away': (s) => {
    const { id, reachable } = s.acd.agents()[0]!;
    if (reachable) s.acd.setState(id, 'away', { by: 'phone' }); // else refused: not_registered
  },
  'the first phone loses its registration': (s) => s.acd.reachable(setup.agents[0]!.id, false),
  'time passes': (s) => s.to(15_000),
};
const story = fc.shuffledSubarray(Object.keys(ACTS), { minLength: 2 });

describe('whatever happens in the same millisecond, in whatever order', () => {
  it('each offer ends once and at most one phone is connected, in a thousand races', () => {
    fc.assert(
      fc.property(story, fc.constantFrom(14_999, 15_000), (acts, at) => {
        const s = scene();
        s.acd.enqueue(pigeon('c1'));
        s.to(at);
        for (const act of acts) ACTS[act]?.(s);
        const all = [...s.told.values()];
        expect(all.reduce((n, t) => n + t.connected, 0)).toBeLessThanOrEqual(1);
        for (const t of all) expect(t.connected + t.withdrawn).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('an agent is talking if and only if a phone was connected and the caller is there', () => {
    fc.assert(
      fc.property(story, (acts) => {
        const s = scene();
        s.acd.enqueue(pigeon('c1'));
        s.to(14_999);
        for (const act of acts) ACTS[act]?.(s);
        const connected = [...s.told.values()].some((t) => t.connected === 1);
        const there = !acts.includes('the caller hangs up');
        expect(s.acd.agents().filter((a) => a.state === 'talking')).toHaveLength(connected && there ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('when all is over nobody is left: no talk, no ring, no timer', () => {
    fc.assert(
      fc.property(story, (acts) => {
        const s = scene();
        s.acd.enqueue(pigeon('c1'));
        s.to(14_999);
        for (const act of acts) ACTS[act]?.(s);
        s.acd.leave(caller, 'abandoned');
        s.acd.released(caller);
        s.to(60_000);
        s.ring();
        expect(s.acd.agents().filter((a) => a.state === 'talking' || a.state === 'ringing')).toEqual([]);
        expect(s.acd.timers()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

it.each<[first: string, second: string, winner: keyof Told]>([
  ['the first phone is picked up', 'the caller hangs up', 'connected'],
  ['the caller hangs up', 'the first phone is picked up', 'withdrawn'],
  ['the first phone is picked up', 'the first agent presses away', 'connected'],
  ['the first agent presses away', 'the first phone is picked up', 'withdrawn'],
  ['the first phone is picked up', 'the first phone loses its registration', 'connected'],
])('%s, then %s: %s', (first, second, winner) => {
  const s = scene();
  s.acd.enqueue(pigeon('c1'));
  ACTS[first]?.(s);
  ACTS[second]?.(s);
  expect(s.of(s.rung[0]?.id ?? '')[winner]).toBe(1);
});
