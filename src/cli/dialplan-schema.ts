import { dialplanJsonSchema } from '../ivr/index.js';
import type { ExitCode } from './command.js';
import type { Io } from './io.js';
import { readOptions } from './options.js';

/** Prints the JSON Schema of dialplan files, for editors. */
export async function dialplanSchema(args: readonly string[], io: Io): Promise<ExitCode> {
  readOptions(args, { json: 'flag' }, 'dialplan schema');
  io.out(JSON.stringify(dialplanJsonSchema(), null, 2));
  return Promise.resolve(0);
}
