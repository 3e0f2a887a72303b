import { expect, it } from 'vitest';
import { agentForm, queueForm, toAgent, toQueue, type Config } from '../config/index.js';
import { liveConfig } from './live-config.js';

const queue = (name: string) => toQueue(queueForm.parse({ name }));
const files = (recorded: boolean, ...queues: string[]): Config =>
  ({ queues: queues.map(queue), agents: [], routing: { blending: {}, blocked: [], rankMs: 0 }, recordings: { recorded } }) as unknown as Config;

it('lays settings that were changed at run time over the files, whichever came last', () => {
  const live = liveConfig(files(true, 'support'));
  expect(live.now().queues.map((q) => q.name)).toEqual(['support']);
  live.lay({ queues: [queue('support'), queue('sales')], agents: [toAgent(agentForm.parse({ id: 'lin', extension: '1001' }))], routing: { blending: {}, blocked: [], rankMs: 1_000 } });
  live.adopt(files(false, 'support'));
  expect(live.now()).toMatchObject({ queues: [{ name: 'support' }, { name: 'sales' }], agents: [{ id: 'lin' }], routing: { rankMs: 1_000 }, recordings: { recorded: false } });
});
