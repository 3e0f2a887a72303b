import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkFile, type Known } from './check.js';
import { error, type DialplanFault } from './faults.js';
import { parseDialplan, type DialplanFile } from './file.js';

/** Nobody writes this by hand; what is larger is a mistake or an attack. Bytes. */
const LARGEST = 1_000_000;

/** One file as it was found: `file` is there when no fault refuses it. */
export interface FoundFile {
  readonly name: string;
  readonly file: DialplanFile | undefined;
  readonly faults: readonly DialplanFault[];
}

/** Reads and checks every `*.yaml` directly in the folder, in the order of their names. A folder that cannot be read is a fault. */
export function readFolder(dir: string, known: Known): FoundFile[] {
  let names: string[];
  try {
    names = readdirSync(dir).filter((n) => /\.ya?ml$/.test(n)).sort();
  } catch (cause) {
    return [{ name: dir, file: undefined, faults: [unreadable(dir, cause)] }];
  }
  const taken = new Map<string, string>();
  return names.map((name) => takeEntries(readOne(join(dir, name), known), taken));
}

function readOne(name: string, known: Known): FoundFile {
  let text: string;
  try {
    const { size } = statSync(name);
    if (size > LARGEST)
      return { name, file: undefined, faults: [fault(name, 'dialplan.too_large', `${size} bytes are too many for a dialplan`, `at most ${LARGEST}: split the file`)] };
    text = readFileSync(name, 'utf8');
  } catch (cause) {
    return { name, file: undefined, faults: [unreadable(name, cause)] };
  }
  const parsed = parseDialplan(name, text);
  if (!parsed.ok) return { name, file: undefined, faults: parsed.faults };
  const faults = checkFile(parsed.file, known);
  return { name, file: refuses(faults) ? undefined : parsed.file, faults };
}

/** A number belongs to the first file that enters it. */
function takeEntries(found: FoundFile, taken: Map<string, string>): FoundFile {
  const { file } = found;
  if (!file) return found;
  const faults = file.entries.flatMap(({ number: pattern }, i) => {
    const other = taken.get(pattern);
    return other === undefined ? [] : [error(file.source.fault(['entries', i, 'number'], 'dialplan.duplicate_entry', `"${pattern}" is entered in ${other} already`, 'keep one of them'))];
  });
  if (faults.length > 0) return { ...found, file: undefined, faults: [...found.faults, ...faults] };
  for (const { number } of file.entries) taken.set(number, found.name);
  return found;
}

export const refuses = (faults: readonly DialplanFault[]): boolean => faults.some((f) => f.severity === 'error');

const fault = (file: string, code: string, message: string, hint: string): DialplanFault => error({ file, line: 0, column: 0, code, message, hint });
const unreadable = (file: string, cause: unknown): DialplanFault =>
  fault(file, 'config.unreadable', cause instanceof Error ? cause.message : String(cause), 'check that it is there and may be read');
