import { expect, it } from 'vitest';
import { createMetrics } from './gauges.js';

const none = { calls: () => 0, legs: () => 0, endpoints: () => 0, timers: () => 0, mediaUp: () => 1, waitingWrites: () => 0, leaked: () => 0, offers: () => 0, visitors: () => 0, speech: () => ({ streams: 0, forks: 0 }), waiting: () => [] };
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

it.each(['calls_active', 'legs_active', 'dialogs', 'transactions', 'media_endpoints', 'rtp_ports_in_use', 'timers', 'event_loop_delay_seconds', 'acd_agents_leaked', 'acd_offers', 'speech_streams', 'audio_forks'])('has strowger_%s from the first moment', async (name) => {
  expect(value(await createMetrics(none).registry.metrics(), `strowger_${name}`)).toBeGreaterThanOrEqual(0);
});

it('counts ended calls by cause', async () => {
  const metrics = createMetrics(none);
  metrics.ended('completed');
  expect(await metrics.registry.metrics()).toContain('strowger_calls_total{cause="completed"} 1');
});

it('shows who waits by queue, and forgets a queue that is no more', async () => {
  let waiting = [{ queue: 'support', contacts: 3 }, { queue: 'sales', contacts: 0 }];
  const metrics = createMetrics({ ...none, waiting: () => waiting });
  expect(await metrics.registry.metrics()).toContain('strowger_acd_contacts_waiting{queue="support"} 3');
  waiting = [{ queue: 'sales', contacts: 1 }];
  const text = await metrics.registry.metrics();
  expect(text).toContain('strowger_acd_contacts_waiting{queue="sales"} 1');
  expect(text).not.toContain('queue="support"');
});

it('measures the steps of the queue engine in seconds', async () => {
  const metrics = createMetrics(none);
  metrics.stepped(0.02);
  metrics.stepped(3);
  const text = await metrics.registry.metrics();
  expect(text).toContain('strowger_acd_step_seconds_bucket{le="0.00005"} 1');
  expect(text).toContain('strowger_acd_step_seconds_count 2');
});
