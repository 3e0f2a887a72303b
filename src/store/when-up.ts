import type { Worker } from 'node:worker_threads';

const cold: (() => Worker | undefined)[] = [];

/** For threads that are better there before they are asked, and must not hold up a start: callers whose application died are waiting for that. */
export const whenUp = (start: () => Worker | undefined): void => void cold.push(start);

/** The application is up. One after the other: the next begins when the last one runs, so that calls never share the processor with several. */
export function isUp(): void {
  for (let start = cold.shift(); start; start = cold.shift()) {
    const thread = start();
    if (!thread) continue;
    thread.once('online', isUp).once('error', isUp);
    return;
  }
}
