import { expect, it } from 'vitest';
import { agentForm, queueForm, routingForm, toAgent, toQueue, toRouting } from '../config/index.js';
import { acdSetup } from './setup.js';

const routing = toRouting(routingForm.parse({}));
const queue = (more: object = {}) => toQueue(queueForm.parse({ name: 'support', ...more }));

it('takes the settings of queues as they stand', () => {
  const [setup] = acdSetup({ queues: [queue({ wrap_up_seconds: 5, wrap_up_max_seconds: 60, skills: { chinese: 5 }, strategy: 'weighted', weights: { handled_today: 9 } })], agents: [], routing }).queues;
  expect(setup).toMatchObject({
    id: 'support', name: 'support', mode: 'open', offerMs: 15_000, wrapUp: { ms: 5_000, maxMs: 60_000 }, required: [{ skill: 'chinese', level: 5 }],
    strategy: { by: 'weighted', weights: { idleMinute: 1, skillLevel: 5, handledToday: 9 } }, announce: { firstMs: 0, everyMs: 20_000, repeatMs: 60_000, position: true, expectedWait: true },
  });
});

it('takes agents with their ranks and rings', () => {
  const lin = toAgent(agentForm.parse({ id: 'lin', name: 'Lin', extension: '1001', queues: ['support', { name: 'vip', rank: 2 }], on_register: 'away', skills: { chinese: 8 } }));
  expect(acdSetup({ queues: [], agents: [lin], routing }).agents).toEqual([{
    id: 'lin', name: 'Lin', initial: 'away', skills: { chinese: 8 }, capacity: { voice: 1, ticket: 5 }, queues: [{ queue: 'support', rank: 1, ring: 1 }, { queue: 'vip', rank: 2, ring: 1 }],
  }]);
});

it('knows the queues of all targets', () => {
  const [setup] = acdSetup({ queues: [queue({ on: { full: { queue: 'b' }, closed: 'hang_up' }, exits: { 1: 'callback' }, escalate: [{ after_seconds: 9, also: ['c'], move: { flow: 'sorry' } }] })], agents: [], routing }).queues;
  expect(setup?.on).toEqual({ full: { to: 'queue', queue: 'b' }, closed: { to: 'hang_up' } });
  expect(setup?.exits).toEqual({ '1': { to: 'callback' } });
  expect(setup?.escalate).toEqual([{ afterMs: 9_000, priority: 0, also: ['c'], move: { to: 'flow', flow: 'sorry' } }]);
});

it('lets opening hours decide the mode', () => {
  expect(acdSetup({ queues: [queue()], agents: [], routing }, () => 'closed').queues[0]?.mode).toBe('closed');
});

it('takes what holds for all queues', () => {
  const all = toRouting(routingForm.parse({ blending: { voice: ['chat'] }, blocked: [{ customer: '+861', agent: 'lin' }], rank_seconds: 60 }));
  expect(acdSetup({ queues: [], agents: [], routing: all })).toEqual({ queues: [], agents: [], blending: { voice: ['chat'] }, blocked: [{ customer: '+861', agent: 'lin' }], rankMs: 60_000 });
});

it('announces nothing where the setting is 0', () => {
  expect(acdSetup({ queues: [queue({ announce_position_seconds: 0 })], agents: [], routing }).queues[0]?.announce).toBeUndefined();
});

it('leaves a refusing phone alone for a while, or it would ring in a loop', () => {
  const { busy, rejected, unreachable } = queue().pauseMs;
  expect([busy, rejected, unreachable].every((ms) => ms > 0)).toBe(true);
});
