import { CompiledQuery } from 'kysely';
import type { Ms } from '../base/index.js';
import { daysAfter, instantOf } from '../config/index.js';
import type { Events } from '../events/index.js';
import { StoreError, type Store } from '../store/index.js';
import { systemClock, type Clock } from './clock.js';
import { AGENT_STATES, type AgentId, type AgentState } from './engine/index.js';

export interface StateInterval {
  readonly state: AgentState;
  readonly reason: string | null;
  /** Ms since 1970; `until` is null for the state that lasts. */
  readonly from: number;
  readonly until: number | null;
}
export interface AdherenceDay {
  /** How long in each state between the midnights of that day in that zone, up to now: 23, 24 or 25 hours in all. */
  readonly states: Readonly<Record<AgentState, Ms>>;
  /** In order; the first and the last are cut at the midnights. */
  readonly intervals: readonly StateInterval[];
}
export interface Adherence {
  /** `date`: `2026-11-20`; `timeZone`: an IANA name. */
  day(agent: AgentId, date: string, timeZone: string): AdherenceDay;
  close(): void;
}

export interface AdherenceOptions {
  readonly store: Store;
  readonly events: Pick<Events, 'subscribe'>;
  readonly log: { error(fields: object, message: string): void };
  readonly clock?: Clock;
}

/** How long facts may lie before they are read: many are cheaper than one by one. */
const LATER: Ms = 2_000;
const BATCH = 500;

/** Which state each agent was in and when, read from the facts that tell it. */
export function createAdherence({ store, events, log, clock = systemClock }: AdherenceOptions): Adherence {
  let cancel: (() => void) | undefined;
  const book = stateBook(store);
  const later = (ms: Ms): void => {
    cancel ??= clock.after(ms, () => {
      cancel = undefined;
      try {
        if (book.readOn()) later(0);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        log.error({ err: error }, 'the states of agents could not be entered; tried again later');
        later(LATER);
      }
    });
  };
  const unsubscribe = events.subscribe(['agent.state_changed'], () => later(LATER));
  later(0);
  return {
    day(agent, date, timeZone) {
      while (book.readOn());
      const [start, end] = [instantOf(date, 0, timeZone), instantOf(daysAfter(date, 1), 0, timeZone)];
      return cut(book.between(agent, start, end), start, Math.min(end, clock.wall()), end);
    },
    close() {
      unsubscribe();
      cancel?.();
    },
  };
}

interface Row {
  readonly state: AgentState;
  readonly reason: string | null;
  readonly from_at: number;
  readonly until_at: number | null;
}
interface Told {
  readonly seq: number;
  readonly at: number;
  readonly data: string;
}

function stateBook(store: Store) {
  const query = (sql: string, ...values: unknown[]) => ({ compile: () => CompiledQuery.raw(sql, values) });
  const read = <R>(sql: string, ...values: unknown[]): R[] => store.run(query(sql, ...values));
  let last = read<{ seq: number | null }>('select max(seq) as seq from agent_states')[0]?.seq ?? 0;
  const enter = ({ seq, at, data }: Told): void => {
    const { agent, to, reason, by } = JSON.parse(data) as { agent: string; to: string; reason?: string; by?: string };
    store.change(query('update agent_states set until_at = ? where agent = ? and until_at is null', at, agent));
    store.change(query('insert into agent_states (seq, agent, state, reason, by, from_at) values (?, ?, ?, ?, ?, ?)', seq, agent, to, reason ?? null, by ?? null, at));
  };
  return {
    /** Enters some of the facts that were not entered yet. Answers whether there may be more. @throws StoreError */
    readOn(): boolean {
      const told = read<Told>(`select seq, at, data from events where type = 'agent.state_changed' and seq > ? order by seq limit ${BATCH}`, last);
      if (told.length > 0) store.transaction(() => told.forEach(enter));
      last = told.at(-1)?.seq ?? last;
      return told.length === BATCH;
    },
    between: (agent: AgentId, start: number, end: number): Row[] => [
      ...read<Row>('select state, reason, from_at, until_at from agent_states where agent = ? and from_at <= ? order by from_at desc, seq desc limit 1', agent, start),
      ...read<Row>('select state, reason, from_at, until_at from agent_states where agent = ? and from_at > ? and from_at < ? order by from_at, seq', agent, start, end),
    ],
  };
}

function cut(rows: readonly Row[], start: number, now: number, end: number): AdherenceDay {
  const states = Object.fromEntries(AGENT_STATES.map((state) => [state, 0])) as Record<AgentState, Ms>;
  const intervals: StateInterval[] = [];
  for (const { state, reason, from_at, until_at } of rows) {
    const from = Math.max(from_at, start);
    const until = Math.min(until_at ?? now, now, end);
    if (until <= from) continue;
    states[state] += until - from;
    intervals.push({ state, reason, from, until: until_at === null && now < end ? null : until });
  }
  return { states, intervals };
}
