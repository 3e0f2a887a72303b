import type { Ms } from '../../base/index.js';

/** How long somebody waited in all, and what for. `answered`, or why it left. */
export interface Stay {
  readonly queue: string;
  readonly kind: string;
  readonly priority: number;
  readonly waitedMs: Ms;
  readonly why: string;
  readonly thresholdMs: Ms;
  readonly shortAbandonMs: Ms;
}
/** Definitions: docs/queues.md. Null where nothing was counted. */
export interface Figures {
  readonly contacts: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly short_abandoned: number;
  readonly diverted: number;
  readonly service_level: { readonly by_answered: number | null; readonly by_offered: number | null };
  readonly asa_s: number | null;
  readonly abandoned_share: number | null;
  readonly wait_p50_s: number | null;
  readonly wait_p90_s: number | null;
  readonly longest_wait_s: number;
}

export function figuresOf(stays: readonly Stay[]): Figures {
  const answered = stays.filter((s) => s.why === 'answered');
  const abandoned = stays.filter((s) => s.why === 'abandoned' || s.why === 'failed');
  const short = abandoned.filter((s) => s.waitedMs < s.shortAbandonMs);
  const inTime = answered.filter((s) => s.waitedMs <= s.thresholdMs).length;
  const waits = stays.map((s) => s.waitedMs / 1000).sort((a, b) => a - b);
  return {
    contacts: stays.length, answered: answered.length, abandoned: abandoned.length, short_abandoned: short.length, diverted: stays.length - answered.length - abandoned.length,
    service_level: { by_answered: share(inTime, answered.length), by_offered: share(inTime, stays.length - short.length) },
    asa_s: answered.length === 0 ? null : round(answered.reduce((sum, s) => sum + s.waitedMs, 0) / 1000 / answered.length),
    abandoned_share: share(abandoned.length, stays.length),
    wait_p50_s: at(waits, 0.5), wait_p90_s: at(waits, 0.9), longest_wait_s: round(waits.at(-1) ?? 0),
  };
}

export const round = (n: number): number => Math.round(n * 1e4) / 1e4;
export const share = (part: number, whole: number): number | null => (whole > 0 ? round(part / whole) : null);
export const median = (values: readonly number[]): number | null => at([...values].sort((a, b) => a - b), 0.5);

const at = (sorted: readonly number[], part: number): number | null => {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return value === undefined ? null : round(value);
};

/** How unevenly something is shared out: 0 all alike, 1 one has everything. */
export function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const total = sorted.reduce((sum, v) => sum + v, 0);
  if (total === 0) return 0;
  const weighted = sorted.reduce((sum, v, i) => sum + v * (2 * (i + 1) - sorted.length - 1), 0);
  return round(weighted / (sorted.length * total));
}
