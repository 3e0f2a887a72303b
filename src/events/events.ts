import { CompiledQuery } from 'kysely';
import type { Store } from '../store/index.js';
import { newId, StoreError } from '../store/index.js';
import type { Fact, FactMap, FactOf, FactType, NewFact, Subject } from './facts.js';

/** What of a logger this room uses. */
export interface EventLog {
  error(fields: object, message: string): void;
}
export interface Events {
  /**
   * Writes the fact (committed when this returns), then tells subscribers in the order of publishing. Never throws:
   * while the disk refuses, facts wait in memory, are told all the same, and are written once it takes them again.
   */
  publish<T extends FactType>(type: T, subject: Subject, data: FactMap[T]): FactOf<T>;
  /**
   * What happened at once, as if each were published in turn, but written together: several times cheaper. With `alongside`, which
   * writes what belongs to them, it is one transaction: false when the disk refuses it, and then nothing has happened and nobody is told.
   */
  publishAll(facts: readonly NewFact[], alongside?: () => void): boolean;
  /**
   * Facts that have happened whatever the disk says: `alongside` is written with them if it can be, and they are told in any case.
   * Answers whether all of it is on disk; if not, the facts wait as those of `publish` do, and `alongside` must be written otherwise.
   */
  publishAnyway(facts: readonly NewFact[], alongside?: () => void): boolean;
  /** A subscriber that throws is logged and keeps its subscription; it cannot break the publisher. */
  subscribe<T extends FactType>(types: readonly T[], fn: (fact: FactOf<T>) => void): () => void;
  subscribe(types: '*', fn: (fact: Fact) => void): () => void;
  /** Facts after `seq`, oldest first, at most `limit`. */
  since(seq: number, limit: number): Fact[];
  /** Facts of one subject, oldest first: a call's timeline. */
  of(subject: Subject): Fact[];
  /** Facts of several subjects by one question, each oldest first. */
  ofEach(subjects: readonly Subject[]): ReadonlyMap<string, readonly Fact[]>;
  last(): number;
  /** Facts not on disk yet: 0 while all is well. */
  waiting(): number;
}
export interface EventsOptions {
  readonly store: Store;
  readonly log: EventLog;
  readonly now?: () => number;
  /** Facts held in memory while the disk refuses them; beyond that the oldest are given up, with a log line. */
  readonly maxWaiting?: number;
}

export function createEvents({ store, log, now = Date.now, maxWaiting = 10_000 }: EventsOptions): Events {
  const outbox = createOutbox(store, log, maxWaiting);
  const subscribers = new Set<{ readonly types: '*' | ReadonlySet<string>; readonly fn: (fact: Fact) => void }>();
  const untold: Fact[] = [];
  let telling = false;

  const tell = (): void => {
    if (telling) return;
    telling = true;
    for (let fact = untold.shift(); fact; fact = untold.shift()) {
      for (const { types, fn } of [...subscribers]) {
        if (types !== '*' && !types.has(fact.type)) continue;
        try {
          fn(fact);
        } catch (error) {
          log.error({ err: error, type: fact.type, seq: fact.seq }, 'a subscriber failed');
        }
      }
    }
    telling = false;
  };
  const subscribe = (types: '*' | readonly string[], fn: (fact: never) => void): (() => void) => {
    const entry = { types: types === '*' ? types : new Set(types), fn: fn as (fact: Fact) => void };
    subscribers.add(entry);
    return () => subscribers.delete(entry);
  };
  const made = (news: readonly NewFact[]): Fact[] => {
    const at = now();
    const first = outbox.next();
    return news.map((fact, i) => ({ seq: first + i, id: newId('evt', at), at, ...fact }));
  };
  const publishAll = (facts: readonly Fact[], alongside?: () => void): boolean => {
    const written = outbox.write(facts, alongside);
    untold.push(...facts);
    tell();
    return written;
  };
  return {
    publish<T extends FactType>(type: T, subject: Subject, data: FactMap[T]) {
      const facts = made([{ type, subject, data } as NewFact]);
      publishAll(facts);
      return facts[0] as FactOf<T>;
    },
    publishAll(news, alongside) {
      if (!alongside) return publishAll(made(news));
      const facts = made(news);
      if (!outbox.commit(facts, alongside)) return false;
      untold.push(...facts);
      tell();
      return true;
    },
    publishAnyway: (news, alongside) => publishAll(made(news), alongside),
    subscribe,
    since: (seq, limit) => outbox.read((from) => from.where('seq', '>', seq).limit(limit), (f) => f.seq > seq).slice(0, limit),
    of: (subject) => outbox.read((from) => from.where('subject', '=', subject), (f) => f.subject === subject),
    ofEach(subjects) {
      const asked = new Set<string>(subjects);
      const facts = subjects.length === 0 ? [] : outbox.read((from) => from.where('subject', 'in', [...asked]), (f) => asked.has(f.subject));
      const found = new Map<string, Fact[]>();
      for (const fact of facts) {
        const known = found.get(fact.subject);
        if (known) known.push(fact);
        else found.set(fact.subject, [fact]);
      }
      return found;
    },
    last: () => outbox.next() - 1,
    waiting: () => outbox.waiting(),
  };
}

