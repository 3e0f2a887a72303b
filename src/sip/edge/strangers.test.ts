import { describe, expect, it } from 'vitest';
import type { Remote } from '../stack/index.js';
import { createStrangers, type StrangerLimits } from './strangers.js';

const limits: StrangerLimits = {
  burst: 5, perSecond: 2, addressBurst: 12, addressPerSecond: 4, totalBurst: 30, totalPerSecond: 10, refusalsPerSecond: 3, trustMs: 1000, maxEntries: 50,
};
const from = (address: string, port = 5060): Remote => ({ proto: 'udp', address, port });
/** Verdicts of a burst, as `w`elcome, `r`efuse, `i`gnore. */
const burst = (strangers: ReturnType<typeof createStrangers>, remote: Remote, n: number, now = 0): string =>
  Array.from({ length: n }, () => strangers.judge(remote, now)[0]).join('');

describe('strangers', () => {
  it('are served up to their burst, then refused, then ignored', () => {
    expect(burst(createStrangers(limits), from('a'), 10)).toBe('wwwwwrrrii');
  });

  it('get more as time passes', () => {
    const strangers = createStrangers(limits);
    burst(strangers, from('a'), 10);
    expect(burst(strangers, from('a'), 4, 1000)).toBe('wwrr');
  });

  it('take nothing from others at the same address, as long as it is one port that floods', () => {
    const strangers = createStrangers(limits);
    burst(strangers, from('a', 1), 1000);
    expect(burst(strangers, from('a', 2), 5)).toBe('wwwww');
  });

  it('cannot help themselves by changing the port, or the address', () => {
    const strangers = createStrangers(limits);
    const admitted = (places: Remote[]): number => places.filter((place) => strangers.judge(place, 0) === 'welcome').length;
    expect(admitted(Array.from({ length: 100 }, (_, i) => from('a', i)))).toBe(12);
    expect(admitted(Array.from({ length: 1000 }, (_, i) => from(`x${i}`)))).toBe(18);
  });

  it('become known by being accepted, and are then never counted', () => {
    const strangers = createStrangers(limits);
    burst(strangers, from('a'), 10);
    strangers.accept(from('a'), 0);
    expect(burst(strangers, from('a'), 1000)).not.toMatch(/[ri]/);
    expect(strangers.known(from('a', 5061), 0)).toBe(false);
  });

  it('are forgotten after a while', () => {
    const strangers = createStrangers(limits);
    strangers.accept(from('a'), 0);
    expect([strangers.known(from('a'), 999), strangers.known(from('a'), 1001)]).toEqual([true, false]);
  });

  it('never take more memory than allowed', () => {
    const strangers = createStrangers(limits);
    for (let i = 0; i < 5_000; i += 1) {
      strangers.judge(from(`s${i}`), i);
      strangers.accept(from(`t${i}`), i);
    }
    expect(strangers.size()).toBeLessThanOrEqual(3 * limits.maxEntries);
  });
});
