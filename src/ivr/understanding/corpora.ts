import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Corpus, Language } from '../../nlu/index.js';
import { merge, readCorpus, type CorpusFault, type CorpusFile } from './corpus-file.js';

/** Bytes; a corpus of a thousand sentences has 60 000. */
const LARGEST = 5_000_000;

export interface FoundCorpus {
  readonly name: string;
  /** There when no fault refuses the file. */
  readonly file: CorpusFile | undefined;
  readonly faults: readonly CorpusFault[];
}

/** Every `*.yaml` in the folder by name. A folder that is not there holds nothing; one that cannot be read is a fault. */
export function readCorpora(dir: string): FoundCorpus[] {
  if (!existsSync(dir)) return [];
  try {
    return readdirSync(dir).filter((n) => /\.ya?ml$/u.test(n)).sort().map((n) => readOne(join(dir, n)));
  } catch (cause) {
    return [{ name: dir, file: undefined, faults: [unreadable(dir, cause)] }];
  }
}

function readOne(name: string): FoundCorpus {
  let text: string;
  try {
    const { size } = statSync(name);
    if (size > LARGEST) return { name, file: undefined, faults: [fault(name, 'nlu.too_large', `${size} bytes are too many for a corpus`, `at most ${LARGEST}: split the file`)] };
    text = readFileSync(name, 'utf8');
  } catch (cause) {
    return { name, file: undefined, faults: [unreadable(name, cause)] };
  }
  const read = readCorpus(name, text);
  return { name, file: read.ok ? read.file : undefined, faults: read.faults };
}

const fault = (file: string, code: string, message: string, hint: string): CorpusFault => ({ file, line: 0, column: 0, code, message, hint, severity: 'error' });
const unreadable = (file: string, cause: unknown): CorpusFault => fault(file, 'config.unreadable', cause instanceof Error ? cause.message : String(cause), 'check that it is there and may be read');

/** For `dialplan check` and the command line: what the folder holds now, with all its faults. */
export function checkCorpora(dir: string): { readonly corpora: ReadonlyMap<Language, Corpus>; readonly faults: readonly CorpusFault[] } {
  const found = readCorpora(dir);
  const merged = merge(found.flatMap(({ file }) => file ?? []));
  return { corpora: merged.corpora, faults: [...found.flatMap((f) => f.faults), ...merged.faults] };
}
