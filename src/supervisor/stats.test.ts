import { expect, it } from 'vitest';
import { relayStats } from './stats.js';

const relay = () => {
  const got: unknown[] = [];
  return { stats: relayStats(), got, app: (message: unknown) => void got.push(message) };
};
const gauges = { strowger_dialogs: 3 };

it('passes gauges on and says whose they are', () => {
  const { stats, got, app } = relay();
  stats.appReady(app);
  stats.received('edge', { type: 'stats', gauges });
  expect(got).toEqual([{ type: 'stats', from: 'edge', gauges }]);
});

it('tells a new life of the application where things stand', () => {
  const { stats, got, app } = relay();
  stats.received('edge', { type: 'stats', gauges });
  stats.received('media', { type: 'stats', gauges: { strowger_rtp_ports_in_use: 4 } });
  stats.appReady(app);
  expect(got).toHaveLength(2);
});

it('reports a dead server\'s gauges as zero: what it held is gone', () => {
  const { stats, got, app } = relay();
  stats.appReady(app);
  stats.received('media', { type: 'stats', gauges });
  stats.died('media');
  expect(got.at(-1)).toEqual({ type: 'stats', from: 'media', gauges: { strowger_dialogs: 0 } });
});

it.each([[null], ['stats'], [{ type: 'other' }], [{ type: 'stats', gauges: { a: 'many' } }]])('drops %j, which is no report', (message) => {
  const { stats, got, app } = relay();
  stats.appReady(app);
  stats.received('edge', message);
  stats.died('edge');
  expect(got).toEqual([]);
});
