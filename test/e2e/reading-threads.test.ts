import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startStrowger } from '../kit/strowger.js';

/** What looks for customers, conversations, tickets, recordings, and works out reports. */
const READING = 5;

/** By thread; the 19th field of its stat (proc_pid_stat(5)), counted after the name in brackets. */
function niceOf(pid: number): Map<number, number> {
  const tasks = `/proc/${String(pid)}/task`;
  return new Map(readdirSync(tasks).map((tid) => {
    const stat = readFileSync(`${tasks}/${tid}/stat`, 'utf8');
    return [Number(tid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])] as const;
  }));
}

it.runIf(process.platform === 'linux')('reports and searches give way to calls: their threads alone are nice', async () => {
  const strowger = await startStrowger();
  try {
    // A thread gives way when it begins: whoever has answered has done so.
    for (const path of ['customers?q=wei', 'conversations?q=wei', 'tickets?q=wei', 'recordings?q=wei', 'reports/overview']) expect([path, (await strowger.api(`/v1/${path}`)).status]).toEqual([path, 200]);
    const pid = strowger.pid('app');
    const threads = niceOf(pid);
    const calls = threads.get(pid) ?? Number.NaN;
    expect([...threads.values()].filter((nice) => nice !== calls)).toEqual(Array.from({ length: READING }, () => Math.min(19, calls + 10)));
  } finally {
    await strowger.stop();
  }
});
