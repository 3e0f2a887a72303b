import { describe, expect, it } from 'vitest';
import { demoQueue, hall, type Hall } from './hall.fixture.js';

// What made people leave other queues: PEERS P1 to P12, each as the report told it.

describe('a queue does not freeze', () => {
  it('when a caller hangs up in the middle of an offer: the agent takes the next one at once (P2, P4)', () => {
    const h = hall('lin').join('c1').join('c2').leave('c1');
    expect(h.offers()).toEqual(['lin←c2']);
  });

  it('when a phone never answers an offer at all: every offer has its end (P2)', () => {
    const h = hall('lin', 'omar').join('c1');
    for (let i = 1; i <= 4; i += 1) h.at(i * 15_000);
    expect([h.agent('lin'), h.agent('omar'), h.offers()]).toEqual(['away', 'away', []]);
    expect(h.state().queues.get('support' as never)?.line.size).toBe(1);
    expect(h.choose('lin', 'available').offers()).toEqual(['lin←c1']);
  });

  it('when the agent who has been idle longest cannot be reached: the next one is (P4, top-down stall)', () => {
    const h = hall('lin', 'omar').join('c1').decline('lin', 'unreachable');
    expect(h.offers()).toEqual(['omar←c1']);
  });

  it('when nothing happens for a while and the clock is asked twice (P1)', () => {
    const h = hall('lin').at(86_400_000).at(86_400_000).join('c1');
    expect(h.offers()).toEqual(['lin←c1']);
  });
});

describe('states never contradict each other', () => {
  const look = (h: Hall): unknown => {
    const a = h.state().agents.get('lin' as never);
    return [h.agent('lin'), a?.work.map((w) => w.is).join(), h.offers().length];
  };
  it('in the life of one call (P4)', () => {
    const h = hall('lin');
    const seen = [look(h), look(h.join('c1')), look(h.accept('lin')), look(h.released('c1'))];
    expect(seen).toEqual([['available', '', 0], ['ringing', 'ringing', 1], ['talking', 'talking', 0], ['available', '', 0]]);
  });

  it('no agent is rung for a caller who has left ("zombie call", P4)', () => {
    const h = hall('lin', 'omar').join('c1').leave('c1').at(15_000).at(30_000);
    expect(h.did()).toEqual(['offer lin←c1', 'withdraw lin←c1 contact_left']);
  });

  it('no caller is answered hours after hanging up (P4)', () => {
    const h = hall('lin').join('c1');
    const [offer = ''] = h.offerIds();
    h.leave('c1').at(7_200_000).acceptOffer(offer);
    expect(h.did().some((d) => d.startsWith('connect'))).toBe(false);
  });
});

describe('settings that are read again (P5)', () => {
  const reload = (h: Hall): Hall => h.setup([demoQueue('support')], { lin: undefined, omar: undefined });
  it.each<[string, (h: Hall) => Hall, string]>([
    ['available', (h) => h, 'available'], ['away', (h) => h.choose('lin', 'away'), 'away'], ['ringing', (h) => h.join('c1'), 'ringing'],
    ['talking', (h) => h.join('c1').accept('lin'), 'talking'], ['offline', (h) => h.registered('lin', false), 'offline'],
  ])('leave an agent who is %s as he is', (_state, until, state) => {
    expect(reload(until(hall('lin', 'omar'))).agent('lin')).toBe(state);
  });

  it('leave everybody\'s place in line and seniority as they are', () => {
    const h = hall('lin', 'omar').choose('lin', 'away').choose('omar', 'away').join('c1').join('c2');
    reload(h).choose('omar', 'available').choose('lin', 'available');
    expect(h.offers()).toEqual(['omar←c1', 'lin←c2']);
  });

  it('do not make an agent available whose phone is not registered', () => {
    const h = reload(hall('lin', 'omar').registered('lin', false).registered('omar', false)).join('c1');
    expect(h.offers()).toEqual([]);
  });
});

describe('one call, one agent', () => {
  it('two phones answer in the same millisecond: one is connected, the other told (P7)', () => {
    const h = hall('lin', 'omar').join('c1');
    const [first = ''] = h.offerIds();
    h.at(15_000); // lin's offer expires as she picks up; omar's phone starts
    const [second = ''] = h.offerIds();
    h.acceptOffer(first).acceptOffer(second).acceptOffer(first);
    expect(h.did().filter((d) => d.startsWith('connect'))).toEqual(['connect omar←c1']);
  });

  it('the agent hangs up before the bridge: the caller waits on in place, somebody else is rung (P8)', () => {
    const h = hall('lin', 'omar').join('c1').at(1).join('c2').accept('lin').at(2).returned('c1');
    expect(h.decline('omar').offers()).toEqual([]);
    expect(h.at(10_002).offers()).toEqual(['omar←c1', 'lin←c2']);
  });
});

describe('an agent is never lost', () => {
  it('after unanswered offers: away for a reason that can be seen, and back by one key (P12)', () => {
    const h = hall('lin').join('c1').at(15_000).at(30_000);
    expect([h.agent('lin'), h.state().agents.get('lin' as never)?.reason]).toEqual(['away', 'no_answer']);
    expect(h.choose('lin', 'available').agent('lin')).toBe('ringing');
  });

  it('after a conversation whose end is told twice, or late (P12)', () => {
    const h = hall('lin').join('c1').accept('lin').released('c1').join('c2').accept('lin').released('c1');
    expect(h.agent('lin')).toBe('talking');
    expect(h.released('c2').released('c2').agent('lin')).toBe('available');
  });

  it('after going from queue to queue (P12)', () => {
    const both = [demoQueue('support'), demoQueue('sales')];
    const h = hall().setup(both, { lin: ['support'], omar: ['sales'] }).registered('lin').registered('omar');
    h.join('c1', 'support').accept('lin').released('c1').join('c1', 'sales').accept('omar').released('c1');
    expect([h.agent('lin'), h.agent('omar')]).toEqual(['available', 'available']);
    expect(h.join('c2', 'support').join('c3', 'sales').offers()).toEqual(['lin←c2', 'omar←c3']);
  });

  it('by registering again during an offer (P11)', () => {
    const h = hall('lin').join('c1').registered('lin').accept('lin');
    expect(h.did()).toEqual(['offer lin←c1', 'connect lin←c1']);
  });

  it('by calls of her own beside the queue\'s (P12)', () => {
    const h = hall('lin').join('c1').accept('lin').engaged('lin').released('c1');
    expect(h.agent('lin')).toBe('talking');
    expect(h.engaged('lin', false).agent('lin')).toBe('available');
  });

  it('by more ends of calls than beginnings', () => {
    expect(hall('lin').engaged('lin', false).engaged('lin').engaged('lin', false).join('c1').offers()).toEqual(['lin←c1']);
  });
});

describe('wrap-up (P10)', () => {
  it('of an agent in six queues lasts its time, whichever queue calls', () => {
    const queues = Array.from({ length: 6 }, (_, i) => demoQueue(`q${i}`, { wrapUp: { ms: 20_000, maxMs: 20_000 } }));
    const h = hall().setup(queues, { lin: undefined }).registered('lin').join('c0', 'q0').accept('lin').released('c0');
    queues.forEach((q, i) => h.at(i * 1_000).join(`c${i + 1}`, q.id));
    expect([h.agent('lin'), h.offers()]).toEqual(['wrap_up', []]);
    expect(h.at(20_000).offers()).toEqual(['lin←c1']);
  });
});
