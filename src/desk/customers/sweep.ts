import type { Room } from './service.js';

/** Keeps tags by rule current though nobody looks: a window of days moves on, a birthday comes, the rules are new. */
export interface Sweep {
  /** A little work, then more of it soon, until nothing is left. */
  wake(): void;
  /** Does a part now; answers whether there is more. */
  step(): boolean;
  close(): void;
}

/** Customers a step, so that it takes a few milliseconds at most. */
const DUE = 20;
const ROWS = 400;
const MOST_MS = 4;
const IDLE_MS = 1_000;
const SWEPT = 'customers.rules_swept';

export function createSweep(room: Room, meta: { get(key: string): string | undefined; set(key: string, value: string): void }, later = after): Sweep {
  const { sql } = room;
  let cancel = (): void => undefined;
  let closed = false;
  let [sweeping, reached] = ['', 0];
  const freshenAll = (ids: readonly string[]): number => {
    const began = performance.now();
    let done = 0;
    for (const id of ids) {
      room.freshen(id);
      done += 1;
      if (performance.now() - began > MOST_MS) break;
    }
    return done;
  };
  const step = (): boolean => {
    const due = sql.all<{ id: string }>('select id from customers where tags_due <= ? and parent is null limit ?', room.now(), DUE).map((row) => row.id);
    if (due.length > 0) return freshenAll(due), true;
    const { hash } = room.rules();
    if (meta.get(SWEPT) === hash) return false;
    if (sweeping !== hash) [sweeping, reached] = [hash, 0];
    const end = sql.one<{ num: number | null }>('select max(num) as num from customers')?.num ?? 0;
    if (reached >= end) return meta.set(SWEPT, hash), false;
    const rows = sql.all<{ id: string; num: number }>('select id, num from customers where num > ? and num <= ? and parent is null and (rules is null or rules <> ?) order by num limit ?', reached, reached + ROWS, hash, DUE);
    const done = freshenAll(rows.map((row) => row.id));
    reached = done < rows.length || rows.length === DUE ? (rows[done - 1]?.num ?? reached) : reached + ROWS;
    return true;
  };
  const turn = (): void => {
    if (closed) return;
    cancel = later(turn, step() ? 5 : IDLE_MS);
  };
  return {
    wake() {
      cancel();
      turn();
    },
    step,
    close() {
      closed = true;
      cancel();
    },
  };
}

function after(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
