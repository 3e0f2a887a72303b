import { expect, it } from 'vitest';
import { createMetrics } from './gauges.js';

const none = { calls: () => 0, legs: () => 0, endpoints: () => 0, timers: () => 0, mediaUp: () => 1, waitingWrites: () => 0 };
const value = (text: string, name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);

it('adds up what edge and media server count, and forgets a process that reports zeros', async () => {
  const metrics = createMetrics({ ...none, timers: () => 2 });
  metrics.received({ type: 'stats', from: 'edge', gauges: { strowger_dialogs: 4, strowger_timers: 3 } });
  metrics.received({ type: 'stats', from: 'media', gauges: { strowger_dialogs: 2, strowger_rtp_ports_in_use: 8 } });
  metrics.received('noise');
  let text = await metrics.registry.metrics();
  expect([value(text, 'strowger_dialogs'), value(text, 'strowger_timers'), value(text, 'strowger_rtp_ports_in_use')]).toEqual([6, 5, 8]);
  metrics.received({ type: 'stats', from: 'media', gauges: { strowger_dialogs: 0, strowger_rtp_ports_in_use: 0 } });
  text = await metrics.registry.metrics();
  expect([value(text, 'strowger_dialogs'), value(text, 'strowger_rtp_ports_in_use')]).toEqual([4, 0]);
});

it.each(['calls_active', 'legs_active', 'dialogs', 'transactions', 'media_endpoints', 'rtp_ports_in_use', 'timers', 'event_loop_delay_seconds'])('has strowger_%s from the first moment', async (name) => {
  expect(value(await createMetrics(none).registry.metrics(), `strowger_${name}`)).toBeGreaterThanOrEqual(0);
});

it('counts ended calls by cause', async () => {
  const metrics = createMetrics(none);
  metrics.ended('completed');
  expect(await metrics.registry.metrics()).toContain('strowger_calls_total{cause="completed"} 1');
});
