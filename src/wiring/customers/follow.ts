import type { Customers, Told } from '../../desk/customers/index.js';
import type { Events, Fact } from '../../events/index.js';
import { toldOf } from './facts.js';

/** Facts read at once while catching up, and looked at without any that matters before that is noted. */
const BATCH = 500;
const NOTE_AFTER = 2_000;
const AGAIN_MS = 1_000;

export interface FollowOptions {
  readonly customers: Pick<Customers, 'reached' | 'take'>;
  readonly events: Pick<Events, 'subscribe' | 'since' | 'last'>;
  readonly log: { error(fields: object, message: string): void };
  readonly later?: (run: () => void, ms: number) => void;
}

/**
 * Writes what happens into the timelines of customers: first what came since the last run ended, however it ended, then each fact soon
 * after it happened. Every fact is taken once: how far it got is committed with the rows.
 */
export function followFacts({ customers, events, log, later = wait }: FollowOptions): { close(): void } {
  let pending: Told[] = [];
  let [seen, live, closed, due, failing] = [customers.reached(), false, false, false, false];
  const reached = (): number => seen;
  const take = (told: readonly Told[], to: number): boolean => {
    try {
      customers.take(told, to);
      failing = false;
      return true;
    } catch (error) {
      if (!failing) log.error({ err: error }, 'timelines of customers cannot be written, and are later');
      failing = true;
      return false;
    }
  };
  /** Reads what is not taken yet; answers whether all is. */
  const catchUp = (): boolean => {
    const facts = events.since(reached(), BATCH);
    const last = facts.at(-1);
    if (!last) return true;
    if (!take(facts.map(toldOf).filter((told) => told !== undefined), last.seq)) return false;
    seen = last.seq;
    return facts.length < BATCH && seen >= events.last();
  };
  const flush = (): void => {
    due = false;
    if (closed) return;
    if (live) {
      const told = pending;
      pending = [];
      if (take(told, seen)) return;
      // The disk refuses: from where it got they are read again.
      live = false;
      seen = customers.reached();
      return soon(AGAIN_MS);
    }
    live = catchUp();
    if (!live) soon(failing ? AGAIN_MS : 0);
  };
  const soon = (ms: number): void => {
    if (due) return;
    due = true;
    later(flush, ms);
  };
  let idle = 0;
  const hear = (fact: Fact): void => {
    if (!live) return;
    seen = fact.seq;
    const told = toldOf(fact);
    if (told) pending.push(told);
    else if ((idle += 1) < NOTE_AFTER) return;
    idle = 0;
    soon(0);
  };
  const unsubscribe = events.subscribe('*', hear);
  soon(0);
  return {
    close() {
      unsubscribe();
      if (live && pending.length > 0) take(pending, seen);
      closed = true;
    },
  };
}

function wait(run: () => void, ms: number): void {
  if (ms === 0) setImmediate(run);
  else setTimeout(run, ms).unref();
}
