import { CompiledQuery } from 'kysely';
import type { Ms } from '../base/index.js';
import type { Store } from '../store/index.js';
import type { AcdEvent } from './engine/index.js';
import type { Logged, SavedState, Trace } from './journal-types.js';

/** Events read at once. */
const PAGE = 500;

export type Rows = ReturnType<typeof createRows>;

/** The statements, written out: building them anew each time would cost more than running them. */
export function createRows(store: Store) {
  const query = (sql: string, ...values: unknown[]) => ({ compile: () => CompiledQuery.raw(sql, values) });
  const read = <R>(sql: string, ...values: unknown[]): R[] => store.run(query(sql, ...values));
  const write = (sql: string, ...values: unknown[]): void => void store.change(query(sql, ...values));
  return {
    insert: (seq: number, at: Ms, text: string) => write('insert or ignore into acd_log (seq, at, event) values (?, ?, ?)', seq, at, text),
    insertTrace: ({ contact, subject, agent, first, decided, last }: Trace) =>
      write('insert or replace into acd_contacts (contact, subject, agent, first_seq, decided_seq, last_seq) values (?, ?, ?, ?, ?, ?)', contact, subject, agent, first, decided, last),
    insertState: ({ seq, at, text }: SavedState) => write('insert or replace into acd_snapshots (seq, at, state) values (?, ?, ?)', seq, at, text),
    lastEvent: () => read<{ seq: number; at: Ms }>('select seq, at from acd_log order by seq desc limit 1')[0],
    saved: (seq: number) => read<SavedState>('select seq, at, state as text from acd_snapshots where seq <= ? order by seq desc limit 1', seq)[0],
    savedBefore: (at: Ms) => read<{ seq: number }>('select seq from acd_snapshots where at <= ? order by seq desc limit 1', at)[0],
    events: (after: number, through: number): Logged[] =>
      read<{ seq: number; at: Ms; event: string }>('select seq, at, event from acd_log where seq > ? and seq <= ? order by seq limit ?', after, through, PAGE)
        .map(({ seq, at, event }) => ({ seq, at, event: JSON.parse(event) as AcdEvent })),
    trace: (by: 'contact' | 'subject', value: string): Trace[] =>
      read<Trace>(`select contact, subject, agent, first_seq as first, decided_seq as decided, last_seq as last from acd_contacts where ${by} = ? order by first_seq`, value),
  };
}
