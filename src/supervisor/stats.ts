import { z } from 'zod';
import type { ChildName } from './run-files.js';

const Stats = z.object({ type: z.literal('stats'), gauges: z.record(z.string(), z.number()) });
export type Gauges = Readonly<Record<string, number>>;
type Relayed = { readonly type: 'stats'; readonly from: ChildName; readonly gauges: Gauges };

/** Passes the servers' gauges to the application, again to each new life of it, and as zeros when a server has died. */
export function relayStats() {
  const last = new Map<ChildName, Gauges>();
  let toApp: (message: Relayed) => void = () => undefined;
  const pass = (from: ChildName, gauges: Gauges): void => {
    last.set(from, gauges);
    toApp({ type: 'stats', from, gauges });
  };
  return {
    received: (from: ChildName, message: unknown): void => {
      const stats = Stats.safeParse(message);
      if (stats.success) pass(from, stats.data.gauges);
    },
    died: (from: ChildName): void => {
      const gauges = last.get(from);
      if (gauges) pass(from, Object.fromEntries(Object.keys(gauges).map((name) => [name, 0])));
    },
    /** A new life of the application is told where things stand. */
    appReady: (send: (message: Relayed) => void): void => {
      toApp = send;
      for (const [from, gauges] of last) send({ type: 'stats', from, gauges });
    },
  };
}
