import type { Ms } from '../base/index.js';
import { systemClock } from './clock.js';
import type { AcdEvent } from './engine/index.js';
import type { Journal, JournalOptions, Logged } from './journal-types.js';
import { createRows } from './journal-rows.js';
import { createWriter } from './journal-writer.js';
import { createPruner } from './prune.js';

export type { Journal, JournalOptions, Logged, Publish, SavedState, Trace } from './journal-types.js';

const HOURS_48: Ms = 48 * 3_600_000;

export function createJournal(options: JournalOptions): Journal {
  const { store, clock = systemClock, keepMs = HOURS_48, saveEvery = 2_000 } = options;
  const rows = createRows(store);
  const newest = rows.lastEvent();
  const lastSaved = rows.saved(Number.MAX_SAFE_INTEGER);
  let seq = Math.max(newest?.seq ?? 0, lastSaved?.seq ?? 0);
  let lastAt = newest?.at ?? lastSaved?.at;
  let savedSeq = lastSaved?.seq ?? 0;
  /** Letters logged since the last saved state, and letters in it: saving must not cost more than logging does. */
  let logged = 0;
  let savedSize = 0;
  const pruner = createPruner(store, clock, options.log);
  const writer = createWriter(rows, options, clock);
  const waitingAfter = (after: number): Logged[] => writer.held().filter((h) => h.seq > after).map((h) => ({ seq: h.seq, at: h.at, event: JSON.parse(h.text) as AcdEvent }));

  return {
    next: () => seq + 1,
    lastAt: () => lastAt,
    append(at, text, traces, publish) {
      seq += 1;
      lastAt = at;
      logged += text.length;
      writer.write({ seq, at, text, traces }, publish);
    },
    due() {
      if (writer.refused()) return writer.gap() === 'may be closed' ? 'at once' : 'no';
      return seq - savedSeq >= saveEvery && logged >= savedSize ? 'soon' : 'no';
    },
    save(of, at, text) {
      if (writer.gap() && of !== seq) return;
      savedSeq = of;
      savedSize = text.length;
      logged = 0;
      if (!writer.save({ seq: of, at, text })) return;
      const base = rows.savedBefore(at - keepMs);
      if (base) pruner.clear(base.seq);
    },
    *saved(upTo) {
      for (let at = rows.saved(upTo); at; at = rows.saved(at.seq - 1)) yield at;
    },
    *events(after, through) {
      let from = after;
      for (let page = rows.events(from, through); page.length > 0; page = rows.events(from, through)) {
        yield* page;
        from = page.at(-1)?.seq ?? through;
      }
      for (const one of waitingAfter(from)) if (one.seq <= through) yield one;
    },
    trace: (contact) => writer.held().flatMap((h) => h.traces).find((t) => t.contact === contact) ?? rows.trace('contact', contact)[0],
    tracesOf: (subject) => [...rows.trace('subject', subject), ...writer.held().flatMap((h) => h.traces).filter((t) => t.subject === subject)],
    waiting: () => writer.held().length + (writer.gap() ? 1 : 0),
    close() {
      pruner.close();
      writer.close();
    },
  };
}
