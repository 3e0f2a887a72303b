import type { Ms } from '../../base/index.js';
import { system } from './actor.js';
import { draftOf, policyOf, type Commit } from './draft.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import { ruleFor } from './setup.js';

export interface Deadlines {
  /** Looks at what came due while nobody looked, and from now on when something is. */
  start(): void;
  /** A ticket was changed: the next moment may be nearer. */
  wake(): void;
  /** The set-up was read again: each open ticket gets the promise that now holds for it. */
  review(): Promise<void>;
  close(): void;
}

const PORTION = 50;
/** No timer waits longer: the wall clock may be set. */
const LONGEST: Ms = 60_000;

/** Time that passes, for all tickets with one timer. A moment is told once: what was told stands in the ticket. */
export function createDeadlines({ now, log, setup }: TicketDeps, rows: Rows, commit: Commit): Deadlines {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const clock = system('system');
  const arm = (): void => {
    clearTimeout(timer);
    if (closed) return;
    const next = rows.nextLook();
    if (next !== undefined) timer = setTimeout(look, Math.min(LONGEST, Math.max(1, next - now()))).unref();
  };
  function look(): void {
    try {
      const due = rows.due(now(), PORTION);
      for (const ticket of due) {
        const draft = draftOf(ticket, clock);
        draft.quiet = true;
        commit([draft]);
      }
      if (due.length === PORTION) return void (timer = setTimeout(look, 1).unref());
      arm();
    } catch (error) {
      log.error({ err: error }, 'deadlines of tickets cannot be looked at');
      if (!closed) timer = setTimeout(look, LONGEST).unref();
    }
  }
  return {
    start: look,
    wake: arm,
    async review() {
      for (let portion = rows.openAfter('', PORTION); portion.length > 0 && !closed; portion = rows.openAfter(portion.at(-1)?.id ?? '', PORTION)) {
        for (const ticket of portion) {
          const rule = ruleFor(setup(), ticket);
          const same = ticket.calendar === (rule?.calendar ?? setup().calendar) && JSON.stringify(ticket.clocks.policy) === JSON.stringify(policyOf(rule));
          const draft = draftOf(ticket, clock);
          draft.quiet = true;
          if (!same) commit([draft]);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      arm();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
