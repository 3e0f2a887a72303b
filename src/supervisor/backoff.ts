import type { Ms } from '../base/index.js';

/** A process that lived this long had settled: its death starts a new count. */
const SETTLED_MS: Ms = 10_000;
/** The first two deaths are mended at once; after that the pauses grow and stay bounded. */
const PAUSES_MS: readonly Ms[] = [0, 0, 250, 500, 1_000, 2_000];
const LONGEST_MS: Ms = 5_000;

/** Deaths in a row without a settled life between them. */
export type Deaths = { readonly inARow: number };
export const noDeaths: Deaths = { inARow: 0 };

/** How long to wait before the next start of a process that has just died after `livedMs`. */
export function afterDeath(before: Deaths, livedMs: Ms): readonly [Deaths, pauseMs: Ms] {
  const inARow = livedMs >= SETTLED_MS ? 0 : before.inARow;
  return [{ inARow: inARow + 1 }, PAUSES_MS[inARow] ?? LONGEST_MS];
}
