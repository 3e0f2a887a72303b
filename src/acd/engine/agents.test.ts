import { describe, expect, it } from 'vitest';
import { CHANGES, type Change } from './changes.js';
import { demoQueue, hall, type Hall } from './hall.fixture.js';

const apply: Record<Change, (h: Hall) => Hall> = {
  available: (h) => h.choose('lin', 'available'),
  away: (h) => h.choose('lin', 'away', 'lunch'),
  training: (h) => h.choose('lin', 'training'),
  offline: (h) => h.choose('lin', 'offline'),
  reachable: (h) => h.registered('lin'),
  unreachable: (h) => h.registered('lin', false),
  engaged: (h) => h.engaged('lin'),
  disengaged: (h) => h.engaged('lin', false),
  removed: (h) => h.setup([demoQueue('support', { wrapUp: { ms: 30_000, maxMs: 30_000 } })], {}),
};
const wrapping = () => hall().setup([demoQueue('support', { wrapUp: { ms: 30_000, maxMs: 30_000 } })], { lin: undefined }).registered('lin');
const start: Record<'free' | keyof typeof CHANGES, () => Hall> = {
  free: () => hall('lin'),
  ringing: () => hall('lin').join('c1'),
  talking: () => hall('lin').join('c1').accept('lin'),
  wrap_up: () => wrapping().join('c1').accept('lin').released('c1'),
};

/** What the supervisor sees at once, and what becomes of the agent when the work is over. */
const expected: Record<'free' | keyof typeof CHANGES, Record<Change, [now: string | undefined, afterwards: string | undefined]>> = {
  free: {
    available: ['available', 'available'], away: ['away', 'away'], training: ['training', 'training'], offline: ['offline', 'offline'],
    reachable: ['available', 'available'], unreachable: ['offline', 'offline'], engaged: ['talking', 'talking'],
    disengaged: ['available', 'available'], removed: [undefined, undefined],
  },
  ringing: {
    available: ['ringing', 'available'], away: ['away', 'away'], training: ['training', 'training'], offline: ['offline', 'offline'],
    reachable: ['ringing', 'available'], unreachable: ['offline', 'offline'], engaged: ['talking', 'talking'],
    disengaged: ['ringing', 'available'], removed: [undefined, undefined],
  },
  talking: {
    available: ['talking', 'available'], away: ['talking', 'away'], training: ['talking', 'training'], offline: ['talking', 'offline'],
    reachable: ['talking', 'available'], unreachable: ['talking', 'offline'], engaged: ['talking', 'talking'],
    disengaged: ['talking', 'available'], removed: ['talking', undefined],
  },
  wrap_up: {
    available: ['available', 'available'], away: ['away', 'away'], training: ['training', 'training'], offline: ['offline', 'offline'],
    reachable: ['wrap_up', 'available'], unreachable: ['wrap_up', 'offline'], engaged: ['wrap_up', 'talking'],
    disengaged: ['wrap_up', 'available'], removed: [undefined, undefined],
  },
};

const cases = Object.entries(expected).flatMap(([task, changes]) =>
  Object.entries(changes).map(([change, [now, afterwards]]) => ({ task: task as keyof typeof start, change: change as Change, now, afterwards })));

it.each(cases)('$task, then $change: $now at once, $afterwards when the work is over', ({ task, change, now, afterwards }) => {
  const h = apply[change](start[task]());
  expect(h.agent('lin')).toBe(now);
  h.leave('c1').released('c1').at(h.now() + 30_000);
  expect(h.agent('lin')).toBe(afterwards);
});

describe('an agent who turns away while the phone rings', () => {
  it('is not rung any more, and the caller goes to the next one', () => {
    const h = hall('lin', 'omar').join('c1').choose('lin', 'away');
    expect(h.did()).toEqual(['offer lin←c1', 'withdraw lin←c1 agent_state', 'remember lin away', 'offer omar←c1']);
  });
});

