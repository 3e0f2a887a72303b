import { CompiledQuery } from 'kysely';
import type { Ms } from '../../base/index.js';
import type { Store } from '../../store/index.js';
import { QUARTER, SUMS, type Counts, type Dimension, type Measure } from '../measures.js';
import { daysOf } from '../zone.js';

/** Where something counts: its interval, queue and channel, and each of its other sides by itself. */
export interface Place {
  readonly at: number;
  readonly channel: string;
  readonly queue: string;
  readonly sides: readonly (readonly [dim: Dimension, value: string])[];
}
export interface Sums {
  add(place: Place, counts: Counts, longestMs?: Ms): void;
  /** Counts for the day of the house as it stands now, apart from reports: what ends before its contact is over. */
  live(place: Omit<Place, 'sides'>, counts: Counts): void;
  /** Writes what was added since the last time. */
  flush(): void;
  /** Forgets what was added: it could not be kept. */
  drop(): void;
}
/** Of quarters of an hour. */
export const QUARTERS = 'q';
/** The side of sums of everything. */
export const ALL = 'all';
/** The side of sums that are counted before contacts are over: reports never ask for it. */
export const LIVE = 'live';

const NAMES: readonly string[] = [...SUMS, 'longest_ms'];
const KEYS = ['grain', 'dim', 'at', 'channel', 'queue', 'value'] as const;
const UPSERT = `insert into insight_sums (${[...KEYS, ...NAMES].join(', ')}) values (${[...KEYS, ...NAMES].map(() => '?').join(', ')})
  on conflict (${KEYS.join(', ')}) do update set ${SUMS.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}, longest_ms = max(longest_ms, excluded.longest_ms)`;

/** Adds up in memory what one turn counts, and writes each row of sums once: by quarters of an hour, and by days of the house. */
export function createSums(store: Pick<Store, 'change'>, zone: () => string): Sums {
  let rows = new Map<string, { readonly key: readonly (string | number)[]; readonly counts: Partial<Record<Measure, number>>; longest: number }>();
  let day = { zone: zone(), of: daysOf(zone()) };
  const put = (key: readonly (string | number)[], counts: Counts, longest: number): void => {
    const name = key.join('\u0000');
    const row = rows.get(name) ?? { key, counts: {}, longest: 0 };
    rows.set(name, row);
    for (const [measure, n] of Object.entries(counts) as [Measure, number][]) row.counts[measure] = (row.counts[measure] ?? 0) + n;
    row.longest = Math.max(row.longest, longest);
  };
  const some = (counts: Counts): Counts => Object.fromEntries(Object.entries(counts).filter(([, n]) => n !== 0));
  const keepZone = (): void => {
    if (day.zone !== zone()) day = { zone: zone(), of: daysOf(zone()) };
  };
  return {
    live({ at, channel, queue }, counts) {
      keepZone();
      const changed = some(counts);
      if (Object.keys(changed).length > 0) put([day.zone, LIVE, day.of(at).from, channel, queue, ''], changed, 0);
    },
    add({ at, channel, queue, sides }, counts, longest = 0) {
      const counted = some(counts);
      if (Object.keys(counted).length === 0) return;
      keepZone();
      for (const [grain, from] of [[QUARTERS, Math.floor(at / QUARTER) * QUARTER], [day.zone, day.of(at).from]] as const) {
        put([grain, ALL, from, channel, queue, ''], counted, longest);
        for (const [dim, value] of sides) if (value !== '') put([grain, dim, from, channel, queue, value], counted, longest);
      }
    },
    flush() {
      for (const { key, counts, longest } of rows.values()) {
        const query = CompiledQuery.raw(UPSERT, [...key, ...SUMS.map((name) => counts[name] ?? 0), longest]);
        store.change({ compile: () => query });
      }
      rows = new Map();
    },
    drop: () => void (rows = new Map()),
  };
}
