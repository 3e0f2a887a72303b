import type { Ms } from '../base/index.js';
import { StoreError, type Store } from '../store/index.js';

export interface WriteBehind {
  /** Done when this returns, unless the disk refuses: then it waits its turn, in order, until the disk takes it. */
  write(what: () => void): void;
  /** Writes that wait; 0 while all is well. */
  waiting(): number;
  close(): void;
}

/** A full disk must not end a call: what cannot be written waits in memory and is tried again every `retryMs`. */
export function createWriteBehind(store: Store, retryMs: Ms, log: { error(fields: object, message: string): void }): WriteBehind {
  const queue: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    try {
      store.transaction(() => queue.forEach((write) => write()));
      queue.length = 0;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.error({ err: error, code: error.code, hint: error.hint, waiting: queue.length }, 'the database takes no writes; they wait in memory');
      timer = setTimeout(flush, retryMs);
    }
  };
  return {
    write(what) {
      queue.push(what);
      if (!timer) flush();
    },
    waiting: () => queue.length,
    close: () => clearTimeout(timer),
  };
}
