import { describe, expect, it } from 'vitest';
import { demoQueue, hall } from './hall.fixture.js';
import type { QueueSetup } from './types.js';

const withQueue = (change: Partial<QueueSetup>, ...agents: string[]) =>
  hall(...agents).setup([demoQueue('support', change)], Object.fromEntries(agents.map((a) => [a, undefined])));

describe('who gets the next call', () => {
  it('is the agent who has been idle longest', () => {
    const h = hall().setup([demoQueue('support')], { lin: undefined, omar: undefined, ada: undefined });
    h.at(1).registered('omar').at(2).registered('lin').at(3).registered('ada');
    expect(h.join('c1').join('c2').join('c3').offers()).toEqual(['omar←c1', 'lin←c2', 'ada←c3']);
  });

  it('is decided by who became idle first, even within one millisecond', () => {
    expect(hall('zoe', 'abe').join('c1').offers()).toEqual(['zoe←c1']);
  });

  it('counts idleness from the end of the last call', () => {
    const h = hall('lin', 'omar').join('c1').accept('lin').at(9_000).released('c1').join('c2');
    expect(h.offers()).toEqual(['omar←c2']);
  });

  it('is the caller who came first, among callers of equal priority', () => {
    const h = hall().join('c1').at(1).join('c2').at(2).setup([demoQueue('support')], { lin: undefined }).registered('lin');
    expect(h.offers()).toEqual(['lin←c1']);
  });

  it('is the caller of higher priority, whoever came first', () => {
    const h = hall('lin').choose('lin', 'away').join('c1').at(1).join('c2', 'support', 9).choose('lin', 'available');
    expect(h.offers()).toEqual(['lin←c2']);
  });

  it('is found over all the queues an agent serves', () => {
    const queues = [demoQueue('support'), demoQueue('sales')];
    const h = hall().setup(queues, { lin: ['sales', 'support'], omar: ['sales'] });
    h.join('c1', 'support').at(1).join('c2', 'sales').registered('lin');
    expect(h.offers()).toEqual(['lin←c1']);
    expect(h.registered('omar').offers()).toEqual(['lin←c1', 'omar←c2']);
  });
});

describe('an unanswered offer', () => {
  it('goes to the next agent after 15 s, and the contact is still first', () => {
    const h = hall('lin', 'omar').join('c1').at(15_000);
    expect(h.did()).toEqual(['offer lin←c1', 'withdraw lin←c1 timed_out', 'offer omar←c1']);
    expect(h.agent('lin')).toBe('available');
  });

  it('comes back to the same agent when there is no other', () => {
    expect(hall('lin').join('c1').at(15_000).offers()).toEqual(['lin←c1']);
  });

  it('puts the agent away the second time, with the reason, and remembers it', () => {
    const h = hall('lin').join('c1').at(15_000).at(30_000);
    expect(h.agent('lin')).toBe('away');
    expect(h.state().agents.get('lin' as never)?.reason).toBe('no_answer');
    expect(h.did()).toContain('remember lin away');
    expect(h.offers()).toEqual([]);
  });

  it('is forgiven by an answer in between', () => {
    const h = hall('lin').join('c1').at(15_000).accept('lin').released('c1').join('c2').at(30_000);
    expect(h.agent('lin')).toBe('ringing');
  });

  it('never puts anybody away where the setting is 0', () => {
    const h = withQueue({ maxUnanswered: 0 }, 'lin').join('c1').at(15_000).at(30_000).at(45_000);
    expect(h.offers()).toEqual(['lin←c1']);
  });
});

describe('a race for one offer', () => {
  it('is lost by the answer that comes at the time-out', () => {
    const h = hall('lin').join('c1');
    const [offer = ''] = h.offerIds();
    h.choose('lin', 'available').at(15_000).acceptOffer(offer);
    expect(h.did().filter((d) => d.startsWith('connect'))).toEqual([]);
  });

  it('is lost by a time-out that comes after the answer', () => {
    const h = hall('lin').join('c1').at(14_999).accept('lin').at(15_000);
    expect(h.did()).toEqual(['offer lin←c1', 'connect lin←c1']);
    expect(h.agent('lin')).toBe('talking');
  });

  it('is decided by time, not by when the timer got round to it', () => {
    const h = hall('lin').join('c1');
    const [offer = ''] = h.offerIds();
    h.late(15_001).acceptOffer(offer);
    expect(h.did()).toEqual(['offer lin←c1', 'withdraw lin←c1 timed_out', 'offer lin←c1']);
  });

  it('gives the agent back at once, as senior as before, when the caller hangs up while it rings', () => {
    const h = hall('lin', 'omar').at(5).join('c1').at(9).leave('c1');
    expect(h.agent('lin')).toBe('available');
    expect(h.did()).toEqual(['offer lin←c1', 'withdraw lin←c1 contact_left']);
    expect(h.join('c2').offers()).toEqual(['lin←c2']);
  });

  it('frees the agent when the caller hangs up in the moment of the answer', () => {
    const h = hall('lin').join('c1').accept('lin').leave('c1');
    expect(h.agent('lin')).toBe('available');
    expect(h.state().contacts.size).toBe(0);
  });

  it('connects one of two answers, never both', () => {
    const h = hall('lin').join('c1');
    const [offer = ''] = h.offerIds();
    h.acceptOffer(offer).acceptOffer(offer);
    expect(h.did()).toEqual(['offer lin←c1', 'connect lin←c1']);
  });

  it('keeps the caller in place when the answer comes to nothing before the bridge', () => {
    const h = hall('lin', 'omar').join('c1').at(1).join('c2').at(2).join('c3').accept('lin').at(3).returned('c1').decline('omar');
    expect(h.agent('lin')).toBe('available'); // left alone for 10 s
    expect(h.did().at(-1)).toBe('connect lin←c1');
    expect(h.at(5_003).offers()).toEqual(['omar←c1']);
  });
});

