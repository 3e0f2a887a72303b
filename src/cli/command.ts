import type { Io, Text } from './io.js';

/** What a command says at its end: 0 well, 1 found faults or failed, 2 wrong use. Undefined: it serves on. */
export type ExitCode = 0 | 1 | 2 | undefined;

export interface Command {
  /** As typed: `start`, `dialplan check`. */
  readonly name: string;
  readonly usage: string;
  readonly summary: Text;
  /** Not meant for people; left out of the help. */
  readonly hidden?: true;
  /** Loads the command's code when it is called, so that `strowger edge` does not load everything. */
  readonly load: () => Promise<(args: readonly string[], io: Io) => Promise<ExitCode>>;
}
