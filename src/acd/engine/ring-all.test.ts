import { describe, expect, it } from 'vitest';
import { demoAgent, demoQueue, hall, type Hall } from './hall.fixture.js';
import type { QueueSetup } from './types.js';

const all: Partial<QueueSetup> = { atOnce: [{ afterMs: 0, agents: 'all' }], pauseMs: { noAnswer: 0, busy: 5_000, rejected: 5_000, unreachable: 10_000 } };
const open = (queue: Partial<QueueSetup> = all, ...agents: string[]): Hall => hall().open([demoQueue('support', queue)], agents.map((id) => demoAgent(id, ['support'])));

describe('ring all', () => {
  it('rings every free agent, and who becomes free while it rings', () => {
    const h = open(all, 'lin', 'omar', 'eve').choose('eve', 'away').join('c1');
    expect(h.offers()).toEqual(['lin←c1', 'omar←c1']);
    expect(h.choose('eve', 'available').offers()).toEqual(['lin←c1', 'omar←c1', 'eve←c1']);
  });

  it('one wins; the losers ring on until the bridge stands', () => {
    const h = open(all, 'lin', 'omar').join('c1').pickUp('omar');
    expect([h.offers(), h.agent('omar'), h.agent('lin')]).toEqual([['lin←c1'], 'talking', 'ringing']);
    h.did();
    expect(h.bridged('c1').did()).toEqual(['withdraw lin←c1 answered_elsewhere']);
    expect(h.agent('lin')).toBe('available');
  });

  it('a second who answers comes too late, whether the bridge stands or not', () => {
    const h = open(all, 'lin', 'omar').join('c1').pickUp('omar');
    h.did();
    expect(h.pickUp('lin').did()).toEqual(['withdraw lin←c1 answered_elsewhere']);
    expect(h.agent('lin')).toBe('available');
  });

  it('the first answerer hangs up before the bridge: those who still ring can have the call (P8)', () => {
    const h = open(all, 'lin', 'omar').join('c1').pickUp('omar').returned('c1');
    expect(h.offers()).toEqual(['lin←c1']);
    expect(h.accept('lin').agent('lin')).toBe('talking');
    expect(h.state().contacts.get('c1' as never)?.stage.is).toBe('connected');
  });

  it('a bridge that never comes costs the agent ten seconds, not the day', () => {
    const h = open(all, 'lin', 'omar').join('c1').pickUp('omar');
    h.did();
    h.at(10_000);
    expect(h.did()).toEqual(['drop omar←c1']);
    expect([h.agent('omar'), h.offers()]).toEqual(['available', ['lin←c1']]);
  });

  it('the caller who leaves stops all phones, also when one has answered', () => {
    const h = open(all, 'lin', 'omar').join('c1').pickUp('omar');
    h.did();
    expect(h.leave('c1').did()).toEqual(['withdraw lin←c1 contact_left']);
    expect([h.agent('lin'), h.agent('omar')]).toEqual(['available', 'available']);
  });
});

describe('more phones with time', () => {
  it('ring as many as the schedule says', () => {
    const h = open({ ...all, atOnce: [{ afterMs: 0, agents: 1 }, { afterMs: 5_000, agents: 2 }, { afterMs: 10_000, agents: 'all' }], offerMs: 60_000 }, 'a', 'b', 'c', 'd').join('c1');
    expect([h.offers().length, h.at(5_000).offers().length, h.at(10_000).offers().length]).toEqual([1, 2, 4]);
  });
});

describe('wrap-up', () => {
  const wrap = (max: number): Hall => open({ wrapUp: { ms: 30_000, maxMs: max } }, 'lin').join('c1').accept('lin').released('c1').join('c2');
  const longer = (h: Hall, ms: number): Hall => h.post({ type: 'agent.wrap_up_extended', agent: 'lin' as never, ms });
  it('can be extended, as far as the queue allows', () => {
    const h = longer(wrap(90_000), 45_000);
    expect([h.at(74_999).agent('lin'), h.at(75_000).agent('lin')]).toEqual(['wrap_up', 'ringing']);
    expect(longer(wrap(90_000), 600_000).at(90_000).agent('lin')).toBe('ringing');
  });
  it('cannot be extended where the queue does not allow it, nor when there is none', () => {
    expect(longer(wrap(30_000), 45_000).at(30_000).agent('lin')).toBe('ringing');
    expect(longer(open(all, 'lin'), 45_000).agent('lin')).toBe('available');
  });
  it('does not follow a bridge that never stood', () => {
    expect(open({ wrapUp: { ms: 30_000, maxMs: 30_000 } }, 'lin').join('c1').pickUp('lin').leave('c1').agent('lin')).toBe('available');
  });
});
