import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino, type Logger } from 'pino';
import { StrowgerError } from '../../base/index.js';
import { WrongUse } from './errors.js';
import { parseOptions, USAGE, type MediaOptions } from './options.js';
import { startMediaServer, type MediaServer } from './server.js';

export { WrongUse } from './errors.js';
export { parseOptions, type MediaOptions } from './options.js';
export { startMediaServer, type MediaGauges, type MediaServer } from './server.js';

const GAUGES_EVERY_MS = 500;

/**
 * `strowger media …`: runs until SIGTERM, SIGINT or the end of its IPC channel. `READY` is the first line on stdout, once
 * applications can connect. Sets exit code 2 for wrong use, 1 when an address cannot be had.
 */
export async function mediaMain(argv: readonly string[]): Promise<void> {
  const options = read(argv);
  if (!options) return;
  const log = pino({ name: 'media', level: process.env['STROWGER_LOG_LEVEL'] ?? 'info' }, pino.destination({ fd: 2, sync: false }));
  let media: MediaServer;
  try {
    media = await startMediaServer(options, log);
  } catch (error) {
    const hint = error instanceof StrowgerError && error.hint !== undefined ? `\n  → ${error.hint}` : '';
    process.stderr.write(`strowger media: ${error instanceof Error ? error.message : String(error)}${hint}\n`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write('READY\n');
  log.info({ esl: media.eslPort, sip: media.sipAddress }, 'media server is up');
  const stopReporting = reportGauges(media);
  await untilTold();
  stopReporting();
  await media.close();
  finish(log);
}

function read(argv: readonly string[]): MediaOptions | undefined {
  try {
    return parseOptions(argv);
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    process.stderr.write(`strowger media: ${error.message}\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** Gauges to the supervisor, when one is there and something changed. */
function reportGauges(media: MediaServer): () => void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  let last = '';
  const timer = setInterval(() => {
    const now = media.gauges();
    const late = Math.max(0, Math.round(delay.max / 1e6) - 10) / 1000;
    delay.reset();
    const gauges = {
      strowger_media_endpoints: now.endpoints,
      strowger_rtp_ports_in_use: now.rtpPortsInUse,
      strowger_dialogs: now.dialogs,
      strowger_transactions: now.transactions,
      strowger_timers: now.timers,
      strowger_event_loop_delay_seconds: late,
    };
    const text = JSON.stringify(gauges);
    if (text === last || process.send === undefined || !process.connected) return;
    last = text;
    process.send({ type: 'stats', gauges });
  }, GAUGES_EVERY_MS);
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}

const untilTold = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
    // A child whose supervisor is gone must not keep its ports.
    if (process.send !== undefined) process.once('disconnect', resolve);
  });

function finish(log: Logger): void {
  log.info('media server is down');
  log.flush();
  if (process.connected) process.disconnect();
}
