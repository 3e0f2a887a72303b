import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hall, type Hall } from './hall.fixture.js';

/** A repeatable die: the same day for the same seed. */
function die(seed: number): (sides: number) => number {
  let x = seed >>> 0 || 1;
  return (sides) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % sides;
  };
}

interface Day { readonly h: Hall; readonly joined: readonly string[]; readonly talkedTo: ReadonlyMap<string, string>; readonly gaveUp: ReadonlySet<string> }

/** Half an hour at a call centre: callers come, lose patience, phones are answered late, refused, unplugged; one BYE in a hundred is lost. */
function day(seed: number, agents: readonly string[]): Day {
  const h = hall(...agents);
  const roll = die(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[roll(from.length || 1)];
  const joined: string[] = [];
  const talking = new Map<string, string>();
  const talkedTo = new Map<string, string>();
  const gaveUp = new Set<string>();
  for (let second = 1; second <= 1_800; second += 1) {
    h.at(second * 1_000);
    if (roll(4) === 0) {
      joined.push(`c${second}`);
      h.join(`c${second}`, 'support', 1 + roll(3));
    }
    const ringing = pick(h.offers())?.split('←');
    if (ringing && roll(3) === 0) {
      const [agent = '', contact = ''] = ringing;
      if (roll(10) === 0) h.decline(agent, pick(['busy', 'rejected', 'unreachable'] as const) ?? 'busy');
      else {
        h.accept(agent);
        talking.set(contact, agent);
        talkedTo.set(contact, agent);
      }
    }
    const done = pick([...talking.keys()]);
    if (done !== undefined && roll(8) === 0) {
      talking.delete(done);
      h.released(done);
    }
    const waiting = joined.filter((c) => !talkedTo.has(c) && !gaveUp.has(c));
    if (roll(15) === 0) {
      const impatient = pick(waiting);
      if (impatient !== undefined) {
        gaveUp.add(impatient);
        h.leave(impatient);
      }
    }
    const someone = pick(agents) ?? '';
    if (roll(60) === 0) h.registered(someone, false).registered(someone);
    if (roll(60) === 0) h.choose(someone, 'away').choose(someone, 'available');
    if (h.agent(someone) === 'away') h.choose(someone, 'available'); // back from not answering
  }
  for (const contact of talking.keys()) h.released(contact);
  return { h, joined, talkedTo, gaveUp };
}

const agents = ['a1', 'a2', 'a3', 'a4'];
const days = fc.integer({ min: 1, max: 2 ** 31 });

describe('after a day at the call centre', () => {
  it('every caller talked to one agent, gave up, or still waits: none is lost', () => {
    fc.assert(
      fc.property(days, (seed) => {
        const { h, joined, talkedTo, gaveUp } = day(seed, agents);
        const line = new Set([...h.state().contacts.keys()].map(String));
        for (const c of joined) expect([talkedTo.has(c), gaveUp.has(c), line.has(c)].filter(Boolean)).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  });

  it('everybody goes home: no agent is left in a call that is over', () => {
    fc.assert(
      fc.property(days, (seed) => {
        const { h } = day(seed, agents);
        for (const c of [...h.state().contacts.keys()]) h.leave(c);
        for (const a of agents) h.registered(a, false);
        h.at(h.now() + 60_000);
        expect(agents.map((a) => h.agent(a))).toEqual(agents.map(() => 'offline'));
        expect([h.state().timers.size, h.state().offers.size, h.state().contacts.size]).toEqual([0, 0, 0]);
      }),
      { numRuns: 20 },
    );
  });

  it('the facts tell the same story as what was done', () => {
    fc.assert(
      fc.property(days, (seed) => {
        const { h, joined, talkedTo, gaveUp } = day(seed, agents);
        const facts = h.effects().flatMap((f) => (f.do === 'publish' ? [f] : []));
        const count = (type: string, why?: string): number => facts.filter((f) => f.type === type && (why === undefined || f.data.why === why)).length;
        expect(count('call.queued')).toBe(joined.length);
        expect(count('call.left_queue', 'connected')).toBe(talkedTo.size);
        expect(count('call.left_queue', 'abandoned')).toBe(gaveUp.size);
        expect(count('call.offered')).toBe(count('call.offer_ended') + h.offers().length);
      }),
      { numRuns: 20 },
    );
  });

  it('nobody of equal priority was connected before somebody who came earlier and was not being offered', () => {
    const { h } = day(7, ['a1']);
    const order = h.effects().flatMap((f) => (f.do === 'offer' && f.offer.attempt === 1 ? [Number(f.offer.contact.slice(1))] : []));
    const priority = new Map(h.effects().flatMap((f) => (f.do === 'publish' && f.type === 'call.queued' ? [[Number(f.subject.slice('call:c'.length)), Number(f.data.priority)]] : [])));
    for (const level of [1, 2, 3]) {
      const same = order.filter((c) => priority.get(c) === level);
      expect(same).toEqual([...same].sort((a, b) => a - b));
    }
  });
});
