import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startStrowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';

/** What looks for customers, conversations, tickets, recordings, and works out reports. */
const READING = 5;

/** SCHED_IDLE in sched.h. */
const IDLE = 5;

/** By thread; fields 19 and 41 of its stat (proc_pid_stat(5)), counted after the name in brackets. */
function threadsOf(pid: number): Map<number, { readonly nice: number; readonly policy: number }> {
  const tasks = `/proc/${String(pid)}/task`;
  return new Map(readdirSync(tasks).map((tid) => {
    const stat = readFileSync(`${tasks}/${tid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [Number(tid), { nice: Number(fields[16]), policy: Number(fields[38]) }] as const;
  }));
}

it.runIf(process.platform === 'linux')('reports and searches give way to calls: their threads alone are nice', async () => {
  const strowger = await startStrowger();
  try {
    // A thread gives way when it begins: whoever has answered has done so.
    for (const path of ['customers?q=wei', 'conversations?q=wei', 'tickets?q=wei', 'recordings?q=wei', 'reports/overview']) expect([path, (await strowger.api(`/v1/${path}`)).status]).toEqual([path, 200]);
    const pid = strowger.pid('app');
    const calls = threadsOf(pid).get(pid)?.nice ?? Number.NaN;
    expect(calls).toBeLessThan(19);
    expect([...threadsOf(pid).values()].filter(({ nice }) => nice !== calls).map(({ nice }) => nice)).toEqual(Array.from({ length: READING }, () => 19));
    await until('reports have what is left', 5_000, () => [...threadsOf(pid).values()].filter(({ policy }) => policy === IDLE).length === 1);
  } finally {
    await strowger.stop();
  }
});
