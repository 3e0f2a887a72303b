/** Edits (insert, delete, replace, swap of neighbours) from one word to another. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(i - 2, j - 2) + 1);
      (rows[i] ?? []).push(best);
    }
  }
  return at(a.length, b.length);
}

/** The known word somebody most likely meant, or undefined when none is close (more than half its letters differ). */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: { word: string; cost: number } | undefined;
  for (const candidate of known) {
    const cost = distance(word.toLowerCase(), candidate.toLowerCase());
    if (cost * 2 <= Math.max(candidate.length, word.length) && (!best || cost < best.cost)) best = { word: candidate, cost };
  }
  return best?.word ?? [...known].find((candidate) => word.length > 1 && candidate.toLowerCase().startsWith(word.toLowerCase()));
}
