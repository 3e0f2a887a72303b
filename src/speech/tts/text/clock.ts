/** A date or a time of day as it was written; what no calendar or clock shows is none. */
export interface Day {
  readonly year: number | undefined;
  readonly month: number;
  readonly day: number;
}
export interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly second: number | undefined;
  /** Whether the half of the day is beyond doubt: 15:30, 09:30, 3:30 PM; not 3:30. */
  readonly sure: boolean;
}

const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function dayOf(year: string | undefined, month: string, day: string): Day | undefined {
  const [y, m, d] = [year === undefined ? undefined : Number(year), Number(month), Number(day)];
  const leap = y === undefined || (y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0));
  if (d < 1 || d > (m === 2 && !leap ? 28 : (LENGTHS[m - 1] ?? 0))) return undefined;
  return { year: y, month: m, day: d };
}

/** `15`, `30`, and AM or PM where it was written. 24:00 is midnight. */
export function clockOf(hour: string, minute: string, second?: string, half?: string): Clock | undefined {
  const written = Number(hour);
  const [m, s] = [Number(minute), second === undefined ? undefined : Number(second)];
  if (m > 59 || (s ?? 0) > 59 || written > 24 || (written === 24 && m > 0)) return undefined;
  if (half === undefined) return { hour: written % 24, minute: m, second: s, sure: written > 12 || hour.startsWith('0') };
  if (written < 1 || written > 12) return undefined;
  return { hour: (written % 12) + (/^p/i.test(half) ? 12 : 0), minute: m, second: s, sure: true };
}
