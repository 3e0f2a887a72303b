import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APP_NODE_FLAGS } from '../src/supervisor/index.js';
import type { AcdRun, AcdRunResult } from './apps/acd.js';
import { BenchFailed, ours } from './processes.js';
import { row, shown, withGoal, type Findings, type Row } from './report.js';

const EVENTS = 100_000;
/** Machines are shared: the median of so many runs at 1×. */
const RUNS = 5;
const SCALES = [0.01, 0.1, 1, 3] as const;
const TEXTBOOK_SCALES = [0.01, 0.1] as const;
const REGIMES = ['full', 'calm'] as const;
const PER_SECOND = 100_000;
const P99_US = 200;
const BYTES = 1024;

/** The queue engine alone, on one core, at the size of a very large call centre, and how its cost grows; beside it the textbook's way. */
export async function acd(): Promise<Findings> {
  const rows: Row[] = [];
  const curve: string[] = [];
  for (const regime of REGIMES) {
    const words = regime === 'full' ? 'all busy, 50 000 wait' : 'half idle, nobody waits';
    const costs: string[] = [];
    for (const scale of SCALES) {
      const r = await median(scale === 1 ? RUNS : 1, { what: 'engine', scale, regime, events: EVENTS });
      costs.push(`${String(scale)}×: ${shown(1e6 / r.perCpuSecond)}`);
      if (scale === 1) rows.push(
        withGoal(row(`events, ${words}`, '/s', r.perSecond), '≥ 100 000', (n) => n >= PER_SECOND), withGoal(row(`events by processor time, ${words}`, '/s', r.perCpuSecond), '≥ 100 000', (n) => n >= PER_SECOND),
        row(`an event p50, ${words}`, 'µs', r.p50Us), withGoal(row(`an event p99, ${words}`, 'µs', r.p99Us), '< 200', (n) => n < P99_US),
      );
    }
    rows.push(...await textbookRows(regime));
    curve.push(`µs of processor time an event, ${words} at 1×: ${costs.join(', ')}`);
  }
  const memory = await run({ what: 'memory', scale: 1, regime: 'full', events: 0 }, ['--expose-gc']);
  rows.push(withGoal(row('memory of a waiting contact', 'bytes', memory.bytesPerContact), '< 1024', (n) => n < BYTES));
  return {
    beside: null, generatorLateMs: 0, rows, faults: [],
    notes: [
      ...curve, '1× is 5 000 agents, 300 skills, 500 queues, 50 000 waiting contacts; the rule mix is written at the top of bench/apps/acd-hall.ts',
      'the textbook copies, sorts and scans at each event (src/acd/engine/textbook.fixture.ts); at 1× one event would take minutes',
      'by processor time: events by the processor time of the process, the generator\'s part taken off; wall-clock figures suffer from whatever else runs',
    ],
  };
}

async function textbookRows(regime: AcdRun['regime']): Promise<Row[]> {
  const rows: Row[] = [];
  for (const scale of regime === 'full' ? TEXTBOOK_SCALES : TEXTBOOK_SCALES.slice(0, 1)) {
    const r = await run({ what: 'textbook', scale, regime, events: 2_000 });
    rows.push(row(`the textbook's way at ${String(scale)}×, ${regime}`, '/s', r.perSecond));
  }
  return rows;
}

async function median(runs: number, settings: AcdRun): Promise<AcdRunResult> {
  const all: AcdRunResult[] = [];
  while (all.length < runs) all.push(await run(settings));
  return all.sort((a, b) => a.perCpuSecond - b.perCpuSecond)[runs >> 1] as AcdRunResult;
}

const here = dirname(fileURLToPath(import.meta.url));

/** In a process of its own, so that one run does not heat or fill the other's memory. */
async function run(settings: AcdRun, node: readonly string[] = []): Promise<AcdRunResult> {
  const extra = (process.env['STROWGER_BENCH_NODE'] ?? '').split(' ').filter((word) => word !== '');
  const child = ours(fork(join(here, 'apps', 'acd.js'), [JSON.stringify(settings)], { execArgv: [...APP_NODE_FLAGS, ...node, ...extra], stdio: ['ignore', 2, 2, 'ipc'] }));
  return new Promise((resolve, reject) => {
    child.once('message', (message) => { resolve(message as unknown as AcdRunResult); });
    child.once('exit', (code) => { reject(new BenchFailed(`the acd run ${JSON.stringify(settings)} ended with ${String(code)}`)); });
  });
}
