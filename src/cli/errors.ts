import { StrowgerError } from '../base/index.js';

/** The command line itself is wrong: exit code 2. */
export class WrongUse extends StrowgerError {
  readonly code = 'cli.wrong_use';
}
