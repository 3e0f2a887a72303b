import type { Ms } from '../base/index.js';
import { follow, type Events } from '../events/index.js';
import type { Store } from '../store/index.js';
import { createReports, type Reports } from './asking/answers.js';
import { askingBeside, askingHere } from './asking/asking.js';
import { createBook, DAYS_SINCE, matters, type BookOptions } from './counting/book.js';

/** Few enough that counting them is nothing anybody notices. */
const AT_ONCE = 20;
/** How long facts gather before they are counted. */
const GATHER: Ms = 1_000;

export interface InsightOptions extends BookOptions {
  readonly store: Store;
  readonly events: Pick<Events, 'of' | 'subscribe' | 'since' | 'last'>;
  readonly log: { error(fields: object, message: string): void };
  readonly later?: (run: () => void, ms: Ms) => void;
}
export interface Insight {
  readonly reports: Reports;
  /** Facts that have been counted, by number. */
  reached(): number;
  close(): Promise<void>;
}

/** Counts what happens, and answers what was counted. */
export function createInsight(options: InsightOptions): Insight {
  const { store, events, log, zone, later } = options;
  const book = createBook(options);
  const following = follow({
    events, pick: matters, reached: () => book.reached(), take: (facts, to) => book.take(facts, to), batch: AT_ONCE, waitMs: GATHER, ...(later ? { later } : {}),
    failed: (error) => log.error({ err: error }, 'the figures of reports cannot be written, and are later'),
  });
  const asking = store.path === ':memory:' ? askingHere(store) : askingBeside(store.path);
  const reports = createReports(asking, () => ({ zone: zone(), daysSince: Number(store.getMeta(DAYS_SINCE + zone()) ?? Infinity) }));
  return {
    reports,
    reached: () => book.reached(),
    async close() {
      following.close();
      await reports.close();
    },
  };
}
