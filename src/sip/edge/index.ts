import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseEdgeArgs, USAGE, type EdgeArgs } from './args.js';
import { createEdge, type Edge, type Gauges } from './edge.js';
import { EdgeUsage } from './errors.js';
import { createLog, type Log } from './log.js';

export { createEdge, defaultPatience, type Edge, type EdgeOptions, type Gauges } from './edge.js';
export { EdgeUsage } from './errors.js';

const GAUGES_EVERY_MS = 500;
/** What the loop's clock always shows, late or not. */
const LOOP_RESOLUTION_MS = 20;
/** How long open connections may take to close at our end. */
const CLOSE_MS = 1_000;

/**
 * `strowger edge …`: runs until SIGTERM, SIGINT or the end of its IPC channel. `READY` on stdout once applications and
 * phones can connect. Sets exit code 2 for wrong use, 1 when an address cannot be had.
 */
export async function edgeMain(argv: readonly string[]): Promise<void> {
  const args = read(argv);
  if (args === undefined) return;
  const log = createLog();
  let edge: Edge;
  try {
    edge = await createEdge({ ...args, log });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`strowger edge: ${text}\n`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write('READY\n');
  log.info({ control: edge.controlPort, sip: edge.listeners() }, 'edge is up');
  const stopReporting = reportGauges(() => edge.gauges());
  await untilTold();
  stopReporting();
  await Promise.race([edge.close(), delay(CLOSE_MS)]);
  finish(log);
}

function read(argv: readonly string[]): EdgeArgs | undefined {
  try {
    return parseEdgeArgs(argv);
  } catch (error) {
    if (!(error instanceof EdgeUsage)) throw error;
    process.stderr.write(`strowger edge: ${error.message}\n${error.hint ?? USAGE}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

/** Gauges to the supervisor, when one is there and something changed. */
function reportGauges(gauges: () => Gauges): () => void {
  let last = '';
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  const timer = setInterval(() => {
    const late = Math.max(0, Math.round(loop.max / 1e6) - LOOP_RESOLUTION_MS) / 1000;
    loop.reset();
    const now = { ...gauges(), strowger_event_loop_delay_seconds: late };
    const text = JSON.stringify(now);
    if (text === last || process.send === undefined || !process.connected) return;
    last = text;
    process.send({ type: 'stats', gauges: now });
  }, GAUGES_EVERY_MS);
  return () => {
    clearInterval(timer);
    loop.disable();
  };
}

const untilTold = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
    // A child whose supervisor is gone must not keep its ports.
    if (process.send !== undefined) process.once('disconnect', resolve);
  });

function finish(log: Log): void {
  log.info('edge is down');
  log.flush();
  process.exit(); // a peer that holds its connection open must not hold our ports
}
