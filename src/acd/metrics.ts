import { CompiledQuery } from 'kysely';
import type { Ms } from '../base/index.js';
import type { QueueLeft } from '../events/index.js';
import { queueFigures, type Store } from '../store/index.js';
import type { AcdSetup, QueueId, QueueSetup } from './engine/index.js';
import { NoSuchQueue } from './errors.js';

/** Definitions: docs/queues.md. */
export interface QueueMetrics {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly shortAbandoned: number;
  /** By reason, and in all. */
  readonly diverted: number;
  readonly divertedBy: Readonly<Record<string, number>>;
  readonly answeredInTime: number;
  /** Null where nobody was answered. */
  readonly asaMs: Ms | null;
  readonly longestWaitMs: Ms;
  /** 0 to 1; null where nothing was counted. */
  readonly serviceLevel: { readonly byAnswered: number | null; readonly byOffered: number | null };
}
export interface QueueMetricsReader {
  /** Of those who came from `sinceMs` up to but not including `untilMs` (ms since 1970) and have left since. @throws NoSuchQueue */
  metrics(queue: QueueId, sinceMs: number, untilMs: number): QueueMetrics;
}

/** Figures of queues out of the facts about them, each time anew: nothing is counted beside, so nothing can be counted twice. */
export function createQueueMetrics(store: Pick<Store, 'run'>, setup: () => AcdSetup): QueueMetricsReader {
  return {
    metrics(id, since, until) {
      const queue = setup().queues.find((q) => q.id === id);
      if (!queue) throw new NoSuchQueue(`there is no queue "${id}"`, { hint: 'GET /v1/queues lists them' });
      return sumUp(staysOf(store, id, since, until), queue.serviceLevel);
    },
  };
}

/** A contact in a queue, from coming to leaving. */
interface Stay {
  readonly subject: string;
  readonly came: number;
  readonly seq: number;
  end: { readonly why: QueueLeft; readonly waitedMs: Ms } | undefined;
}
interface Row {
  readonly seq: number;
  readonly type: string;
  readonly at: number;
  readonly subject: string;
  readonly why: QueueLeft | null;
  readonly waited_ms: number | null;
}

const PAGE = 2_000;
/** A bridge that comes to nothing puts its contact back within this time. */
const SETTLED: Ms = 120_000;

/** Reads on behind the interval until it is known of everybody who came in it how the stay ended, if it has. */
function staysOf(store: Pick<Store, 'run'>, queue: QueueId, since: number, until: number): Stay[] {
  const stays: Stay[] = [];
  const last = new Map<string, Stay>();
  const ours = (came: number): boolean => came >= since && came < until;
  let open = 0;
  for (const row of rowsOf(store, queue, since)) {
    if (row.at >= until + SETTLED && open === 0) break;
    const known = last.get(row.subject);
    if (row.type.endsWith('.queued')) {
      if (known && !known.end) continue; // counted once, however often it is told
      const stay: Stay = { subject: row.subject, came: row.at, seq: row.seq, end: undefined };
      last.set(row.subject, stay);
      if (!ours(stay.came)) continue;
      stays.push(stay);
      open += 1;
    } else if (row.type.endsWith('.left_queue')) {
      const end = { why: row.why ?? 'failed', waitedMs: row.waited_ms ?? 0 };
      if (known && !known.end) {
        known.end = end;
        if (ours(known.came)) open -= 1;
      } else if (ours(row.at - end.waitedMs)) stays.push(turnedAway(last, row, end));
    } else if (known?.end?.why === 'connected') {
      known.end = undefined;
      if (ours(known.came)) open += 1;
    }
  }
  for (const stay of stays) stay.end ??= endElsewhere(store, stay);
  return stays;
}

/** Came and went in one, or was never in line: a call back booked for later. */
function turnedAway(last: Map<string, Stay>, { subject, at, seq }: Row, end: NonNullable<Stay['end']>): Stay {
  const stay: Stay = { subject, came: at - end.waitedMs, seq, end };
  last.set(subject, stay);
  return stay;
}

/** Who waits in several queues is told to leave one of them only. */
function endElsewhere(store: Pick<Store, 'run'>, stay: Stay): Stay['end'] {
  const [row] = read<Row>(store, `select ${FIELDS} from events where subject = ? and seq > ? and type glob '*.left_queue' order by seq limit 1`, stay.subject, stay.seq);
  if (!row) return undefined;
  return { why: row.why === 'connected' ? 'moved' : (row.why ?? 'failed'), waitedMs: row.waited_ms ?? 0 };
}

const FIELDS = `seq, type, at, subject, json_extract(data, '$.why') as why, json_extract(data, '$.waited_ms') as waited_ms`;

function* rowsOf(store: Pick<Store, 'run'>, queue: QueueId, since: number): Iterable<Row> {
  const sql = `select ${FIELDS} from events where json_extract(data, '$.queue') = ? and ${queueFigures} and (at, seq) > (?, ?) order by at, seq limit ${PAGE}`;
  let from: Pick<Row, 'at' | 'seq'> | undefined = { at: since, seq: -1 };
  while (from) {
    const rows: Row[] = read<Row>(store, sql, queue, from.at, from.seq);
    yield* rows;
    from = rows.length < PAGE ? undefined : rows.at(-1);
  }
}

const read = <R>(store: Pick<Store, 'run'>, sql: string, ...values: unknown[]): R[] => store.run({ compile: () => CompiledQuery.raw(sql, values) as CompiledQuery<R> });

function sumUp(stays: readonly Stay[], { thresholdMs, shortAbandonMs }: QueueSetup['serviceLevel']): QueueMetrics {
  const ended = stays.flatMap((stay) => (stay.end ? [stay.end] : []));
  const answered = ended.filter((e) => e.why === 'connected');
  const abandoned = ended.filter((e) => LOST.has(e.why));
  const diverted = ended.filter((e) => e.why !== 'connected' && !LOST.has(e.why));
  const answeredInTime = answered.filter((e) => e.waitedMs <= thresholdMs).length;
  const shortAbandoned = abandoned.filter((e) => e.waitedMs < shortAbandonMs).length;
  const divertedBy: Record<string, number> = {};
  for (const { why } of diverted) divertedBy[why] = (divertedBy[why] ?? 0) + 1;
  return {
    offered: ended.length, answered: answered.length, abandoned: abandoned.length, shortAbandoned, diverted: diverted.length, divertedBy, answeredInTime,
    asaMs: answered.length === 0 ? null : Math.round(answered.reduce((sum, e) => sum + e.waitedMs, 0) / answered.length),
    longestWaitMs: ended.reduce((longest, e) => Math.max(longest, e.waitedMs), 0),
    serviceLevel: { byAnswered: share(answeredInTime, answered.length), byOffered: share(answeredInTime, ended.length - shortAbandoned) },
  };
}

/** Nobody helped them: they gave up, we lost them, or they could not be called back. */
const LOST: ReadonlySet<string> = new Set(['abandoned', 'failed', 'unreached']);
const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
