import type { Ms } from '../../base/index.js';
import { parseYaml, sourceOf, type Parsed, type Source, type YamlData } from '../../config/index.js';
import type { Calendar } from '../hours/index.js';
import { knownFaults, staticFaults, type Known, type KnownFaults, type StaticFaults } from './check/index.js';
import type { DialplanFault } from './faults.js';
import { error } from './faults.js';
import { compiling, planned, type CompiledText, type DialplanFile, type ReadText } from './file.js';
import { readInThread, type ReadYaml } from './reader.js';
import { atOnce, type Slices } from './slices.js';

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
  /** What is wrong with a file because of what it refers to: as it was worked out beforehand if nothing is known since, else worked out now. */
  against(file: DialplanFile, known: Known): KnownFaults;
  /** Works texts out beforehand: YAML in a thread beside, the rest in slices. Never rejects: what is hostile stands on the shelf as a fault. */
  ahead(texts: readonly NamedText[]): Promise<void>;
}
/** What files may refer to. */
export interface Surroundings {
  readonly known: Known;
  readonly calendars: ReadonlyMap<string, Calendar>;
}
export interface ShelfOptions {
  readonly read?: ReadYaml;
  /** What texts are checked against beforehand. */
  readonly around?: () => Surroundings;
  /** How long a slice may be. */
  readonly sliceMs?: Ms;
  readonly now?: () => Ms;
}

/** Kept of each file: what serves, what is tried, what came before, what is being written. */
const KEPT = 4;
const SLICE: Ms = 4;

export function createShelf({ read = readInThread, around, sliceMs = SLICE, now = () => performance.now() }: ShelfOptions = {}): Shelf {
  const files = new Map<string, Map<string, Shelved>>();
  const checked = new WeakMap<Source, { readonly known: Known; readonly calendars: string; readonly faults: KnownFaults }>();
  const kept = (source: Source, known: Known, calendars: ReadonlyMap<string, Calendar> | undefined): KnownFaults | undefined => {
    const last = checked.get(source);
    return last?.known === known && last.calendars === namesOf(calendars) ? last.faults : undefined;
  };
  const find = ({ name, text }: NamedText): Shelved | undefined => files.get(name)?.get(text);
  const put = ({ name, text }: NamedText, shelved: Shelved): Shelved => {
    const texts = files.get(name) ?? new Map<string, Shelved>();
    files.set(name, texts);
    texts.delete(text);
    texts.set(text, shelved);
    for (const old of [...texts.keys()].slice(0, -KEPT)) texts.delete(old);
    return shelved;
  };
  const inSlices = async <T>(work: Slices<T>): Promise<T> => {
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
    against: (file, known) => kept(file.source, known, file.plan.calendars) ?? atOnce(knownFaults(file, known)),
    async ahead(texts) {
      for (const one of texts) {
        const shelved = find(one) ?? put(one, await inSlices(understanding(one, named(one.name, await read(one.text)))));
        const { known, calendars } = around?.() ?? {};
        if (!shelved.ok || !known || !calendars || kept(shelved.compiled.source, known, calendars)) continue;
        const faults = await inSlices(knownFaults(planned(shelved.compiled, calendars, known.timeZone), known));
        checked.set(shelved.compiled.source, { known, calendars: namesOf(calendars), faults });
      }
    },
  };
}

/** No more of a calendar than its name can be wrong in a dialplan. */
const namesOf = (calendars: ReadonlyMap<string, Calendar> = new Map()): string => [...calendars.keys()].join('\n');

const named = (file: string, data: Parsed<YamlData>): Parsed<Source> =>
  data.ok ? { ok: true, value: sourceOf(file, data.value) } : { ok: false, faults: data.faults.map((fault) => ({ ...fault, file })) };

function* understanding({ text }: NamedText, parsed: Parsed<Source>): Slices<Shelved> {
  const read: ReadText = yield* compiling(text, parsed);
  if (!read.ok) return read;
  return { ok: true, compiled: read.compiled, faults: yield* staticFaults(planned(read.compiled, new Map(), undefined)) };
}

/** For what cannot be read at all. */
export const unread = (file: string, code: string, message: string, hint: string): DialplanFault => error({ file, line: 0, column: 0, code, message, hint });
