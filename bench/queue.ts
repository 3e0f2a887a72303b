import { within } from '../test/kit/wait.js';
import type { QueueRun, QueueRunResult } from './apps/queue.js';
import { embedded } from './api.js';
import { application } from './processes.js';
import { row, withGoal, type Findings, type Row } from './report.js';
import { percentile } from '../test/kit/percentile.js';
import { wireQueue } from './wire-queue.js';
import { QUEUE } from './yardsticks.js';

const AGENTS = 100;
const CALM: QueueRun = { agents: AGENTS, perSecond: 50, talkMs: 1000, seconds: 8 };
/** More callers than 100 agents can take: everybody waits, every offer follows an agent who became free. */
const FULL: QueueRun = { agents: AGENTS, perSecond: 480, talkMs: 250, seconds: 8 };

/** On the wire: a rate that is borne, for the CPU of a call, and where the search for the highest begins and ends. */
const WIRE = { fixed: [30], from: 40, atMost: 300, talkMs: 100 };

/**
 * The queue room with its facts and agents on disk, a carrier that answers at once, no SIP and no media; then the whole
 * product with SIPp on both sides.
 */
export async function queue(): Promise<Findings> {
  const calm = await run(CALM);
  const full = await run(FULL);
  return {
    beside: null, generatorLateMs: Math.max(calm.lateMs, full.lateMs),
    faults: [calm, full].flatMap(({ wrong }) => wrong),
    rows: [
      row('possible → offer p50, 50 calls/s of 1 s', 'ms', percentile(calm.offerMs, 50), null, QUEUE.offerP50),
      row('possible → offer p99', 'ms', percentile(calm.offerMs, 99), null, QUEUE.offerP99),
      row('free agent → offer p50, all agents busy', 'ms', percentile(full.offerMs, 50), null, QUEUE.offerP50),
      row('free agent → offer p99, all agents busy', 'ms', percentile(full.offerMs, 99), null, QUEUE.offerP99),
      row('calls handed out, all agents busy', '/s', full.connected / FULL.seconds, null, QUEUE.callsPerSecond),
      row('CPU of a call, 50 calls/s', 'ms', (calm.cpuSeconds * 1000) / calm.connected, null, QUEUE.cpuMs),
      row('CPU of a call, all agents busy', 'ms', (full.cpuSeconds * 1000) / full.connected, null, QUEUE.cpuMs),
      ...(await onTheWire()),
    ],
    notes: ['on the wire: trunk → queue → agent by SIP, 100 agents, talk of 0.1 s, no RTP from the phones, no recording; a rate is borne when every call was answered and ended and at most half a second\'s callers waited at its end', 'possible: the later of caller waiting and agent free, as the queue was told; facts and agent states go to SQLite', 'the yardstick includes the channels that mod_callcenter cannot do without'],
  };
}

async function onTheWire(): Promise<Row[]> {
  const { knee, steps } = await embedded(() => wireQueue(WIRE));
  const calm = steps[0];
  return [
    withGoal(row('on the wire: highest rate borne', '/s', knee, null, QUEUE.shortCallsPerSecond), '≥ 50', (ours) => ours >= 50),
    row(`on the wire: CPU of a call, all processes, ${String(calm?.perSecond)}/s`, 'ms', calm?.cpuMs ?? null, null, QUEUE.shortCpuMs),
    ...(['edge', 'media', 'app'] as const).map((role) => row(`  of that ${role}`, 'ms', calm?.cpuOf[role] ?? null)),
  ];
}

async function run(settings: QueueRun): Promise<QueueRunResult> {
  let done: (result: QueueRunResult) => void = () => undefined;
  const result = new Promise<QueueRunResult>((resolve) => { done = resolve; });
  const app = await application('queue', settings, (message) => {
    if (typeof message === 'object' && message !== null) done(message as QueueRunResult);
  });
  try {
    return await within(settings.seconds * 1000 + 30_000, 'the queue to work off its calls', result);
  } finally {
    await app.stop();
  }
}
