import type { AcdService } from '../acd/index.js';
import { createInsight, createLive, type Live, type QueueNow, type Reports } from '../insight/index.js';
import type { Ground } from './rooms.js';

export interface OpenInsight {
  readonly api: { readonly reports: Reports; readonly live: Live };
  close(): Promise<void>;
}

/** Figures of reports, asked for beside the calls; those of this moment, and the alerts on them. */
export function openInsight({ store, events, live, log }: Ground, acd: Pick<AcdService, 'queues' | 'handled'>): OpenInsight {
  const usual = { thresholdMs: 20_000, shortAbandonMs: 5_000 };
  const zone = (): string => live.now().system.timeZone;
  const insight = createInsight({
    store, events, log, zone,
    policy: { serviceLevel: (queue) => live.now().queues.find((one) => one.name === queue)?.serviceLevel ?? usual, homeCountry: () => live.now().system.homeCountry },
  });
  const now = createLive({ store, events, log, zone, queues: () => queuesNow(acd), alerts: () => live.now().alerts });
  return { api: { reports: insight.reports, live: now }, close: () => insight.close() };
}

function queuesNow(acd: Pick<AcdService, 'queues' | 'handled'>): QueueNow[] {
  const handled = acd.handled();
  return acd.queues().map(({ id, name, waiting, longestWaitMs, agents }) => ({ id, name, waiting, longestWaitMs, agents, handled: handled.get(id) ?? {} }));
}