/** Facts written in one transaction while catching up: bounds the work of a try that fails. */
const batch = 200;
type Rows = ReturnType<typeof select>;
const select = (store: Store) => store.db.selectFrom('events').selectAll().orderBy('seq');

function createOutbox(store: Store, log: EventLog, maxWaiting: number) {
  const newest = store.run(store.db.selectFrom('events').select((e) => e.fn.max('seq').as('seq')))[0]?.seq;
  let last = newest ?? 0;
  let held: Fact[] = [];
  let failing = false;
  // Written out: this is the busiest statement of all, and building it anew would cost more than running it.
  const insert = ({ seq, id, type, at, subject, data }: Fact): void => {
    const query = CompiledQuery.raw('insert into events (seq, id, type, at, subject, data) values (?, ?, ?, ?, ?, ?)', [seq, id, type, at, subject, JSON.stringify(data)]);
    store.change({ compile: () => query });
  };
  const refused = (error: StoreError, what: string): false => {
    if (!failing) log.error({ err: error, code: error.code, hint: error.hint }, what);
    failing = true;
    return false;
  };
  const taken = (): true => {
    if (failing) log.error({ seq: last }, 'the database takes facts again');
    failing = false;
    return true;
  };
  const giveUpOldest = (): void => {
    const tooMany = held.length - maxWaiting;
    if (tooMany <= 0) return;
    held.splice(0, tooMany);
    log.error({ max: maxWaiting, facts: tooMany }, 'facts were given up: too many wait for the disk');
  };
  /** Answers whether all is on disk. */
  const write = (facts: readonly Fact[], alongside?: () => void): boolean => {
    last += facts.length;
    held.push(...facts);
    let first = true;
    try {
      while (held.length > 0) {
        const some = held.slice(0, batch);
        store.transaction(() => {
          if (first) alongside?.();
          some.forEach(insert);
        });
        first = false;
        held = held.slice(some.length);
      }
      taken();
      return !first;
    } catch (error) {
      if (error instanceof StoreError) {
        refused(error, 'facts cannot be written and wait in memory');
        giveUpOldest();
        return false;
      }
      // What belongs to them is refused: they have not happened.
      if (first) {
        held.length -= facts.length;
        last -= facts.length;
      }
      throw error;
    }
  };
  return {
    next: () => last + 1,
    waiting: () => held.length,
    write,
    /** All or nothing: false when the disk refuses it. Those that wait come first, for their numbers are lower. */
    commit(facts: readonly Fact[], alongside: () => void): boolean {
      if (held.length > 0 && !write([])) return false;
      last += facts.length;
      try {
        store.transaction(() => {
          alongside();
          facts.forEach(insert);
        });
      } catch (error) {
        last -= facts.length;
        if (!(error instanceof StoreError)) throw error;
        return refused(error, 'a change was refused: the database takes no writes');
      }
      return taken();
    },
    read(where: (from: Rows) => Rows, matches: (fact: Fact) => boolean): Fact[] {
      const rows = store.run(where(select(store))).map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }) as Fact);
      return [...rows, ...held.filter(matches)];
    },
  };
}
