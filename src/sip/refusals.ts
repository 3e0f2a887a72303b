import type { Ms } from '../base/index.js';
import type { Events } from '../events/index.js';

export interface Refusals {
  /** Counts a refused request; the 1st, 10th, 100th … of a source become a fact and a log line. */
  note(source: string, to: string, why: string): void;
}
export interface RefusalsOptions {
  readonly events: Events;
  readonly log: { warn(fields: object, message: string): void };
  readonly now: () => Ms;
}
const maxSources = 1000;
const forgetMs: Ms = 3_600_000;

/** A flood from a stranger costs a counter, not a row in the database for each request. */
export function createRefusals({ events, log, now }: RefusalsOptions): Refusals {
  const counts = new Map<string, { n: number; since: Ms }>();
  return {
    note(source, to, why) {
      // A challenge is how every honest call begins.
      if (why === 'challenged') return;
      const at = now();
      const known = counts.get(source);
      const entry = known && at - known.since < forgetMs ? known : { n: 0, since: at };
      entry.n += 1;
      counts.delete(source);
      counts.set(source, entry);
      const oldest = counts.keys().next();
      if (counts.size > maxSources && oldest.done !== true) counts.delete(oldest.value);
      if (!/^10*$/.test(String(entry.n))) return;
      events.publish('caller.refused', `source:${source}`, { source, to, why, count: entry.n });
      log.warn({ source, why, count: entry.n }, 'a call was refused');
    },
  };
}
