import { CompiledQuery } from 'kysely';
import type { AlertFigure } from '../../config/index.js';
import type { Ms } from '../../base/index.js';
import type { Store } from '../../store/index.js';
import { LIVE } from '../counting/sums.js';

/** A queue as its room knows it at this moment. */
export interface QueueNow {
  readonly id: string;
  readonly name: string;
  readonly waiting: number;
  readonly longestWaitMs: Ms;
  /** How many agents are in each state. */
  readonly agents: Readonly<Record<string, number>>;
  /** Contacts that somebody has, by channel. */
  readonly handled: Readonly<Record<string, number>>;
}
/** Of those who came to the queue today and have left it; meanings as in reports. */
export interface Today {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly shortAbandoned: number;
  /** 0 to 1; null where there is nothing to speak of. */
  readonly serviceLevel: number | null;
  readonly abandonedShare: number | null;
}
export type LiveQueue = QueueNow & { readonly today: Today };

interface Row {
  readonly queue: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly short_abandoned: number;
  readonly in_time: number;
}
const NONE: Omit<Row, 'queue'> = { offered: 0, answered: 0, abandoned: 0, short_abandoned: 0, in_time: 0 };
/** A row a queue and channel, by the key of the table. */
const SQL = `select queue, sum(offered) as offered, sum(answered) as answered, sum(abandoned) as abandoned, sum(short_abandoned) as short_abandoned, sum(in_time) as in_time
  from insight_sums where grain = ? and dim = '${LIVE}' and at = ? group by queue`;

/** What was counted on a day of the house, by queue. `midnight`: where it began. */
export function todayOf(store: Pick<Store, 'run'>, zone: string, midnight: number): (queue: string) => Today {
  const rows = store.run({ compile: () => CompiledQuery.raw(SQL, [zone, midnight]) as CompiledQuery<Row> });
  const known = new Map(rows.map((row) => [row.queue, row]));
  return (queue) => summed(known.get(queue) ?? NONE);
}

const share = (part: number, whole: number): number | null => (whole > 0 ? Math.round((part / whole) * 1e6) / 1e6 : null);
const summed = ({ offered, answered, abandoned, short_abandoned, in_time }: Omit<Row, 'queue'>): Today => ({
  offered, answered, abandoned, shortAbandoned: short_abandoned, serviceLevel: share(in_time, offered - short_abandoned), abandonedShare: share(abandoned, offered),
});

/** Null where there is no such figure now: shares of fewer than `atLeast` contacts. */
export function figureOf({ waiting, longestWaitMs, agents, today }: LiveQueue, figure: AlertFigure, atLeast: number): number | null {
  switch (figure) {
    case 'waiting': return waiting;
    case 'longest_wait_s': return longestWaitMs / 1_000;
    case 'agents_available': return agents['available'] ?? 0;
    case 'service_level': return today.offered < atLeast ? null : today.serviceLevel;
    case 'abandoned_share': return today.offered < atLeast ? null : today.abandonedShare;
  }
}
