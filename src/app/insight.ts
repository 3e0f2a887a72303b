import { createInsight, type Reports } from '../insight/index.js';
import { finderBeside } from '../store/index.js';
import type { Ground } from './rooms.js';

export interface OpenInsight {
  readonly api: { readonly reports: Reports };
  close(): Promise<void>;
}

/** Figures of reports; they are asked for beside the calls. */
export function openInsight({ store, events, live, log }: Ground): OpenInsight {
  const usual = { thresholdMs: 20_000, shortAbandonMs: 5_000 };
  const insight = createInsight({
    store, events, log, finder: finderBeside(store.path), zone: () => live.now().system.timeZone,
    policy: { serviceLevel: (queue) => live.now().queues.find((one) => one.name === queue)?.serviceLevel ?? usual, homeCountry: () => live.now().system.homeCountry },
  });
  return { api: { reports: insight.reports }, close: () => insight.close() };
}
