import type { Ms } from '../base/index.js';
import type { Events } from './events.js';
import type { Fact } from './facts.js';

/** Facts looked at without any that matters before that is noted. */
const NOTE_AFTER = 2_000;
const AGAIN_MS: Ms = 1_000;

export interface FollowOptions<T> {
  readonly events: Pick<Events, 'subscribe' | 'since' | 'last'>;
  /** How far it got, as committed. */
  readonly reached: () => number;
  /** Takes what was picked, and commits with it how far it got. @throws whatever keeps it from doing so: it is told the same again */
  readonly take: (told: readonly T[], to: number) => void;
  /** What a fact means here; undefined: nothing. */
  readonly pick: (fact: Fact) => T | undefined;
  /** The first of a row of failures. */
  readonly failed: (error: unknown) => void;
  /** So many are read or taken in one turn of the event loop. */
  readonly batch?: number;
  /** How long facts may gather: many at once are cheaper. */
  readonly waitMs?: Ms;
  readonly later?: (run: () => void, ms: Ms) => void;
}

/**
 * Follows the log: first what came since the last run ended, however it ended, then each fact soon after it happened. Every fact is taken
 * once, in order, and never in the turn of whoever published it.
 */
export function follow<T>({ events, reached, take, pick, failed, batch = 500, waitMs = 0, later = wait }: FollowOptions<T>): { close(): void } {
  let pending: { readonly told: T; readonly seq: number }[] = [];
  let [seen, live, closed, due, failing] = [reached(), false, false, false, false];
  const taken = (told: readonly T[], to: number): boolean => {
    try {
      take(told, to);
      failing = false;
      return true;
    } catch (error) {
      if (!failing) failed(error);
      failing = true;
      return false;
    }
  };
  /** Reads what is not taken yet; answers whether all is. */
  const catchUp = (): boolean => {
    const facts = events.since(seen, batch);
    const last = facts.at(-1);
    if (!last) return true;
    if (!taken(facts.map(pick).filter((told) => told !== undefined), last.seq)) return false;
    seen = last.seq;
    return facts.length < batch && seen >= events.last();
  };
  const takeSome = (): boolean => {
    const some = pending.slice(0, batch);
    const rest = pending.slice(batch);
    if (!taken(some.map(({ told }) => told), rest.length > 0 ? (some.at(-1)?.seq ?? seen) : seen)) return false;
    pending = rest;
    return true;
  };
  const flush = (): void => {
    due = false;
    if (closed) return;
    if (live) {
      if (takeSome()) return pending.length > 0 ? soon(0) : undefined;
      // The disk refuses: from where it got they are read again.
      live = false;
      pending = [];
      seen = reached();
      return soon(AGAIN_MS);
    }
    live = catchUp();
    if (!live) soon(failing ? AGAIN_MS : 0);
  };
  const soon = (ms: Ms): void => {
    if (due) return;
    due = true;
    later(flush, ms);
  };
  let idle = 0;
  const hear = (fact: Fact): void => {
    if (!live) return;
    seen = fact.seq;
    const told = pick(fact);
    if (told !== undefined) pending.push({ told, seq: fact.seq });
    else if ((idle += 1) < NOTE_AFTER) return;
    idle = 0;
    soon(waitMs);
  };
  const unsubscribe = events.subscribe('*', hear);
  soon(0);
  return {
    close() {
      unsubscribe();
      while (live && pending.length > 0 && takeSome());
      closed = true;
    },
  };
}

function wait(run: () => void, ms: Ms): void {
  if (ms === 0) setImmediate(run);
  else setTimeout(run, ms).unref();
}
