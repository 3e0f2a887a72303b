import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
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
  /** Agents kept busy by a contact that nobody has. */
  readonly leaked: () => number;
  readonly offers: () => number;
  /** Connections of visitors. */
  readonly visitors: () => number;
  /** Voices that are listened to, and the audio forks that bring them. */
  readonly speech: () => { readonly streams: number; readonly forks: number };
  readonly waiting: () => readonly { readonly queue: string; readonly contacts: number }[];
}
export interface AppMetrics {
  readonly registry: Registry;
  readonly received: (message: unknown) => void;
  readonly ended: (cause: string) => void;
  /** How long the queue engine took for an event. */
  readonly stepped: (ms: number) => void;
}

/** Every gauge of CONTRACTS.md, as one figure over all processes where several count the same thing. */
export function createMetrics(sources: GaugeSources): AppMetrics {
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
  gauge('strowger_speech_streams', 'Voices that are being recognised', () => sources.speech().streams);
  gauge('strowger_chat_visitors', 'Connections of chat visitors', sources.visitors);
  gauge('strowger_audio_forks', 'Audio forks from media servers', () => sources.speech().forks);
  queueGauges(registry, gauge, sources);
  const steps = new Histogram({
    name: 'strowger_acd_step_seconds', help: 'Time the queue engine takes for an event', buckets: [0.000_01, 0.000_05, 0.000_2, 0.001, 0.005, 0.02], registers: [registry],
  });
  const ended = new Counter({ name: 'strowger_calls_total', help: 'Calls that have ended, by cause', labelNames: ['cause'], registers: [registry] });
  return {
    registry,
    received(message) {
      const stats = Stats.safeParse(message);
      if (stats.success) servers.set(stats.data.from, stats.data.gauges);
    },
    ended: (cause) => ended.inc({ cause }),
    stepped: (ms) => steps.observe(ms / 1_000),
  };
}

function queueGauges(registry: Registry, gauge: (name: string, help: string, read: () => number) => void, { leaked, offers, waiting }: GaugeSources): void {
  gauge('strowger_acd_agents_leaked', 'Agents kept busy by a contact that nobody has', leaked);
  gauge('strowger_acd_offers', 'Contacts being put to agents', offers);
  new Gauge({
    name: 'strowger_acd_contacts_waiting', help: 'Contacts in line, by queue', labelNames: ['queue'], registers: [registry],
    collect() {
      this.reset();
      for (const { queue, contacts } of waiting()) this.set({ queue }, contacts);
    },
  });
}
