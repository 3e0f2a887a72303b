import type { Ms } from '../base/index.js';
import { StoreError } from '../store/index.js';
import type { Clock } from './clock.js';
import type { JournalOptions, Publish, SavedState, Trace } from './journal-types.js';
import type { Rows } from './journal-rows.js';

/** Entries written in one transaction while catching up. */
const BATCH = 500;
const NOTHING = (): void => undefined;

interface Held {
  readonly seq: number;
  readonly at: Ms;
  readonly text: string;
  readonly traces: readonly Trace[];
}

/**
 * Writes at once; holds what the disk refuses, and tries again. When more waits than may, all of it is given up: then there is a
 * gap, and nothing is written after it before a saved state has closed it, so that no replay ever runs across.
 */
export function createWriter(rows: Rows, { store, log, retryMs = 1_000, maxWaiting = 100_000 }: JournalOptions, clock: Clock) {
  let held: Held[] = [];
  let cancel: (() => void) | undefined;
  let gap: undefined | 'waits' | 'may be closed';
  const insert = ({ seq, at, text, traces }: Held): void => {
    rows.insert(seq, at, text);
    traces.forEach(rows.insertTrace);
  };
  /** What hears of the one may have caused others meanwhile. */
  const drop = (one: Held): void => {
    held = held.length === 1 ? [] : held.filter((other) => other !== one);
  };
  const refused = (error: unknown): void => {
    if (!(error instanceof StoreError)) throw error;
    if (!cancel) log.error({ err: error, code: error.code, hint: error.hint, waiting: held.length }, 'what the queues decide cannot be written and waits in memory');
    cancel = clock.after(retryMs, retry);
  };
  const flush = (): void => {
    while (held.length > 0) {
      const some = held.slice(0, BATCH);
      store.transaction(() => some.forEach(insert));
      held = held.slice(some.length);
    }
  };
  const retry = (): void => {
    if (gap) {
      gap = 'may be closed';
      return;
    }
    try {
      flush();
      cancel = undefined;
      log.error({}, 'the database takes what the queues decide again');
    } catch (error) {
      refused(error);
    }
  };
  const giveUp = (): void => {
    if (held.length > 0) log.error({ events: held.length }, 'events of the queues were given up: too many wait for the disk');
    held = [];
    gap ??= 'waits';
  };
  return {
    held: (): readonly Held[] => held,
    gap: () => gap,
    refused: () => cancel !== undefined,
    write(one: Held, publish: Publish = () => false): void {
      if (gap) return void publish(NOTHING);
      held.push(one);
      if (cancel) {
        if (held.length > maxWaiting) giveUp();
        return void publish(NOTHING);
      }
      if (publish(() => insert(one))) return drop(one);
      try {
        if (one.traces.length === 0) insert(one);
        else store.transaction(() => insert(one));
        drop(one);
      } catch (error) {
        refused(error);
      }
    },
    /** Answers whether it was written. A state that was not is no loss: the next one will be. */
    save(state: SavedState): boolean {
      if (cancel && !gap) return false;
      try {
        rows.insertState(state);
        if (gap) log.error({}, 'the database takes what the queues decide again');
        cancel?.();
        cancel = undefined;
        gap = undefined;
        return true;
      } catch (error) {
        if (gap) gap = 'waits';
        refused(error);
        return false;
      }
    },
    close(): void {
      cancel?.();
      if (held.length === 0) return;
      try {
        flush();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        log.error({ err: error, events: held.length }, 'the last events of the queues could not be written');
      }
    },
  };
}
