import type { Ms } from '../../base/index.js';
import { amount, text, verb, type Told } from './told.js';

/** A contact in one queue, from coming to leaving. */
export interface Stay {
  readonly seq: number;
  readonly queue: string;
  readonly came: number;
  end: { readonly why: string; readonly waitedMs: Ms; readonly at: number } | undefined;
  /** Who took it. */
  agent: string;
}
/** Nobody helped them: they gave up, we lost them, or they could not be called back. */
const LOST: ReadonlySet<string> = new Set(['abandoned', 'failed', 'unreached']);
/** Whoever leaves so leaves all queues, and is told to leave one of them only. */
const LEAVES_ALL: ReadonlySet<string> = new Set([...LOST, 'connected', 'exit', 'emergency']);

export const outcomeOf = (why: string): 'answered' | 'abandoned' | 'diverted' => (why === 'connected' ? 'answered' : LOST.has(why) ? 'abandoned' : 'diverted');

/** Follows one contact through the queues, as `src/acd/metrics.ts` reads the same facts. */
export function stayReader() {
  const stays: Stay[] = [];
  const open = (): Stay[] => stays.filter((stay) => !stay.end);
  let accepted = '';
  const leave = (told: Told): Stay | undefined => {
    const [queue, why] = [text(told, 'queue'), text(told, 'why')];
    const end = { why, waitedMs: amount(told, 'waited_ms'), at: told.at };
    let own = open().find((stay) => stay.queue === queue);
    if (!own && queue !== '') {
      // Came and went in one, or was never in line: a call back booked for later.
      own = { seq: told.seq, queue, came: told.at - end.waitedMs, end: undefined, agent: '' };
      stays.push(own);
    }
    if (own) own.end = end;
    if (own && why === 'connected') own.agent = accepted;
    if (LEAVES_ALL.has(why)) for (const other of open()) other.end = { ...end, why: why === 'connected' ? 'moved' : why };
    return own;
  };
  const comeBack = (told: Told): void => {
    const last = stays.filter((stay) => stay.queue === text(told, 'queue')).at(-1);
    if (last?.end?.why !== 'connected') return;
    const { at } = last.end;
    for (const stay of stays) if (stay.end?.at === at && (stay === last || stay.end.why === 'moved')) stay.end = undefined;
    last.agent = '';
  };
  return {
    stays,
    open,
    /** Answers the stay that ended by being answered. */
    read(told: Told): Stay | undefined {
      switch (verb(told)) {
        case 'queued':
          if (!open().some((stay) => stay.queue === text(told, 'queue'))) stays.push({ seq: told.seq, queue: text(told, 'queue'), came: told.at, end: undefined, agent: '' });
          return undefined;
        case 'offer_ended':
          if (text(told, 'why') === 'accepted') accepted = text(told, 'agent');
          return undefined;
        case 'left_queue': {
          const left = leave(told);
          return left?.end?.why === 'connected' ? left : undefined;
        }
        case 'returned_to_queue': case 'connect_timed_out':
          comeBack(told);
          return undefined;
        default:
          return undefined;
      }
    },
  };
}
