import { ConfigFaults, formatFault, readSettings } from '../config/index.js';
import { StrowgerError } from '../base/index.js';
import { compose, type Application } from './compose.js';

/**
 * `strowger app`: the application alone, told by the environment where its SIP server and media servers are. Prints
 * READY once it serves HTTP, then what people must read once. Ends with 0 after a drain, with 1 where it cannot start.
 */
export async function appMain(): Promise<void> {
  let app: Application;
  try {
    const settings = readSettings(process.env);
    app = await compose(settings, process.env);
  } catch (error) {
    for (const line of complaints(error)) process.stderr.write(`${line}\n`);
    process.exit(1); // lines to the servers may be up already, and would keep us here
  }
  // drachtio-fsmrf leaves promises behind that nobody can hold: when a media server cannot reach us, it says BYE in a
  // dialog that is gone (drachtio-fsmrf issue #73). One such rejection must not take every call along.
  process.on('unhandledRejection', (error) => app.complain(error, 'a promise was rejected that nobody held'));
  process.stdout.write('READY\n');
  for (const line of app.greeting) process.stdout.write(`${line}\n`);
  process.on('message', (message) => app.received(message));
  process.on('disconnect', () => process.exit(0)); // the supervisor died; whoever restarts it starts us anew
  let asked = 0;
  const stop = (): void => {
    asked += 1;
    void app.stop(asked === 1 ? 'drain' : 'now').then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => app.reload());
}

/** What a person can act on; anything else is a fault of ours and shows its stack. */
function complaints(error: unknown): string[] {
  if (error instanceof ConfigFaults) return error.faults.map(formatFault);
  if (error instanceof StrowgerError) return [`strowger: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`];
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}
