import { CompiledQuery } from 'kysely';
import type { AlertFigure } from '../../config/index.js';
import type { Ms } from '../../base/index.js';
import type { Store } from '../../store/index.js';
import { ALL, LIVE } from '../counting/sums.js';

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
/** Of those who came to the queue today: those who have left it, and marks of those whose contact is over. Meanings as in reports. */
export interface Today {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly shortAbandoned: number;
  /** 0 to 1; null where there is nothing to speak of. */
  readonly serviceLevel: number | null;
  readonly abandonedShare: number | null;
  readonly surveyAnswers: number;
  /** Their mean; null where nobody answered. */
  readonly satisfaction: number | null;
}
export type LiveQueue = QueueNow & { readonly today: Today };

interface Row {
  readonly queue: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly short_abandoned: number;
  readonly in_time: number;
  readonly survey_n: number;
  readonly survey_sum: number;
}
const NONE: Omit<Row, 'queue'> = { offered: 0, answered: 0, abandoned: 0, short_abandoned: 0, in_time: 0, survey_n: 0, survey_sum: 0 };
/** How a stay ended is counted before its contact is over; marks where reports have them. */
const FROM: Readonly<Record<keyof typeof NONE, string>> = { offered: LIVE, answered: LIVE, abandoned: LIVE, short_abandoned: LIVE, in_time: LIVE, survey_n: ALL, survey_sum: ALL };
/** Two rows a queue and channel, by the key of the table. */
const SQL = `select queue, ${Object.entries(FROM).map(([name, dim]) => `sum(case dim when '${dim}' then ${name} else 0 end) as ${name}`).join(', ')}
  from insight_sums where grain = ? and dim in ('${ALL}', '${LIVE}') and at = ? group by queue`;

/** What was counted on a day of the house, by queue. `midnight`: where it began. */
export function todayOf(store: Pick<Store, 'run'>, zone: string, midnight: number): (queue: string) => Today {
  const rows = store.run({ compile: () => CompiledQuery.raw(SQL, [zone, midnight]) as CompiledQuery<Row> });
  const known = new Map(rows.map((row) => [row.queue, row]));
  return (queue) => summed(known.get(queue) ?? NONE);
}

const share = (part: number, whole: number): number | null => (whole > 0 ? Math.round((part / whole) * 1e6) / 1e6 : null);
const summed = ({ offered, answered, abandoned, short_abandoned, in_time, survey_n, survey_sum }: Omit<Row, 'queue'>): Today => ({
  offered, answered, abandoned, shortAbandoned: short_abandoned, serviceLevel: share(in_time, offered - short_abandoned), abandonedShare: share(abandoned, offered),
  surveyAnswers: survey_n, satisfaction: share(survey_sum, survey_n),
});

/** Null where there is no such figure now: shares of fewer than `atLeast` contacts, a mean of fewer marks. */
export function figureOf({ waiting, longestWaitMs, agents, today }: LiveQueue, figure: AlertFigure, atLeast: number): number | null {
  switch (figure) {
    case 'waiting': return waiting;
    case 'longest_wait_s': return longestWaitMs / 1_000;
    case 'agents_available': return agents['available'] ?? 0;
    case 'service_level': return today.offered < atLeast ? null : today.serviceLevel;
    case 'abandoned_share': return today.offered < atLeast ? null : today.abandonedShare;
    case 'satisfaction': return today.surveyAnswers < atLeast ? null : today.satisfaction;
  }
}
