import type { Ms } from '../../base/index.js';
import type { Store } from '../../store/index.js';
import { createMarks, type ErasedWhy } from './marks.js';

/** One kind of thing that is erased: conversations, tickets. */
export interface Erasable {
  /** Written for this customer and neither on hold nor erased. */
  ofCustomer(customer: string, limit: number): readonly string[];
  /** Whether a hold keeps something of this customer. */
  keepsOf(customer: string): boolean;
  /** @throws what keeps it from being done */
  erase(id: string, by: string, why: ErasedWhy): void;
}
export interface ErasingOptions {
  readonly store: Store;
  readonly conversations: Erasable & {
    /** Over since before then and not on hold, oldest first. */
    outlived(before: number, limit: number): readonly string[];
  };
  readonly tickets: Erasable;
  /** Browsers that were this customer. */
  readonly forgetVisitors: (customer: string) => void;
  /** How long conversations are kept after their end; undefined: for ever. */
  readonly keepMs: () => Ms | undefined;
  /** A line of the audit log for what nobody asked for by name. */
  readonly audit: (action: string, object: string, why: object) => void;
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  readonly now?: () => number;
}
export interface Erasing {
  /** Customers were removed, or a hold has ended: soon what can go goes. */
  wake(): void;
  /** All that can go now; answers how many conversations and tickets went. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

const AT_ONCE = 20;
const SWEEP_MS: Ms = 600_000;

/** In the transaction that removes customers: on disk with it that what is theirs has to go. */
export function noteErasures(store: Store, customers: readonly string[], by: string, at: number): void {
  for (const customer of customers) store.change(store.db.insertInto('erasures').values({ customer, at, by }).onConflict((c) => c.doNothing()));
}

/** Removes what was said in conversations and tickets of customers who are no more, and in conversations that were kept for long enough; one after the other, so that nobody waits for it. */
export function createErasing({ store, conversations, tickets, forgetVisitors, keepMs, audit, log, now = Date.now }: ErasingOptions): Erasing {
  const { db } = store;
  const marks = createMarks(store);
  const state = { closed: false, again: false };
  // Calls, since they change while we wait.
  const closed = (): boolean => state.closed;
  const again = (): boolean => state.again;
  let running: Promise<number> | undefined;
  const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const all = async (next: () => readonly string[], each: (id: string) => void): Promise<number> => {
    let count = 0;
    for (let some = next(); some.length > 0 && !closed(); some = next()) {
      for (const id of some) {
        if (closed()) break;
        each(id);
        count += 1;
        await breath();
      }
    }
    return count;
  };
  const ofCustomers = async (): Promise<number> => {
    let count = 0;
    for (const { customer, by } of store.run(db.selectFrom('erasures').selectAll().orderBy('at'))) {
      forgetVisitors(customer);
      marks.strike(`customer:${customer}`, { 'conversation.page_visited': { '$.url': '""' } });
      for (const [kind, things] of [['conversation', conversations], ['ticket', tickets]] as const) {
        count += await all(() => things.ofCustomer(customer, AT_ONCE), (id) => {
          things.erase(id, by, 'customer_deleted');
          audit(`${kind}.erase`, `/v1/${kind}s/${id}`, { customer, asked_by: by });
        });
      }
      if (!closed() && !conversations.keepsOf(customer) && !tickets.keepsOf(customer)) store.change(db.deleteFrom('erasures').where('customer', '=', customer));
    }
    return count;
  };
  const outlived = async (): Promise<number> => {
    const keep = keepMs();
    if (keep === undefined) return 0;
    const before = now() - keep;
    return all(() => conversations.outlived(before, AT_ONCE), (id) => {
      conversations.erase(id, 'retention', 'retention');
      audit('conversation.expire', `/v1/conversations/${id}`, { ended_before: new Date(before).toISOString() });
    });
  };
  const sweepOnce = async (): Promise<number> => {
    const [theirs, old] = [await ofCustomers(), await outlived()];
    if (theirs + old > 0) log.info({ theirs, old }, 'conversations and tickets of removed customers, and conversations kept for long enough, are erased');
    return theirs + old;
  };
  const sweep = async (): Promise<number> => {
    while (running) await running;
    running = sweepOnce().finally(() => (running = undefined));
    return running;
  };
  const sweepSoon = async (): Promise<void> => {
    if (running) return void (state.again = true);
    try {
      do {
        state.again = false;
        await sweep();
      } while (again() && !closed());
    } catch (error) {
      log.error({ err: error }, 'what has to be erased could not be; tried again later');
    }
  };
  const timer = setInterval(() => void sweepSoon(), SWEEP_MS).unref();
  return {
    sweep,
    wake: () => void sweepSoon(),
    async close() {
      state.closed = true;
      clearInterval(timer);
      if (running) await running.catch((error: unknown) => log.error({ err: error }, 'what has to be erased could not be; tried again at the next start'));
    },
  };
}