describe('a refusal', () => {
  it.each(['busy', 'rejected', 'unreachable'] as const)('%s goes to the next agent and leaves this one alone for a while', (why) => {
    const h = hall('lin', 'omar').join('c1').decline('lin', why).join('c2');
    expect(h.offers()).toEqual(['omar←c1']);
    expect(h.agent('lin')).toBe('available');
    expect(h.at(10_000).offers()).toEqual(['omar←c1', 'lin←c2']);
  });

  it('does not count as unanswered', () => {
    const h = hall('lin').join('c1').decline('lin').at(5_000).decline('lin').at(10_000);
    expect(h.agent('lin')).toBe('ringing');
  });
});

describe('what is told', () => {
  it('is filed under the subject the channel gave, offer by offer', () => {
    const h = hall('lin', 'omar').join('c1').at(15_000).accept('omar');
    const facts = h.effects().flatMap((f) => (f.do === 'publish' && f.subject === 'call:c1' ? [[f.type, f.data.agent ?? null, f.data.why ?? null]] : []));
    expect(facts).toEqual([
      ['call.queued', null, null], ['call.offered', 'lin', null], ['call.offer_ended', 'lin', 'timed_out'],
      ['call.offered', 'omar', null], ['call.offer_ended', 'omar', 'accepted'], ['call.left_queue', null, 'connected'],
    ]);
  });

  it('of an agent is every change of state, once', () => {
    const h = hall('lin').join('c1').accept('lin').released('c1').choose('lin', 'away', 'lunch').choose('lin', 'away', 'lunch');
    const changes = h.effects().flatMap((f) => (f.do === 'publish' && f.type === 'agent.state_changed' ? [f.data] : []));
    expect(changes.map((d) => d.to)).toEqual(['available', 'ringing', 'talking', 'available', 'away']);
    expect(changes.at(-1)).toEqual({ agent: 'lin', from: 'available', to: 'away', reason: 'lunch', by: 'test' });
  });

  it('of a caller who gives up is how long the wait was', () => {
    const last = hall().join('c1').at(7_000).leave('c1').effects().at(-1);
    expect(last).toMatchObject({ type: 'call.left_queue', data: { queue: 'support', why: 'abandoned', waited_ms: 7_000 } });
  });

  it('of a caller who gives up while the agent who picked up is being put through is that he gave up: nobody talked with him', () => {
    const left = hall('lin').join('c1').at(2_000).pickUp('lin').at(3_000).released('c1').effects();
    expect(left.flatMap((f) => (f.do === 'publish' && f.type === 'call.left_queue' ? [f.data] : []))).toEqual([{ queue: 'support', why: 'abandoned', waited_ms: 3_000 }]);
  });
});

describe('wrap-up', () => {
  const wrap = (...agents: string[]) => withQueue({ wrapUp: { ms: 30_000, maxMs: 30_000 } }, ...agents).join('c1').accept('lin').at(1_000).released('c1').join('c2');

  it('keeps the agent for its time', () => {
    expect(wrap('lin').agent('lin')).toBe('wrap_up');
    expect(wrap('lin').at(30_999).offers()).toEqual([]);
    expect(wrap('lin').at(31_000).offers()).toEqual(['lin←c2']);
  });

  it('ends at once when the agent presses available, and its timer does nothing later', () => {
    const h = wrap('lin').at(2_000).choose('lin', 'available');
    expect(h.offers()).toEqual(['lin←c2']);
    expect(h.accept('lin').at(31_000).agent('lin')).toBe('talking');
  });

  it('belongs to the agent: the other queues wait as well', () => {
    const queues = [demoQueue('support', { wrapUp: { ms: 30_000, maxMs: 30_000 } }), demoQueue('sales'), demoQueue('vip', { wrapUp: { ms: 1_000, maxMs: 1_000 } })];
    const h = hall().setup(queues, { lin: undefined }).registered('lin').join('c1').accept('lin').released('c1');
    expect(h.join('c2', 'sales').join('c3', 'vip').at(29_999).offers()).toEqual([]);
    expect(h.at(30_000).offers()).toEqual(['lin←c2']);
  });
});

describe('announcements', () => {
  const rule = { announce: { firstMs: 0, everyMs: 20_000, repeatMs: 60_000, position: true, expectedWait: false } };

  it('tell the place at once, and again when it changed', () => {
    const h = withQueue(rule).join('c1').join('c2').at(10_000).leave('c1').at(20_000);
    expect(h.did()).toEqual(['announce c1 1/1', 'announce c2 2/2', 'announce c2 1/1']);
  });

  it('repeat an unchanged place only after a while', () => {
    const h = withQueue(rule).join('c1');
    h.did();
    expect(h.at(20_000).at(40_000).did()).toEqual([]);
    expect(h.at(60_000).did()).toEqual(['announce c1 1/1']);
  });

  it('are not made for someone whom an agent is about to answer', () => {
    expect(withQueue(rule, 'lin').join('c1').accept('lin').at(20_000).did()).toEqual(['offer lin←c1', 'connect lin←c1']);
  });

  it('count those before who are being offered, by priority', () => {
    const h = withQueue({ ...rule, offerMs: 60_000 }, 'lin').join('c1').join('c2', 'support', 9).join('c3');
    expect(h.did()).toEqual(['offer lin←c1', 'announce c2 1/2', 'announce c3 3/3']);
  });

  it('come also while one agent after another lets it ring', () => {
    expect(withQueue({ ...rule, maxUnanswered: 0 }, 'lin').join('c1').at(20_000).did()).toContain('announce c1 1/1');
  });
});
