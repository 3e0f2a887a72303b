import { describe, expect, it } from 'vitest';
import { emptyState, step, type AcdEvent, type AgentId, type ContactId, type QueueId, type State } from './engine/index.js';
import { acdSetup } from './setup.js';
import { agentView, allQueues, queueView } from './views.js';

const queue = (name: string) => ({ name, strategy: 'longest_idle', offerMs: 15_000, wrapUpMs: 5_000, maxUnanswered: 2, music: undefined, announcePositionMs: 0 }) as const;
const setup = acdSetup({
  queues: [queue('support'), queue('sales')],
  agents: [
    { id: 'lin', name: 'Lin', extension: '1001', queues: ['support', 'sales'], onRegister: 'available' },
    { id: 'omar', name: 'Omar', extension: '1002', queues: ['sales'], onRegister: 'away' },
  ],
});
const lin = 'lin' as AgentId;
const join = (id: string, name: string, priority = 5): AcdEvent => ({ type: 'contact.joined', contact: { id: id as ContactId, queue: name as QueueId, subject: `call:${id}`, priority } });

function after(...events: readonly (AcdEvent | number)[]): State {
  const s = emptyState();
  let now = 0;
  step(s, { type: 'setup.changed', setup, remembered: new Map() }, now);
  for (const e of events) {
    if (typeof e === 'number') now = e;
    else step(s, e, now);
  }
  return s;
}
const viewOf = (s: State, id = lin) => {
  const agent = s.agents.get(id);
  return agent && agentView(agent, '2026-01-01T00:00:00.000Z');
};
const registered: AcdEvent = { type: 'agent.reachable', agent: lin, yes: true };
const accepted = (s: State): AcdEvent => ({ type: 'offer.accepted', offer: [...s.offers.keys()][0] ?? ('none' as never) });

describe('an agent on the wallboard', () => {
  it('is offline because the phone is not registered', () => {
    expect(viewOf(after())).toEqual({
      id: 'lin', name: 'Lin', state: 'offline', reason: 'not_registered', next: null, since: '2026-01-01T00:00:00.000Z', reachable: false, queues: ['support', 'sales'], contact: null,
    });
  });

  it('is offline by choice, for the reason given', () => {
    const s = after(registered, { type: 'agent.chose', agent: lin, state: 'offline', reason: 'end of shift' });
    expect(viewOf(s)).toMatchObject({ state: 'offline', reason: 'end of shift', reachable: true });
  });

  it('rings for a contact that is named', () => expect(viewOf(after(registered, join('c1', 'support')))).toMatchObject({ state: 'ringing', contact: 'c1', next: null }));

  it('talks with a contact, and shows what comes next', () => {
    const s = after(registered, join('c1', 'support'));
    step(s, accepted(s), 1_000);
    step(s, { type: 'agent.chose', agent: lin, state: 'training', reason: null }, 2_000);
    expect(viewOf(s)).toMatchObject({ state: 'talking', contact: 'c1', next: 'training', reason: null });
  });

  it('wraps up without a contact', () => {
    const s = after(registered, join('c1', 'support'));
    step(s, accepted(s), 1_000);
    step(s, { type: 'contact.released', contact: 'c1' as ContactId }, 2_000);
    expect(viewOf(s)).toMatchObject({ state: 'wrap_up', contact: null, next: null });
  });

  it('shows what it is after a call of its own', () => {
    const s = after(registered, { type: 'agent.chose', agent: lin, state: 'away', reason: 'lunch' }, { type: 'agent.engaged', agent: lin, yes: true });
    expect(viewOf(s)).toMatchObject({ state: 'talking', next: 'away', contact: null });
  });
});

describe('a queue on the wallboard', () => {
  it('counts each agent in every queue served', () => {
    const s = after(registered, { type: 'agent.reachable', agent: 'omar' as AgentId, yes: true });
    expect(allQueues(s, 0).map((q) => [q.id, q.agents.available, q.agents.away])).toEqual([['support', 1, 0], ['sales', 1, 1]]);
  });

  it('counts who is being offered among those who wait, and nobody whom an agent has', () => {
    const s = after(registered, join('c1', 'support'), 500, join('c2', 'support'));
    expect(allQueues(s, 1_000)[0]).toMatchObject({ waiting: 2, longestWaitMs: 1_000 });
    step(s, accepted(s), 1_000);
    expect(allQueues(s, 1_500)[0]).toMatchObject({ waiting: 1, longestWaitMs: 1_000 });
  });

  it('finds the longest wait behind a caller of higher priority', () => {
    const s = after(join('c1', 'sales'), 5_000, join('vip', 'sales', 10));
    const sales = s.queues.get('sales' as QueueId);
    expect(sales && queueView(sales, [], 9_000)).toMatchObject({ waiting: 2, longestWaitMs: 9_000 });
  });

  it('has no wait when nobody waits', () => expect(allQueues(after(), 9_000)[0]).toMatchObject({ waiting: 0, longestWaitMs: 0 }));
});
