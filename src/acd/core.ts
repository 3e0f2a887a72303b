import type { Ms } from '../base/index.js';
import { emptyState, step, type AcdEffect, type AcdEvent, type State } from './engine/index.js';
import type { Journal } from './journal.js';
import { emptyMemo, note, type Gone, type Memo } from './memo.js';
import { savePieces, standingAt } from './past.js';

/** The engine as it lives. */
export interface Core {
  /** Replaced as a whole when a fault made it worthless: never keep it. */
  state: State;
  memo: Memo;
}
export interface Taken {
  /** The event as JSON. */
  readonly text: string;
  readonly effects: readonly AcdEffect[];
  readonly gone: readonly Gone[];
}

interface CoreLog {
  error(fields: object, message: string): void;
}

/** Where the last run stopped. Of a log that cannot be read at all nothing is left but the numbers: those who wait are lost, those who come are served. */
export function openCore(journal: Journal, log: CoreLog): Core {
  const standing = standingAt(journal, journal.next() - 1, log);
  if (standing) return { state: standing.state, memo: standing.memo };
  log.error({ events: journal.next() - 1 }, 'the log of the queues is incomplete; they begin empty');
  return { state: emptyState(), memo: emptyMemo() };
}

/**
 * One event, decided and not yet logged. Undefined when the engine failed over it: then it is as if the event had never come, for a
 * state that a fault left half changed is thrown away and made anew from the log.
 */
export function decide(core: Core, journal: Journal, at: Ms, event: AcdEvent, log: CoreLog): Taken | undefined {
  try {
    const text = JSON.stringify(event);
    const effects = step(core.state, event, at);
    return { text, effects, gone: note(core.memo, core.state, { seq: journal.next(), at, event, effects }) };
  } catch (error) {
    log.error({ err: error, event: event.type }, 'the queue engine failed; it goes on without this event');
    Object.assign(core, openCore(journal, log));
    return undefined;
  }
}

/** So long the pieces of a state may be written before others have their turn. */
const TURN: Ms = 4;

/**
 * Begins to save the state as it is now. Each call writes on for a moment and answers whether there is more to do; `Infinity` writes
 * all of it. A state that cannot be saved is no harm yet: the log goes on.
 */
export function saving(core: Core, journal: Journal, at: Ms, log: CoreLog): (now: () => Ms, turnMs?: Ms) => boolean {
  const parts: string[] = [];
  const seq = journal.next() - 1;
  const failed = (error: unknown): false => {
    log.error({ err: error }, 'the state of the queues could not be saved');
    return false;
  };
  let pieces: Iterator<string, void>;
  try {
    pieces = savePieces(core.state, core.memo);
  } catch (error) {
    failed(error);
    return () => false;
  }
  return (now, turnMs = TURN) => {
    const began = now();
    try {
      for (let piece = pieces.next(); ; piece = pieces.next()) {
        if (piece.done) break;
        parts.push(piece.value);
        if (now() - began >= turnMs) return true;
      }
      journal.save(seq, at, parts.join(''));
      return false;
    } catch (error) {
      return failed(error);
    }
  };
}
