import { CompiledQuery } from 'kysely';
import type { InsightAgentTable, Store } from '../../store/index.js';
import { QUARTER } from '../measures.js';
import type { ContactBook } from './contacts.js';
import type { Sums } from './sums.js';
import { text, verb, type Told } from './told.js';

export interface AgentBook {
  stateChanged(told: Told): void;
  offer(subject: string, channel: string, told: Told): void;
  /** Counts the states that last, up to the quarter of an hour in which `now` lies; a few agents at a time. */
  roll(now: number): void;
}
const STATES = new Set(['available', 'ringing', 'talking', 'wrap_up', 'away', 'training']);
const DECLINED = new Set(['rejected', 'busy', 'unreachable']);
const AT_ONCE = 50;

/** How long agents were in which state, and what became of what they were offered. */
export function createAgentBook(store: Pick<Store, 'run' | 'change'>, sums: Sums, contacts: ContactBook): AgentBook {
  const read = <R>(sql: string, ...values: unknown[]): R[] => store.run({ compile: () => CompiledQuery.raw(sql, values) as CompiledQuery<R> });
  const change = (sql: string, ...values: unknown[]): number => store.change({ compile: () => CompiledQuery.raw(sql, values) });
  const rowOf = (agent: string): InsightAgentTable | undefined => read<InsightAgentTable>('select * from insight_agents where agent = ?', agent)[0];
  /** The time since it was last counted, each quarter of an hour for itself. */
  const spend = (row: InsightAgentTable, until: number): void => {
    if (!STATES.has(row.state) || until <= row.since) return;
    for (let from = row.since; from < until; ) {
      const to = Math.min(until, (Math.floor(from / QUARTER) + 1) * QUARTER);
      sums.add({ at: from, channel: '', queue: '', sides: [['agent', row.agent]] }, { [`${row.state}_ms`]: to - from });
      from = to;
    }
    if (row.state === 'wrap_up' && row.subject !== null) contacts.wrapUp(row.subject, row.agent, until - row.since);
  };
  return {
    stateChanged(told) {
      const [agent, to] = [text(told, 'agent'), text(told, 'to')];
      const row = rowOf(agent);
      if (row) spend(row, told.at);
      change('insert into insight_agents (agent, state, since) values (?, ?, ?) on conflict (agent) do update set state = excluded.state, since = excluded.since', agent, to, told.at);
    },
    offer(subject, channel, told) {
      const [agent, queue, why] = [text(told, 'agent'), text(told, 'queue'), text(told, 'why')];
      const place = { at: told.at, channel, queue, sides: [['agent', agent]] as const };
      if (verb(told) === 'offered') return sums.add(place, { offers: 1 });
      if (why === 'timed_out') sums.add(place, { offers_missed: 1 });
      if (DECLINED.has(why)) sums.add(place, { offers_declined: 1 });
      if (why !== 'accepted') return;
      change("insert into insight_agents (agent, state, since, subject) values (?, '', ?, ?) on conflict (agent) do update set subject = excluded.subject", agent, told.at, subject);
    },
    roll(now) {
      const until = Math.floor(now / QUARTER) * QUARTER;
      for (const row of read<InsightAgentTable>(`select * from insight_agents where since < ? and state not in ('', 'offline') limit ${AT_ONCE}`, until)) {
        spend(row, until);
        change('update insight_agents set since = ? where agent = ?', until, row.agent);
      }
    },
  };
}
