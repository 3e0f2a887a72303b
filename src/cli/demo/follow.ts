import { setTimeout as pause } from 'node:timers/promises';
import type { DemoClient, TimelineEntry } from './client.js';

/** Tells each new entry of the newest call's timeline as it appears, until the signal; the rest is told then. */
export async function follow(client: DemoClient, signal: AbortSignal, tell: (entry: TimelineEntry) => void): Promise<void> {
  let last = 0;
  for (;;) {
    const over = signal.aborted;
    for (const entry of (await client.newestCall())?.timeline ?? []) {
      if (entry.seq <= last) continue;
      last = entry.seq;
      tell(entry);
    }
    if (over) return;
    await pause(100, undefined, { signal }).catch(() => undefined);
  }
}

/** `call.queued  queue=support position=1` */
export const lineOf = ({ type, data }: TimelineEntry): string =>
  `${type.padEnd(24)} ${Object.entries(data).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ')}`.trimEnd();
