import { StrowgerError } from '../base/index.js';

/** One mistake in a file a person wrote. `line` and `column` count from 1; both are 0 where there is no file. */
export interface ConfigFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

/** `file:line:column message (hint)`, one line a fault, as a compiler prints it. */
export function formatFault(f: ConfigFault): string {
  const where = f.line > 0 ? `${f.file}:${f.line}:${f.column}` : f.file;
  return `${where} ${f.message}${f.hint === undefined ? '' : ` (${f.hint})`}`;
}

/** Everything wrong with a configuration at once, so that it is mended in one go. */
export class ConfigFaults extends StrowgerError {
  readonly code = 'config.faults';
  constructor(readonly faults: readonly ConfigFault[]) {
    super(faults.map(formatFault).join('\n'), { hint: 'mend the lines named; nothing was changed' });
  }
}
