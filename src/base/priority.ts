import { execFile } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** With ten steps less, calls that share two processors with it have gaps in their audio (`npm run bench -- beside`). */
const LOWEST = 19;

/**
 * This thread gives way to those that have calls. Linux counts niceness by thread, and takes 0 for the one that asks; anywhere else it
 * would be the whole process, calls and all, so there nothing is done.
 */
export function givesWay(): void {
  if (process.platform === 'linux') setPriority(0, LOWEST);
}

/**
 * This thread has what nobody else wants (SCHED_IDLE, sched(7)): a processor that only it uses counts as free, so that calls do not queue for the other one. For work that may
 * wait seconds where the processors are full. Node.js cannot say it, so `chrt` does, and where there is none the thread is as nice as can be.
 */
export function takesWhatIsLeft(): void {
  givesWay();
  if (process.platform !== 'linux') return;
  const thread = readlinkSync('/proc/thread-self').split('/').at(-1) ?? '';
  execFile('chrt', ['--idle', '--pid', '0', thread], () => undefined);
}
