import { median, row, withGoal, type Row } from './report.js';
import type { Operation } from './scenarios.js';
import type { Highest } from './search.js';
import { SIGNALLING } from './yardsticks.js';

export type Task = { readonly key: 'invite' | 'invite_tcp' | 'options' | 'register'; readonly operation: Operation; readonly transport: 'udp' | 'tcp'; readonly perSecond: number };
export const TASKS: readonly Task[] = [
  { key: 'invite', operation: 'invite', transport: 'udp', perSecond: 400 },
  { key: 'invite_tcp', operation: 'invite', transport: 'tcp', perSecond: 400 },
  { key: 'options', operation: 'options', transport: 'udp', perSecond: 800 },
  { key: 'register', operation: 'register', transport: 'udp', perSecond: 800 },
];
/** One measurement at a fixed rate: times in ms, CPU seconds per 1 000, null where the process cannot be seen. */
export type Fixed = { readonly p50: number; readonly p99: number; readonly server: number | null; readonly app: number };
export type Figures = {
  readonly fixed: ReadonlyMap<Task['key'], readonly Fixed[]>;
  readonly highest: ReadonlyMap<Task['key'], Highest>;
  readonly memoryBeforeSearchMb: number | null;
  readonly memoryMb: number | null;
};

const middle = (all: readonly Fixed[] | undefined, pick: (f: Fixed) => number | null): number | null =>
  median((all ?? []).map(pick).filter((x) => x !== null));

const NAMES: Readonly<Record<Task['key'], string>> = { invite: 'INVITE–BYE', invite_tcp: 'INVITE–BYE, TCP', options: 'OPTIONS', register: 'REGISTER' };
/** The goal of this first form: CPU within so many times drachtio-server's. */
const CPU_FACTOR = 2;

export function signallingRows(ours: Figures, real: Figures | undefined): Row[] {
  const rows = TASKS.flatMap(({ key }): Row[] => {
    const name = NAMES[key];
    const stick = SIGNALLING[key];
    const [mine, theirs] = [ours.fixed.get(key), real?.fixed.get(key)];
    const highest = ours.highest.get(key);
    const theirCpu = middle(theirs, (f) => f.server);
    const server = row(`${name}: CPU, server`, 's/1000', middle(mine, (f) => f.server), theirCpu, stick.server);
    return [
      ...(highest === undefined ? [] : [row(`${name}: highest clean rate${highest.held ? ' (or more)' : ''}`, '/s', highest.perSecond, real?.highest.get(key)?.perSecond ?? null, stick.rate)]),
      row(`${name}: p50`, 'ms', middle(mine, (f) => f.p50), middle(theirs, (f) => f.p50), stick.p50),
      row(`${name}: p99`, 'ms', middle(mine, (f) => f.p99), middle(theirs, (f) => f.p99), stick.p99),
      key.startsWith('invite') ? withGoal(server, `≤ ${String(CPU_FACTOR)}× drachtio-server`, (cpu) => cpu <= CPU_FACTOR * (theirCpu ?? stick.server.value)) : server,
      row(`${name}: CPU, application`, 's/1000', middle(mine, (f) => f.app), middle(theirs, (f) => f.app), stick.app),
    ];
  });
  return [
    ...rows,
    row('memory after the fixed rates', 'MB', ours.memoryBeforeSearchMb, real?.memoryBeforeSearchMb ?? null),
    row('memory after the search', 'MB', ours.memoryMb, real?.memoryMb ?? null, SIGNALLING.memoryMb),
  ];
}
