import { readSettings } from '../config/index.js';
import { startSupervisor } from '../supervisor/index.js';
import type { ExitCode } from './command.js';
import type { Io } from './io.js';
import { readOptions } from './options.js';
import { ownCommand } from './own-command.js';

/** Starts everything and stays until it is told to end. */
export async function start(args: readonly string[], io: Io): Promise<ExitCode> {
  readOptions(args, {}, 'start');
  const settings = readSettings(io.env);
  // Told to end before everything runs: what has been started notices that we are gone.
  const leave = () => process.exit(0);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, leave);
  const supervisor = await startSupervisor(settings, { run: ownCommand(), env: io.env, print: io.out });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.off(signal, leave);
    process.on(signal, () => void supervisor.stop());
  }
  process.on('SIGHUP', () => supervisor.reload());
  const { sip, http } = supervisor;
  io.out(`Strowger: SIP udp+tcp ${sip.host}:${sip.port} (${settings.publicAddress}), HTTP http://${http.host}:${http.port}/docs`);
  await supervisor.ended;
  return 0;
}
