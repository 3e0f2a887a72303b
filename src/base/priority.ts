import { getPriority, setPriority } from 'node:os';

/**
 * A tenth of a processor that one other wants at the same time, all of one that nobody wants. Nearer to nothing (19, or SCHED_IDLE), calls on two processors would have fewer pauses still, but on a machine
 * that others fill questions would go unanswered, and a thread that is never let on cannot be ended either: the program would not stop (`docs/benchmarks.md`, calls beside reports and searches).
 */
const STEP = 10;
const LOWEST = 19;

/**
 * This thread gives way to those that have calls. Linux counts niceness by thread, and takes 0 for the one that asks; anywhere else it
 * would be the whole process, calls and all, so there nothing is done.
 */
export function givesWay(): void {
  if (process.platform === 'linux') setPriority(0, Math.min(LOWEST, getPriority(0) + STEP));
}
