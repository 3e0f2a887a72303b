import type { Ms } from '../base/index.js';
import type { Store } from '../store/index.js';
import type { Clock } from './clock.js';
import type { AcdEvent, AgentId, ContactId } from './engine/index.js';

export interface Logged {
  readonly seq: number;
  readonly at: Ms;
  readonly event: AcdEvent;
}
/** Where in the log a contact that is gone can be found; see `AcdContactTable`. */
export interface Trace {
  readonly contact: ContactId;
  readonly subject: string;
  /** Who had it in the end. */
  readonly agent: AgentId | null;
  readonly first: number;
  readonly decided: number;
  readonly last: number;
}
export interface SavedState {
  readonly seq: number;
  readonly at: Ms;
  readonly text: string;
}

/** Called once, with what must be written with it; answers whether it was, and then for good. */
export type Publish = (alongside: () => void) => boolean;

/** The engine's memory on disk: what it was told, in order, and now and then how it stood. */
export interface Journal {
  /** The number that the next event gets. */
  next(): number;
  /** When the last event came, engine time; undefined in an empty log. */
  lastAt(): Ms | undefined;
  /** On disk when it returns, traces and all; while the disk refuses it is kept in memory, and written in order as soon as it can be. `text`: the event as JSON. `publish` may write something else in the same transaction. */
  append(at: Ms, text: string, traces: readonly Trace[], publish?: Publish): void;
  /** Whether so much has come since the last saved state that another should be kept. `at once`: before another event comes. */
  due(): 'no' | 'soon' | 'at once';
  /** How the engine stood after event `seq`. Old entries beyond what is kept are cleared away afterwards, little by little. */
  save(seq: number, at: Ms, text: string): void;
  /** Saved states that hold no more than event `seq`, newest first. */
  saved(seq: number): Iterable<SavedState>;
  /** Events after one and up to and with another, in order. */
  events(after: number, through: number): Iterable<Logged>;
  trace(contact: ContactId): Trace | undefined;
  tracesOf(subject: string): readonly Trace[];
  /** Events not on disk yet: 0 while all is well. */
  waiting(): number;
  /** Tries once more to write what waits. */
  close(): void;
}

export interface JournalOptions {
  readonly store: Store;
  readonly log: { error(fields: object, message: string): void };
  readonly clock?: Clock;
  /** How far back the log reaches at least. */
  readonly keepMs?: Ms;
  /** A state is saved after so many events at the earliest. */
  readonly saveEvery?: number;
  /** How long after a refusal the disk is tried again. */
  readonly retryMs?: Ms;
  /** Events held in memory while the disk refuses; beyond that they are given up, and a saved state takes their place. */
  readonly maxWaiting?: number;
}
