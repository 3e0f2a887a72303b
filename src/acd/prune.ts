import { CompiledQuery } from 'kysely';
import type { Ms } from '../base/index.js';
import { StoreError, type Store } from '../store/index.js';
import type { Clock } from './clock.js';

/** Rows a step: far less than 10 ms of work. */
const ROWS = 500;
const PAUSE: Ms = 20;

const STEPS = [
  `delete from acd_snapshots where seq = (select min(seq) from acd_snapshots where seq < ?)`,
  `delete from acd_log where seq in (select seq from acd_log where seq <= ? order by seq limit ${ROWS})`,
  `delete from acd_contacts where contact in (select contact from acd_contacts where last_seq <= ? order by last_seq limit ${ROWS})`,
];

/** Clears away what lies before a saved state, little by little, so that nobody has to wait for it. */
export function createPruner(store: Store, clock: Clock, log: { error(fields: object, message: string): void }) {
  let cancel: (() => void) | undefined;
  let upTo = 0;
  const step = (): void => {
    cancel = undefined;
    try {
      const left = STEPS.some((sql) => store.change({ compile: () => CompiledQuery.raw(sql, [upTo]) }) > 0);
      if (left) cancel = clock.after(PAUSE, step);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.error({ err: error }, 'old entries of the queues\' log could not be cleared away; tried again later');
    }
  };
  return {
    /** Everything that a replay from the state saved after event `seq` does not need. */
    clear(seq: number): void {
      upTo = seq;
      cancel ??= clock.after(PAUSE, step);
    },
    close: (): void => cancel?.(),
  };
}
