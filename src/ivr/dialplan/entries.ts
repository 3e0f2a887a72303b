import { comparePatterns, matches } from '../../config/index.js';
import type { Language } from '../../speech/tts/index.js';
import { isOpen } from '../hours/index.js';
import type { Plan } from '../machine/index.js';
import type { EntryParams, FileParams } from './schema.js';

/** What is known of a call when it comes. */
export interface Arrival {
  readonly number: string;
  readonly from?: string | undefined;
  readonly trunk?: string | undefined;
  readonly language?: Language | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Ms since 1970. */
  readonly atMs?: number | undefined;
}

export interface Entry {
  /** A number or a pattern of the number plan. */
  readonly number: string;
  readonly flow: string;
  readonly plan: Plan;
  /** Number and conditions as text: two entries with the same would compete. */
  readonly key: string;
  /** How many conditions there are besides the number: the more, the more is meant. */
  readonly conditions: number;
  readonly fits: (arrival: Arrival) => boolean;
}

export const entriesOf = (plan: Plan, { entries }: Pick<FileParams, 'entries'>): Entry[] => entries.map((written): Entry => {
  const { number, flow, ...conditions } = written;
  const given = Object.entries(conditions).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return { number, flow, plan, key: JSON.stringify([number, given]), conditions: given.length, fits: (arrival) => matches(number, arrival.number) && fits(plan, conditions, arrival) };
});

function fits(plan: Plan, want: Omit<EntryParams, 'number' | 'flow'>, { from, trunk, language, tags = [], atMs }: Arrival): boolean {
  const open = (name: string): boolean | undefined => {
    const calendar = plan.calendars?.get(name);
    return calendar && atMs !== undefined ? isOpen(calendar, atMs, plan.timeZone).open : undefined;
  };
  return (
    (want.caller === undefined || (from !== undefined && [want.caller].flat().some((pattern) => matches(pattern, from)))) &&
    (want.trunk === undefined || (trunk !== undefined && [want.trunk].flat().includes(trunk))) &&
    (want.language === undefined || want.language === language) &&
    (want.tags === undefined || [want.tags].flat().every((tag) => tags.includes(tag))) &&
    (want.hours === undefined || open(want.hours) === true) &&
    (want.closed === undefined || open(want.closed) === false)
  );
}

/** The entry that is most exactly meant: by its number, then by its conditions, then the first. */
export function bestEntry(entries: readonly Entry[], arrival: Arrival): Entry | undefined {
  let best: Entry | undefined;
  for (const entry of entries) {
    if (!entry.fits(arrival)) continue;
    if (!best) best = entry;
    else {
      const closer = comparePatterns(entry.number, best.number) || best.conditions - entry.conditions;
      if (closer < 0) best = entry;
    }
  }
  return best;
}
