import { getPriority, setPriority } from 'node:os';

/** A third of a processor that a call wants at the same time, all of one that nobody wants. More, and reports would starve on a machine that others fill. */
const STEP = 5;
const LOWEST = 19;

/**
 * This thread gives way to those that have calls. Linux counts niceness by thread, and takes 0 for the one that asks; anywhere else it
 * would be the whole process, calls and all, so there nothing is done.
 */
export function givesWay(): void {
  if (process.platform === 'linux') setPriority(0, Math.min(LOWEST, getPriority(0) + STEP));
}