describe('a registration', () => {
  it('that is lost takes the agent off; when it is back, the state chosen before is', () => {
    const h = hall('lin').choose('lin', 'training').registered('lin', false);
    expect(h.agent('lin')).toBe('offline');
    expect(h.registered('lin').agent('lin')).toBe('training');
  });

  it('that is refreshed while the phone rings changes nothing', () => {
    const h = hall('lin').join('c1').registered('lin').registered('lin');
    expect(h.did()).toEqual(['offer lin←c1']);
  });

  it('that is lost in a conversation shows only afterwards', () => {
    const h = hall('lin').join('c1').accept('lin').registered('lin', false);
    expect(h.agent('lin')).toBe('talking');
    expect(h.released('c1').agent('lin')).toBe('offline');
  });
});

describe('calls that no queue brought', () => {
  it('keep the agent from being offered, until the last of them is over', () => {
    const h = hall('lin').engaged('lin').engaged('lin').join('c1');
    expect(h.engaged('lin', false).offers()).toEqual([]);
    expect(h.engaged('lin', false).offers()).toEqual(['lin←c1']);
  });

  it('may begin while the agent is away and end without making it available', () => {
    const h = hall('lin').choose('lin', 'away').engaged('lin');
    expect(h.agent('lin')).toBe('talking');
    expect(h.engaged('lin', false).agent('lin')).toBe('away');
  });
});

describe('new settings', () => {
  it('touch neither live states nor offers nor places', () => {
    const h = hall('lin', 'omar').choose('omar', 'away', 'lunch').join('c1').join('c2');
    h.setup([demoQueue('support', { offerMs: 20_000 })], { lin: undefined, omar: undefined });
    expect([h.agent('lin'), h.agent('omar'), ...h.offers()]).toEqual(['ringing', 'away', 'lin←c1']);
    expect(h.accept('lin').choose('omar', 'available').offers()).toEqual(['omar←c2']);
  });

  it('give a waiting contact to an agent who now serves its queue', () => {
    const both = [demoQueue('support'), demoQueue('sales')];
    const h = hall().setup(both, { lin: ['sales'] }).registered('lin').join('c1');
    expect(h.offers()).toEqual([]);
    expect(h.setup(both, { lin: ['support'] }).offers()).toEqual(['lin←c1']);
    expect(h.leave('c1').join('c2', 'sales').offers()).toEqual([]);
  });

  it('dismiss who waits in a queue that is gone, and free the agent it rang', () => {
    const h = hall('lin').join('c1').join('c2').setup([demoQueue('sales')], { lin: undefined });
    expect(h.did()).toEqual(['offer lin←c1', 'withdraw lin←c1 queue_removed', 'dismiss c1', 'dismiss c2']);
    expect(h.join('c3', 'sales').offers()).toEqual(['lin←c3']);
  });

  it('count for an agent whose offer they end', () => {
    const queues = [demoQueue('support'), demoQueue('sales'), demoQueue('vip')];
    const h = hall().setup(queues, { lin: ['support', 'sales'] }).registered('lin').join('c1');
    h.setup(queues.slice(1), { lin: ['vip'] }).join('c2', 'sales');
    expect(h.offers()).toEqual([]);
    expect(h.join('c3', 'vip').offers()).toEqual(['lin←c3']);
  });

  it('let a removed agent finish the conversation', () => {
    const h = hall('lin').join('c1').accept('lin').setup([demoQueue('support')], {});
    expect(h.agent('lin')).toBe('talking');
    expect(h.released('c1').agent('lin')).toBeUndefined();
  });

  it('take somebody back whose queue vanished between answer and bridge', () => {
    const h = hall('lin').join('c1').accept('lin').setup([demoQueue('sales')], { lin: undefined }).returned('c1');
    expect(h.did().at(-1)).toBe('dismiss c1');
    expect(h.state().contacts.size).toBe(0);
  });
});
