import type { Ms } from '../../base/index.js';
import { parseYaml, sourceOf, type Parsed, type Source } from '../../config/index.js';
import { staticFaults, type StaticFaults } from './check/index.js';
import type { DialplanFault } from './faults.js';
import { error } from './faults.js';
import { atOnce, compiling, planned, type CompiledText, type ReadText } from './file.js';
import { readInThread, type ReadYaml } from './reader.js';

/** One text as it was understood, with what is wrong with it whatever else there is. */
export type Shelved = { readonly ok: true; readonly compiled: CompiledText; readonly faults: StaticFaults } | { readonly ok: false; readonly faults: readonly DialplanFault[] };
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Texts that are understood already, so that taking one into service costs the calls in progress next to nothing. */
export interface Shelf {
  /** At once: from the shelf, else worked out now. */
  take(one: NamedText): Shelved;
  /** Works texts out beforehand: YAML in a thread beside, the rest in slices. Never rejects: what is hostile stands on the shelf as a fault. */
  ahead(texts: readonly NamedText[]): Promise<void>;
}
export interface ShelfOptions {
  readonly read?: ReadYaml;
  /** How long a slice may be. */
  readonly sliceMs?: Ms;
  readonly now?: () => Ms;
}

/** Kept of each file: what serves, what is tried, what came before, what is being written. */
const KEPT = 4;
const SLICE: Ms = 4;

export function createShelf({ read = readInThread, sliceMs = SLICE, now = () => performance.now() }: ShelfOptions = {}): Shelf {
  const files = new Map<string, Map<string, Shelved>>();
  const find = ({ name, text }: NamedText): Shelved | undefined => files.get(name)?.get(text);
  const put = ({ name, text }: NamedText, shelved: Shelved): Shelved => {
    const texts = files.get(name) ?? new Map<string, Shelved>();
    files.set(name, texts);
    texts.delete(text);
    texts.set(text, shelved);
    for (const old of [...texts.keys()].slice(0, -KEPT)) texts.delete(old);
    return shelved;
  };
  const inSlices = async <T>(work: Generator<undefined, T>): Promise<T> => {
    for (let until = now() + sliceMs; ; ) {
      const { done, value } = work.next();
      if (done === true) return value;
      if (now() < until) continue;
      await new Promise((resolve) => setImmediate(resolve));
      until = now() + sliceMs;
    }
  };
  return {
    take(one) {
      const known = find(one);
      return known ? put(one, known) : put(one, atOnce(understanding(one, parseYaml(one.name, one.text))));
    },
    async ahead(texts) {
      for (const one of texts.filter((text) => !find(text))) {
        const data = await read(one.text);
        const parsed: Parsed<Source> = data.ok
          ? { ok: true, value: sourceOf(one.name, data.value) }
          : { ok: false, faults: data.faults.map((fault) => ({ ...fault, file: one.name })) };
        put(one, await inSlices(understanding(one, parsed)));
      }
    },
  };
}

function* understanding({ text }: NamedText, parsed: Parsed<Source>): Generator<undefined, Shelved> {
  const read: ReadText = yield* compiling(text, parsed);
  if (!read.ok) return read;
  return { ok: true, compiled: read.compiled, faults: yield* staticFaults(planned(read.compiled, new Map(), undefined)) };
}

/** For what cannot be read at all. */
export const unread = (file: string, code: string, message: string, hint: string): DialplanFault => error({ file, line: 0, column: 0, code, message, hint });
