/** A draw in [0, 1). */
export type Random = () => number;

interface Ranked {
  readonly priority: number;
  readonly weight: number;
}

/** Lowest priority first; among equals, a draw by weight, as in RFC 2782: those of weight 0 come last. */
export function byPriorityAndWeight<T>(items: readonly T[], rank: (item: T) => Ranked, random: Random): T[] {
  const groups = new Map<number, T[]>();
  for (const item of items) groups.set(rank(item).priority, [...(groups.get(rank(item).priority) ?? []), item]);
  return [...groups].sort(([a], [b]) => a - b).flatMap(([, group]) => drawAll(group, (item) => rank(item).weight, random));
}

function drawAll<T>(items: readonly T[], weight: (item: T) => number, random: Random): T[] {
  const left = [...items];
  const drawn: T[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, item) => sum + weight(item), 0);
    let at = random() * total;
    const i = total === 0 ? 0 : left.findIndex((item) => (at -= weight(item)) < 0);
    drawn.push(...left.splice(Math.max(0, i), 1));
  }
  return drawn;
}
