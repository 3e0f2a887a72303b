import { expect, it } from 'vitest';
import { acdSetup } from './setup.js';

const queue = { name: 'support', strategy: 'longest_idle', offerMs: 15_000, wrapUpMs: 0, maxUnanswered: 2, music: undefined, announcePositionMs: 20_000 } as const;

it('takes the settings of queues and agents as they stand', () => {
  const setup = acdSetup({ queues: [queue], agents: [{ id: '1001', name: 'Agent 1001', extension: '1001', queues: ['support'], onRegister: 'away' }] });
  expect(setup.queues[0]).toMatchObject({ id: 'support', offerMs: 15_000, wrapUpMs: 0, maxUnanswered: 2, announce: { everyMs: 20_000, repeatMs: 60_000 } });
  expect(setup.agents).toEqual([{ id: '1001', name: 'Agent 1001', queues: ['support'], initial: 'away' }]);
});

it('announces nothing where the setting is 0', () => {
  expect(acdSetup({ queues: [{ ...queue, announcePositionMs: 0 }], agents: [] }).queues[0]?.announce).toBeUndefined();
});

it('leaves nobody alone for no time at all, or a busy phone would ring in a loop', () => {
  expect(Object.values(acdSetup({ queues: [queue], agents: [] }).queues[0]?.pauseMs ?? {}).every((ms) => ms > 0)).toBe(true);
});
