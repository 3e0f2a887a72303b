import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newTimers } from './timers.js';

interface Alarm { readonly at: number; readonly serial: number; pos: number }
const alarm = (at: number, serial: number): Alarm => ({ at, serial, pos: -1 });

describe('timers', () => {
  it('ring in the order of their times, and of their numbers where these are alike, however they were set and called off', () => {
    const acts = fc.array(fc.oneof(
      fc.record({ do: fc.constant('set' as const), inMs: fc.oneof(fc.nat(50), fc.nat(5_000), fc.nat(10_000_000)) }),
      fc.record({ do: fc.constant('call off' as const), which: fc.nat() }), fc.record({ do: fc.constant('ring' as const), forMs: fc.nat(5_000) }),
    ), { maxLength: 200 });
    fc.assert(fc.property(acts, (story) => {
      const timers = newTimers<Alarm>();
      const known: Alarm[] = [];
      let now = 1_790_000_000_000;
      let serial = 0;
      const first = (): Alarm | undefined => known.sort((a, b) => a.at - b.at || a.serial - b.serial)[0];
      for (const act of story) {
        if (act.do === 'set') {
          const one = alarm(now + act.inMs, (serial += 1));
          timers.push(one);
          known.push(one);
        } else if (act.do === 'call off' && known.length > 0) {
          const [one] = known.splice(act.which % known.length, 1);
          expect([timers.remove(one!), timers.remove(one!)]).toEqual([true, false]);
        } else if (act.do === 'ring') {
          now += act.forMs;
          for (let due = timers.top(); due && due.at <= now; due = timers.top()) {
            expect(due).toBe(first());
            timers.remove(known.shift()!);
          }
        }
        expect([timers.top(), timers.size]).toEqual([first(), known.length]);
      }
    }));
  });

  it('ten thousand set behind one that is far away ring before it, in order', () => {
    const timers = newTimers<Alarm>();
    timers.push(alarm(86_400_000, 1));
    expect(timers.top()?.serial).toBe(1); // looked at: everything until then is near by now
    for (let i = 0; i < 10_000; i += 1) timers.push(alarm((i * 7_919) % 100_000, i + 2));
    const rung: number[] = [];
    for (let next = timers.top(); next; next = timers.top()) {
      rung.push(next.at);
      timers.remove(next);
    }
    expect(rung).toEqual([...rung].sort((a, b) => a - b));
    expect([rung.length, rung.at(-1)]).toEqual([10_001, 86_400_000]);
  });
});
