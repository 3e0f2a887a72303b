import { within } from '../test/kit/wait.js';
import type { QueueRun, QueueRunResult } from './apps/queue.js';
import { application } from './processes.js';
import { row, type Findings } from './report.js';
import { percentile } from '../test/kit/percentile.js';
import { QUEUE } from './yardsticks.js';

const AGENTS = 100;
const CALM: QueueRun = { agents: AGENTS, perSecond: 50, talkMs: 1000, seconds: 8 };
/** More callers than 100 agents can take: everybody waits, every offer follows an agent who became free. */
const FULL: QueueRun = { agents: AGENTS, perSecond: 480, talkMs: 250, seconds: 8 };

/** The queue room with its facts and agents on disk, a carrier that answers at once, no SIP and no media. */
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
    ],
    notes: ['possible: the later of caller waiting and agent free, as the queue was told; facts and agent states go to SQLite', 'the yardstick includes the channels that mod_callcenter cannot do without'],
  };
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
