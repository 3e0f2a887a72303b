import type { Ms } from '../../base/index.js';
import { adjusted, plain, type Estimate } from './estimate.js';

interface Batch {
  /** Who came, and the work they brought: of these the means are known. */
  arrived: number;
  workMs: Ms;
  came: number;
  answered: number;
  inTime: number;
  waited: number;
  waitedMs: Ms;
  busyMs: Ms;
}
export interface Batches {
  arrived(at: Ms, handlingMs: Ms): void;
  answered(cameAt: Ms, at: Ms): void;
  gone(cameAt: Ms, at: Ms): void;
  /** So many agents more are busy from now on. */
  busy(at: Ms, more: number): void;
  /** Whether another batch has been filled since this was last asked. */
  closed(at: Ms): boolean;
  estimates(): Readonly<Record<'service_level' | 'asa' | 'abandoned_share' | 'occupancy' | 'waiting_share', Estimate>>;
}

/** Waits depend on each other, means of long stretches of time hardly do: the spread of those tells how sure the whole mean is. */
const GROUPS = 30;
/** A wait below this is none: numbers of this size are rounded at the tenth of a microsecond. */
const NONE: Ms = 1e-3;

export interface Setting {
  readonly start: Ms;
  readonly batchMs: Ms;
  readonly thresholdMs: Ms;
  readonly agents: number;
  /** What was asked for on average: how far chance was off it tells how far the figures are. */
  readonly perHour: number;
  readonly handlingMs: Ms;
}

/** Figures by stretches of time, contacts by when they came. Nothing counts before `start`. */
export function batches({ start, batchMs, thresholdMs, agents, perHour, handlingMs }: Setting): Batches {
  const all: Batch[] = [];
  let closed = 0;
  let [busyNow, busySince] = [0, 0];
  const batchAt = (at: Ms): Batch | undefined => {
    const n = Math.floor((at - start) / batchMs);
    if (n < 0) return undefined;
    while (all.length <= n) all.push({ arrived: 0, workMs: 0, came: 0, answered: 0, inTime: 0, waited: 0, waitedMs: 0, busyMs: 0 });
    return all[n];
  };
  const left = (cameAt: Ms, at: Ms): Batch | undefined => {
    const batch = batchAt(cameAt);
    if (!batch) return undefined;
    batch.came += 1;
    if (at - cameAt > NONE) batch.waited += 1;
    return batch;
  };
  const spend = (until: Ms): void => {
    for (let from = busySince; from < until;) {
      const end = from < start ? Math.min(until, start) : Math.min(until, start + (Math.floor((from - start) / batchMs) + 1) * batchMs);
      const batch = batchAt(from);
      if (batch) batch.busyMs += busyNow * (end - from);
      from = end > from ? end : until;
    }
    busySince = until;
  };
  const grouped = (): Batch[] => {
    const size = Math.max(1, Math.floor(closed / GROUPS));
    const groups: Batch[] = [];
    for (let i = 0; i + size <= closed; i += size) groups.push(all.slice(i, i + size).reduce(sum));
    return groups;
  };
  return {
    arrived(at, workMs) {
      const batch = batchAt(at);
      if (!batch) return;
      batch.arrived += 1;
      batch.workMs += workMs;
    },
    answered(cameAt, at) {
      const batch = left(cameAt, at);
      if (!batch) return;
      batch.answered += 1;
      batch.waitedMs += at - cameAt;
      if (at - cameAt <= thresholdMs) batch.inTime += 1;
    },
    gone: (cameAt, at) => void left(cameAt, at),
    busy(at, more) {
      spend(at);
      busyNow += more;
    },
    closed(at) {
      // Those of the last batch may still be waiting: it counts once the next one is over.
      const full = Math.max(0, Math.floor((at - start) / batchMs) - 1);
      if (full <= closed) return false;
      spend(at);
      batchAt(at);
      closed = full;
      return true;
    },
    estimates() {
      const groups = grouped();
      const perGroupMs = Math.max(1, Math.floor(closed / GROUPS)) * batchMs;
      const controls = groups.map((g) => [g.arrived / ((perHour / 3_600_000) * perGroupMs) - 1, g.workMs / (g.arrived * handlingMs) - 1] as const);
      // What was never seen may still happen to three in as many as came.
      const least = 3 / groups.reduce((n, g) => n + g.came, 0);
      const ratio = (above: (b: Batch) => number, below: (b: Batch) => number): Estimate => {
        const { value, error } = adjusted(groups.map(above), groups.map(below), controls);
        return { value, error: Math.max(error, least) };
      };
      return {
        service_level: ratio((b) => b.inTime, (b) => b.came), asa: plain(groups.map((b) => b.waitedMs), groups.map((b) => b.answered)),
        abandoned_share: ratio((b) => b.came - b.answered, (b) => b.came), waiting_share: ratio((b) => b.waited, (b) => b.came),
        occupancy: ratio((b) => b.busyMs, () => perGroupMs * agents),
      };
    },
  };
}

const sum = (a: Batch, b: Batch): Batch => ({
  arrived: a.arrived + b.arrived, workMs: a.workMs + b.workMs, came: a.came + b.came, answered: a.answered + b.answered, inTime: a.inTime + b.inTime, waited: a.waited + b.waited, waitedMs: a.waitedMs + b.waitedMs, busyMs: a.busyMs + b.busyMs,
});
