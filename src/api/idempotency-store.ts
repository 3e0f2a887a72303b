import type { Store } from '../store/index.js';
import type { IdempotencyStore } from './idempotency.js';

const KEPT_MS = 86_400_000;
/** Of a request that was begun and whose end nobody knows. */
const CUT_SHORT = 0;
/** Of an answer that held a secret: its status, below zero, and no body. */
const withheld = (status: number): number => -status;

/** Answers are kept for a day, over restarts too. What a crash cut short is never done again under its key: it may have taken effect. */
export function createIdempotencyStore(store: Store, now: () => number = Date.now): IdempotencyStore {
  const table = 'idempotency_keys';
  store.change(store.db.updateTable(table).set({ status: CUT_SHORT, body: '' }).where('status', 'is', null));
  const one = (principal: string, key: string) => store.db.deleteFrom(table).where('principal', '=', principal).where('key', '=', key);
  return {
    begin: (principal, key, request) =>
      store.transaction(() => {
        store.change(store.db.deleteFrom(table).where('at', '<', now() - KEPT_MS));
        const [found] = store.run(store.db.selectFrom(table).selectAll().where('principal', '=', principal).where('key', '=', key));
        if (!found) {
          store.change(store.db.insertInto(table).values({ principal, key, request, status: null, body: null, at: Math.round(now()) }));
          return { is: 'new' };
        }
        if (found.request !== request) return { is: 'other' };
        if (found.status === CUT_SHORT) return { is: 'cut_short' };
        if (found.status !== null && found.status < 0) return { is: 'withheld' };
        return found.status === null || found.body === null ? { is: 'running' } : { is: 'known', status: found.status, body: found.body };
      }),
    finish: (principal, key, status, body) =>
      void store.change(store.db.updateTable(table).set(body === undefined ? { status: withheld(status), body: '' } : { status, body }).where('principal', '=', principal).where('key', '=', key)),
    cutShort: (principal, key) => void store.change(store.db.updateTable(table).set({ status: CUT_SHORT, body: '' }).where('principal', '=', principal).where('key', '=', key)),
    forget: (principal, key) => void store.change(one(principal, key)),
  };
}
