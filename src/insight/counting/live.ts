import type { Counts } from '../measures.js';
import { stayCounts, type Policy } from './contact.js';
import { stayReader, type Stay } from './stays.js';
import type { Place } from './sums.js';
import type { Told } from './told.js';

export interface LiveChange {
  readonly place: Omit<Place, 'sides'>;
  readonly counts: Counts;
}

/** What the last of these facts, which are all about one contact, changed in how its stays ended: a bridge that came to nothing takes its answer back. */
export function changeOfStays(facts: readonly Told[], channel: string, policy: Pick<Policy, 'serviceLevel'>): LiveChange[] {
  const stays = stayReader();
  const before = new Map<Stay, Stay['end']>();
  for (const [i, told] of facts.entries()) {
    if (i === facts.length - 1) for (const stay of stays.stays) before.set(stay, stay.end);
    stays.read(told);
  }
  return stays.stays.flatMap((stay) => {
    const { came: at, queue, end } = stay;
    const was = before.get(stay);
    if (was === end) return [];
    const place = { at, channel, queue };
    return [...(was ? [{ place, counts: negative(stayCounts({ queue, end: was }, policy)) }] : []), ...(end ? [{ place, counts: stayCounts({ queue, end }, policy) }] : [])];
  });
}
const negative = (counts: Counts): Counts => Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, -n]));
