import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { z } from 'zod';

/** What the servers tell through the supervisor: names to numbers. */
const Stats = z.object({ type: z.literal('stats'), from: z.string(), gauges: z.record(z.string(), z.number()) });
export type ServerGauges = ReadonlyMap<string, Readonly<Record<string, number>>>;

export interface GaugeSources {
  readonly calls: () => number;
  readonly legs: () => number;
  readonly endpoints: () => number;
  readonly timers: () => number;
  readonly mediaUp: () => number;
  readonly waitingWrites: () => number;
}

/** Every gauge of CONTRACTS.md, as one figure over all processes where several count the same thing. */
export function createMetrics(sources: GaugeSources): { readonly registry: Registry; readonly received: (message: unknown) => void; readonly ended: (cause: string) => void } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'strowger_app_' });
  const servers = new Map<string, Readonly<Record<string, number>>>();
  const sum = (name: string): number => [...servers.values()].reduce((total, gauges) => total + (gauges[name] ?? 0), 0);
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({ name, help, registers: [registry], collect() { this.set(read()); } });
  };
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();

  gauge('strowger_calls_active', 'Calls between INVITE and end', sources.calls);
  gauge('strowger_legs_active', 'Legs that are up', sources.legs);
  gauge('strowger_dialogs', 'SIP dialogs in edge and media server', () => sum('strowger_dialogs'));
  gauge('strowger_transactions', 'SIP transactions in edge and media server', () => sum('strowger_transactions'));
  gauge('strowger_media_endpoints', 'Sessions on media servers', () => Math.max(sources.endpoints(), sum('strowger_media_endpoints')));
  gauge('strowger_rtp_ports_in_use', 'UDP ports bound for RTP and RTCP', () => sum('strowger_rtp_ports_in_use'));
  gauge('strowger_timers', 'Armed timers of calls, queues, transactions and media', () => sources.timers() + sum('strowger_timers'));
  gauge('strowger_media_servers_up', 'Media servers that can take a session', sources.mediaUp);
  gauge('strowger_waiting_writes', 'Writes that wait for the disk', sources.waitingWrites);
  gauge('strowger_event_loop_delay_seconds', 'Event loop delay p99 since the last look, the worst of all processes', () => {
    const own = delay.percentile(99) / 1e9;
    delay.reset();
    return Math.max(Number.isFinite(own) ? own : 0, ...[...servers.values()].map((gauges) => gauges['strowger_event_loop_delay_seconds'] ?? 0));
  });
  const ended = new Counter({ name: 'strowger_calls_total', help: 'Calls that have ended, by cause', labelNames: ['cause'], registers: [registry] });
  return {
    registry,
    received(message) {
      const stats = Stats.safeParse(message);
      if (stats.success) servers.set(stats.data.from, stats.data.gauges);
    },
    ended: (cause) => ended.inc({ cause }),
  };
}
