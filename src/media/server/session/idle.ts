import { cpus } from 'node:os';

let before = totals();

function totals(): { readonly idle: number; readonly all: number } {
  let idle = 0;
  let all = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
}

/** Idle share of all CPUs in percent since the last call. */
export function idleCpu(): number {
  const now = totals();
  const spent = now.all - before.all;
  const share = spent > 0 ? ((now.idle - before.idle) / spent) * 100 : 100;
  before = now;
  return share;
}
