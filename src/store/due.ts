import type { Store } from './open.js';

/** What an earlier version had written and is still to be put into an index of words. */
export interface Due {
  close(): void;
}
export interface DueOptions {
  readonly store: Store;
  readonly kind: 'recording' | 'ticket';
  /** Put into the index between two looks at the event loop. */
  readonly portion: number;
  /** In a transaction with the note that it is done. */
  readonly index: (place: number) => void;
  readonly failed: (error: unknown) => void;
}

/** Goes through it after a start, the newest first; where it was cut off, the next start goes on. */
export function indexDue({ store, kind, portion, index, failed }: DueOptions): Due {
  const { db } = store;
  let closed = false;
  const some = (): number => store.transaction(() => {
    const due = store.run(db.selectFrom('words_due').select('place').where('kind', '=', kind).orderBy('place', 'desc').limit(portion));
    for (const { place } of due) {
      index(place);
      store.change(db.deleteFrom('words_due').where('kind', '=', kind).where('place', '=', place));
    }
    return due.length;
  });
  const next = (): void => {
    try {
      if (!closed && some() === portion) setImmediate(next);
    } catch (error) {
      failed(error);
    }
  };
  setImmediate(next);
  return { close: () => void (closed = true) };
}
