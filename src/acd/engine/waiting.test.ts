import { describe, expect, it } from 'vitest';
import { demoAgent, demoQueue, hall, toQueue, type Hall } from './hall.fixture.js';
import type { AgentSetup, QueueSetup, Target } from './types.js';

const night: Target = { to: 'flow', flow: 'night' };
const open = (queue: Partial<QueueSetup>, ...agents: string[]): Hall =>
  hall().open([demoQueue('support', queue), demoQueue('backup')], agents.map((id) => demoAgent(id, ['support'])));
const busy = (queue: Partial<QueueSetup>): Hall => open(queue, 'lin').join('c0').accept('lin');
const left = (h: Hall): unknown[] => h.effects().flatMap((f) => (f.do === 'publish' && f.type === 'call.left_queue' ? [f.data.why] : []));
const withBackup = (queue: Partial<QueueSetup>, backup: Partial<QueueSetup> = {}, agents: readonly AgentSetup[] = [demoAgent('omar', ['backup'])]): Hall =>
  hall().open([demoQueue('support', queue), demoQueue('backup', backup)], agents);

describe('who is not let in', () => {
  it.each<[string, Partial<QueueSetup>, string]>([
    ['full', { maxWaiting: 1, on: { full: night } }, 'divert c2 to flow night full'],
    ['full, nowhere to go', { maxWaiting: 1 }, 'divert c2 to hang_up full'],
    ['closed', { mode: 'closed', on: { closed: { to: 'extension', extension: '1001' } } }, 'divert c2 to extension 1001 closed'],
    ['emergency', { mode: 'emergency', on: { emergency: { to: 'number', number: '+861' } } }, 'divert c2 to number +861 emergency'],
  ])('%s: is sent on at once', (why, queue, expected) => {
    const h = busy({}).join('c1');
    h.did();
    h.post({ type: 'queue.changed', queue: demoQueue('support', queue) }).join('c2');
    expect(h.did().at(-1)).toBe(expected);
    expect(left(h).at(-1)).toBe(why.split(',')[0]);
    expect(h.state().contacts.has('c2' as never)).toBe(false);
  });

  it('unstaffed: goes on where there is a target, waits where there is none', () => {
    expect(open({ on: { unstaffed: night } }, 'lin').choose('lin', 'away').join('c1').did().at(-1)).toBe('divert c1 to flow night unstaffed');
    expect(open({ on: { unstaffed: night } }, 'lin').join('c0').accept('lin').join('c1').state().contacts.has('c1' as never)).toBe(true);
    expect(open({}, 'lin').choose('lin', 'away').join('c1').state().contacts.has('c1' as never)).toBe(true);
  });

  it('goes to another queue with the time it has waited, and round in circles no longer than five hops', () => {
    expect(withBackup({ mode: 'closed', on: { closed: toQueue('backup') } }).join('c1').offers()).toEqual(['omar←c1']);
    const circle = withBackup({ mode: 'closed', on: { closed: toQueue('backup') } }, { mode: 'closed', on: { closed: toQueue('support') } });
    expect(circle.join('c1').did().at(-1)).toMatch(/^divert c1 to hang_up/);
  });
});

describe('an emergency', () => {
  it('sends everybody who waits to where it says, and stops the phones', () => {
    const h = open({}, 'lin').join('c1').join('c2');
    h.did();
    h.post({ type: 'queue.changed', queue: demoQueue('support', { mode: 'emergency', on: { emergency: night } }) });
    expect(h.did()).toEqual(['withdraw lin←c1 moved', 'divert c1 to flow night emergency', 'divert c2 to flow night emergency']);
  });
});

describe('somebody who waits too long', () => {
  it('is sent on after the longest wait', () => {
    const h = busy({ maxWaitMs: 60_000, on: { max_wait: night } }).join('c1');
    expect(h.at(59_999).did()).not.toContain('divert c1 to flow night max_wait');
    expect(h.at(60_000).did()).toContain('divert c1 to flow night max_wait');
    expect(left(h).at(-1)).toBe('max_wait');
  });

  it('but not while a phone rings for it: first that is settled', () => {
    const h = open({ maxWaitMs: 10_000, offerMs: 15_000, maxUnanswered: 0, on: { max_wait: night } }, 'lin').join('c1').at(10_000);
    expect(h.offers()).toEqual(['lin←c1']);
    expect(h.at(15_000).did().slice(-2)).toEqual(['withdraw lin←c1 timed_out', 'divert c1 to flow night max_wait']);
  });

  it('counts for more, waits elsewhere as well, and moves, as escalation says', () => {
    const escalate = [
      { afterMs: 10_000, priority: 3, also: [], move: undefined },
      { afterMs: 20_000, priority: 0, also: ['backup' as never], move: undefined },
      { afterMs: 30_000, priority: 0, also: [], move: night },
    ];
    const h = withBackup({ escalate }, {}, [demoAgent('lin', ['support'])]).join('c0').accept('lin').join('c1').join('c2', 'support', 6);
    const priority = (): number | undefined => h.state().contacts.get('c1' as never)?.entries[0]?.priority;
    h.at(10_000);
    expect([priority(), h.state().contacts.get('c1' as never)?.entries.length]).toEqual([8, 1]);
    expect(h.at(20_000).state().contacts.get('c1' as never)?.entries.map((e) => e.queue.id)).toEqual(['support', 'backup']);
    h.did();
    expect(h.at(30_000).did()).toEqual([]); // it still waits in the other queue
    h.post({ type: 'agent.changed', agent: demoAgent('omar', ['backup']) }).registered('omar');
    expect(h.offers()).toEqual(['omar←c2']); // six and three are nine
  });

  it('overflows to another queue and keeps the time it has waited', () => {
    const h = withBackup({ escalate: [{ afterMs: 30_000, priority: 0, also: [], move: toQueue('backup') }] }, {}, [demoAgent('omar', ['backup'])]).choose('omar', 'away');
    h.join('c1').at(10_000).join('c2', 'backup').at(30_000).choose('omar', 'available');
    expect(h.offers()).toEqual(['omar←c1']);
  });

  it('presses a key and is let out', () => {
    const h = open({ exits: { '1': night, '2': { to: 'callback' } } }, 'lin').join('c1').join('c2');
    h.did();
    h.post({ type: 'contact.pressed', contact: 'c1' as never, key: '1' }).post({ type: 'contact.pressed', contact: 'c2' as never, key: '9' });
    expect(h.did()).toEqual(['withdraw lin←c1 moved', 'divert c1 to flow night exit', 'offer lin←c2']);
  });
});

