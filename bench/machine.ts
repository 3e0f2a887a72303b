import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

export type Machine = {
  readonly cores: number;
  /** Load averages of one minute. */
  readonly loadBefore: number;
  readonly loadAfter: number;
  /** Share of all processors, 0 to 1: taken by the hypervisor, and by processes that are no part of the bench. */
  readonly stealShare: number;
  readonly othersShare: number;
  /** Why the figures speak of the machine rather than of the servers; empty on a quiet one. */
  readonly tooBusy: readonly string[];
};
export type MachineWatch = {
  /** Counts this process and its descendants as ours from now on: a server that somebody else started. */
  readonly adopt: (pid: number) => void;
  readonly end: () => Machine;
};

const LIMITS = { steal: 0.03, others: 0.1 };

type Ticks = { readonly total: number; readonly busy: number; readonly steal: number };
type Entry = { readonly pid: number; readonly parent: number; readonly ticks: number };

export function watchMachine(): MachineWatch {
  const loadBefore = loadavg()[0] ?? 0;
  const before = ticks();
  const roots = new Set([process.pid]);
  let already = ourTicks(roots);
  return {
    adopt(pid) {
      roots.add(pid);
      already += ourTicks(new Set([pid]));
    },
    end() {
      const after = ticks();
      const total = Math.max(1, after.total - before.total);
      const stealShare = (after.steal - before.steal) / total;
      const othersShare = Math.max(0, (after.busy - before.busy - (ourTicks(roots) - already)) / total);
      const cores = cpus().length;
      const percent = (x: number): string => `${(100 * x).toFixed(0)} %`;
      const tooBusy = [
        ...(stealShare > LIMITS.steal ? [`the hypervisor took ${percent(stealShare)} of the processors`] : []),
        ...(othersShare > LIMITS.others ? [`other processes took ${percent(othersShare)} of the processors`] : []),
      ];
      return { cores, loadBefore, loadAfter: loadavg()[0] ?? 0, stealShare, othersShare, tooBusy };
    },
  };
}

function ticks(): Ticks {
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line.split(/\s+/).slice(1).map(Number);
  const busy = user + nice + system + irq + softirq;
  return { busy, steal, total: busy + idle + iowait + steal };
}

/** Of these processes, their descendants, and the children they have waited for. */
function ourTicks(roots: ReadonlySet<number>): number {
  const entries = all();
  const ours = new Set(roots);
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of entries) {
      if (!ours.has(parent) || ours.has(pid)) continue;
      ours.add(pid);
      grown = true;
    }
  }
  return entries.filter(({ pid }) => ours.has(pid)).reduce((sum, entry) => sum + entry.ticks, 0);
}

function all(): Entry[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
      return [{ pid: Number(name), parent: fields[1] ?? 0, ticks: [11, 12, 13, 14].reduce((sum, i) => sum + (fields[i] ?? 0), 0) }];
    } catch {
      return []; // it ended meanwhile
    }
  });
}
