import type { Ms } from '../base/index.js';
import { emptyState, restore, snapshot, step, type Snapshot, type State } from './engine/index.js';
import type { Journal, SavedState } from './journal.js';
import { jsonPieces } from './pieces.js';
import { emptyMemo, note, restoreMemo, saveMemo, type Memo, type SavedMemo } from './memo.js';

/** The engine and what we know besides, as they stood after one event of the log. */
export interface Standing {
  readonly state: State;
  readonly memo: Memo;
  /** The last event that is in it; 0: none. */
  readonly seq: number;
  /** When that was, engine time. */
  readonly at: Ms;
}

interface Saved {
  readonly engine: Snapshot;
  readonly memo: SavedMemo;
}

/** A copy as of now, that may be written while life goes on. */
export const savePieces = (state: State, memo: Memo): Iterator<string, void> => jsonPieces({ engine: snapshot(state), memo: saveMemo(memo) } satisfies Saved);

const beginning = (): Standing => ({ state: emptyState(), memo: emptyMemo(), seq: 0, at: 0 });

/**
 * How everything stood after event `seq`: the last state saved by then, and the events since. Undefined where the log does
 * not reach back so far. A saved state that cannot be read costs time, not truth: an older one is taken, and more replayed.
 */
export function standingAt(journal: Journal, seq: number, log: { error(fields: object, message: string): void }): Standing | undefined {
  try {
    for (const saved of journal.saved(seq)) {
      const standing = read(saved, log);
      if (standing) return replay(journal, standing, seq);
    }
    return replay(journal, beginning(), seq);
  } catch (error) {
    log.error({ err: error, seq }, 'the log of the queues cannot be replayed');
    return undefined;
  }
}

function read({ seq, at, text }: SavedState, log: { error(fields: object, message: string): void }): Standing | undefined {
  try {
    const { engine, memo } = JSON.parse(text) as Saved;
    const state = restore(engine);
    return { state, memo: restoreMemo(memo, state), seq, at };
  } catch (error) {
    log.error({ err: error, seq }, 'a saved state of the queues cannot be read; an older one is taken');
    return undefined;
  }
}

/** Changes the standing's state in place. Undefined when an event is missing. */
function replay(journal: Journal, from: Standing, through: number): Standing | undefined {
  let { seq, at } = from;
  for (const logged of journal.events(seq, through)) {
    if (logged.seq !== seq + 1) return undefined;
    note(from.memo, from.state, { ...logged, effects: step(from.state, logged.event, logged.at) });
    ({ seq, at } = logged);
  }
  return seq === through ? { ...from, seq, at } : undefined;
}