describe('a callback', () => {
  const rules = { callback: { first: 'agent' as const, attempts: 2, retryMs: 60_000 }, exits: { '2': { to: 'callback' as const } } };
  const wants = (h: Hall, id = 'c1', at?: number): Hall => h.post({ type: 'contact.wants_callback', contact: id as never, ...(at === undefined ? {} : { at }) });
  const unreached = (h: Hall, id = 'c1'): Hall => h.post({ type: 'contact.unreached', contact: id as never });

  it('keeps the place', () => {
    const h = busy(rules).join('c1').at(5_000).join('c2');
    h.did();
    expect(h.post({ type: 'contact.pressed', contact: 'c1' as never, key: '2' }).did()).toEqual(['divert c1 to callback exit']);
    expect(h.released('c0').offers()).toEqual(['lin←c1']);
    expect(h.effects().findLast((f) => f.do === 'offer')).toMatchObject({ offer: { contact: 'c1', callback: 'agent' } });
  });

  it('whose customer is not reached is tried again later in its old place, then given up', () => {
    const h = wants(busy(rules).join('c1')).released('c0').pickUp('lin').join('c2');
    h.did();
    expect(unreached(h).did()).toEqual(['offer lin←c2']);
    h.accept('lin').at(60_000).join('c3').released('c2');
    expect(h.offers()).toEqual(['lin←c1']);
    h.did();
    expect(unreached(h.pickUp('lin')).did()).toEqual(['connect lin←c1', 'dismiss c1', 'offer lin←c3']);
    expect(left(h).at(-1)).toBe('unreached');
  });

  it('by the customer first: the offer lasts as long as both may ring, and ends when the customer does not answer', () => {
    const h = wants(open({ ...rules, callback: { ...rules.callback, first: 'customer' } }, 'lin').choose('lin', 'away').join('c1')).choose('lin', 'available');
    expect(h.effects().findLast((f) => f.do === 'offer')).toMatchObject({ offer: { callback: 'customer', offerMs: 75_000 } });
    h.did();
    expect(unreached(h).did()).toEqual(['withdraw lin←c1 moved']);
    expect([h.agent('lin'), h.at(60_000).offers()]).toEqual(['available', ['lin←c1']]);
  });

  it('booked for a time is in line by that time, not before', () => {
    const h = wants(open(rules, 'lin').choose('lin', 'away').join('c1'), 'c1', 3_600_000).choose('lin', 'available');
    expect(h.at(3_599_999).offers()).toEqual([]);
    expect(h.at(3_600_000).offers()).toEqual(['lin←c1']);
    const fresh = open(rules, 'lin').comes('c2', { callback: true, notBefore: 60_000 });
    expect([fresh.offers(), fresh.at(60_000).offers()]).toEqual([[], ['lin←c2']]);
  });

  it('can be taken back, waiting or booked', () => {
    expect(wants(open(rules, 'lin').choose('lin', 'away').join('c1'), 'c1', 60_000).leave('c1', 'exit').at(60_000).state().contacts.size).toBe(0);
  });

  it('is not told its place', () => {
    const announce = { firstMs: 0, everyMs: 20_000, repeatMs: 20_000, position: true, expectedWait: false };
    const h = wants(busy({ ...rules, announce }).join('c1'));
    h.did();
    expect(h.at(20_000).at(40_000).did()).toEqual([]);
  });
});

describe('who is to be called back instead of being sent away', () => {
  const relax = [{ afterMs: 20_000, drop: 'all', lower: [], ring: undefined }] as const;
  const callback: Target = { to: 'callback' };
  it.each<[string, Partial<QueueSetup>]>([
    ['by escalation', { escalate: [{ afterMs: 4_000, priority: 0, also: [], move: callback }] }],
    ['after the longest wait', { maxWaitMs: 4_000, on: { max_wait: callback } }],
  ])('%s, waits on, and less is asked for him in time', (_how, setup) => {
    const h = busy({ ...setup, relax }).join('c1').at(4_000);
    const [entry] = h.state().contacts.get('c1' as never)?.entries ?? [];
    expect([entry?.inLine, entry?.relaxed]).toEqual([true, 0]);
    h.at(20_000);
    expect(entry?.relaxed).toBe(1);
  });
});
