import { cpuSeconds, memoryMb } from '../test/kit/processes.js';
import { freePort } from '../test/kit/ports.js';
import { ourEdge, realEdge, type SipEdge } from './edges.js';
import type { MachineWatch } from './machine.js';
import { probe } from './probe.js';
import { application, type Running } from './processes.js';
import { percentile } from '../test/kit/percentile.js';
import type { Findings } from './report.js';
import { highestClean, type Highest } from './search.js';
import { signallingRows, TASKS, type Figures, type Fixed, type Task } from './signalling-rows.js';
import { sipp } from './sipp.js';

/** The searches share what the fixed rates leave of this. */
const BUDGET_MS = 150_000;
const ROUNDS = 3;
const ROUND_S = 2;
const PROBES_PER_SECOND = 100;
const STEP_S = 2;
const SEARCHES = {
  invite: { from: 500, factor: 1.5, bisections: 2 },
  options: { from: 1200, factor: 1.7, bisections: 1 },
  register: { from: 1200, factor: 1.7, bisections: 1 },
} as const;
/** Share of calls that may have needed a retransmission: a socket buffer that overflowed once while others had the processor. */
const RETRANSMITTED = 0.002;
/** SIPp itself fills a core beyond this. */
const AT_MOST = 8000;

type Target = { readonly edge: SipEdge; readonly app: Running; readonly port: number };

/** The embedded edge, and drachtio-server where there is one, each alone with the same application; SIPp is the load. */
export async function signalling(machine: MachineWatch): Promise<Findings> {
  const end = performance.now() + BUDGET_MS;
  const [faults, theirs]: [string[], string[]] = [[], []];
  const late: number[] = [];
  const open: { readonly stop: () => Promise<void> }[] = [];
  try {
    const edges = [await ourEdge(), await realEdge()].filter((edge) => edge !== undefined);
    open.push(...edges);
    const targets: Target[] = [];
    for (const edge of edges) {
      if (edge.pid !== undefined) machine.adopt(edge.pid);
      const app = await application('signalling', edge.control);
      open.unshift(app);
      targets.push({ edge, app, port: await freePort() });
    }
    const fixed = targets.map(() => new Map(TASKS.map((task) => [task.key, [] as Fixed[]])));
    for (const { edge, port } of targets) for (const { operation, transport } of TASKS) await sipp({ target: edge.sip, operation, transport, port, perSecond: 60, calls: 60 });
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const task of TASKS) {
        for (const [i, target] of targets.entries()) fixed[i]?.get(task.key)?.push(await atFixedRate(target, task, i === 0 ? faults : theirs, late));
      }
    }
    const figures: Figures[] = [];
    for (const [i, target] of targets.entries()) {
      const memoryBeforeSearchMb = memory(target.edge.pid);
      const highest = await searches(target, (end - performance.now()) / (targets.length - i));
      figures.push({ fixed: fixed[i] ?? new Map(), highest, memoryBeforeSearchMb, memoryMb: memory(target.edge.pid) });
    }
    const [ours, real] = figures;
    return {
      beside: edges[1]?.name ?? null, generatorLateMs: Math.max(0, ...late), faults, rows: ours === undefined ? [] : signallingRows(ours, real), notes: [...notes(edges.length > 1), ...theirs],
    };
  } finally {
    for (const one of open) await one.stop();
  }
}

const memory = (pid: number | undefined): number | null => (pid === undefined ? null : memoryMb(pid));

async function atFixedRate({ edge, app, port }: Target, task: Task, faults: string[], late: number[]): Promise<Fixed> {
  const { operation, transport, perSecond } = task;
  const before = { server: edge.pid === undefined ? null : cpuSeconds(edge.pid), app: cpuSeconds(app.pid) };
  const [load, probed] = await Promise.all([
    sipp({ target: edge.sip, operation, transport, port, perSecond, calls: perSecond * ROUND_S }),
    probe(edge.sip, operation, transport, PROBES_PER_SECOND, PROBES_PER_SECOND * ROUND_S),
  ]);
  const thousands = (load.succeeded + probed.ms.length) / 1000;
  if (load.failed + probed.unanswered > 0) faults.push(`${edge.name}: ${String(load.failed)} ${task.key} failed and ${String(probed.unanswered)} probes stayed unanswered at ${String(perSecond)}/s`);
  late.push(probed.lateMs);
  return {
    p50: percentile(probed.ms, 50), p99: percentile(probed.ms, 99), app: (cpuSeconds(app.pid) - before.app) / thousands,
    server: edge.pid === undefined || before.server === null ? null : (cpuSeconds(edge.pid) - before.server) / thousands,
  };
}

async function searches({ edge, port }: Target, withinMs: number): Promise<Map<Task['key'], Highest>> {
  const end = performance.now() + withinMs;
  const found = new Map<Task['key'], Highest>();
  const order = ['options', 'register', 'invite'] as const;
  for (const [i, operation] of order.entries()) {
    const enough = performance.now() + (end - performance.now()) / (order.length - i);
    const ask = (perSecond: number, seconds: number) => sipp({ target: edge.sip, operation, transport: 'udp', port, perSecond, calls: perSecond * seconds });
    const recover = async (): Promise<void> => {
      for (let tries = 0; tries < 3 && performance.now() < enough; tries += 1) {
        const { failed, retransmissions } = await ask(20, 1);
        if (failed + retransmissions === 0) return;
      }
    };
    found.set(operation, await highestClean({
      ...SEARCHES[operation], atMost: AT_MOST, withinMs: enough - performance.now(),
      clean: async (perSecond) => {
        // One hiccup of the machine is no limit of the server: a step counts as too much when it fails twice.
        const borne = async (): Promise<boolean> => {
          const { failed, retransmissions, perSecond: reached } = await ask(perSecond, STEP_S);
          return failed === 0 && retransmissions <= RETRANSMITTED * perSecond * STEP_S && reached > 0.8 * perSecond;
        };
        if (await borne()) return true;
        await recover();
        return performance.now() < enough && borne();
      },
      recover,
    }));
  }
  return found;
}

const notes = (compared: boolean): string[] => [
  `times are of ${String(PROBES_PER_SECOND)} probes/s beside SIPp's load, median of ${String(ROUNDS)} rounds of ${String(ROUND_S)} s; rates: ${TASKS.map((t) => `${t.key} ${String(t.perSecond)}/s`).join(', ')}`,
  `highest clean rate: ${String(STEP_S)} s without a failed call and with at most ${String(RETRANSMITTED * 100)} % retransmitted, at the second try if not at the first; SIPp and the application on the same processors`,
  ...(compared ? [] : ['no drachtio-server to compare with: STROWGER_DRACHTIO=host:port:secret and STROWGER_SIP_PORT, or a drachtio binary in PATH']),
];
