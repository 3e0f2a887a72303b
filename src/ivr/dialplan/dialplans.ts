import { existsSync, watch } from 'node:fs';
import type { Ms } from '../../base/index.js';
import { bestMatch } from '../../config/index.js';
import type { Spoken } from '../../speech/tts/index.js';
import { APOLOGY, NOBODY, spoken } from '../machine/index.js';
import type { Known } from './check.js';
import type { DialplanFault } from './faults.js';
import type { DialplanFile, Entry } from './file.js';
import { readFolder } from './folder.js';

export interface Dialplans {
  /** The flow for a dialled number. Its plan stays as it is, whatever is loaded later. */
  find(number: string): Entry | undefined;
  /** Numbers and patterns that lead to a flow. */
  entries(): readonly string[];
  /** Everything that any flow may say: what to render before somebody calls. */
  prompts(): Spoken[];
  /** Faults of the files as they were last read, refused or not. */
  faults(): readonly DialplanFault[];
  /** Reads the folder again. A refused file leaves its last good version in place; a removed file goes. */
  reload(known?: Known): readonly DialplanFault[];
  close(): void;
}
export interface DialplansOptions {
  readonly dir: string;
  readonly known: Known;
  /** After each reading: `refused` names files whose last good version (if any) stays. */
  readonly onLoaded?: (loaded: { readonly files: readonly string[]; readonly refused: readonly string[]; readonly faults: readonly DialplanFault[] }) => void;
  /** Reload by itself when a file changes. */
  readonly watch?: boolean;
}

/** An editor writes a file in several steps; wait for the last. */
const SETTLE: Ms = 150;

/** Every fault in the dialplans of a folder, for `dialplan check`. */
export const checkDialplans = (dir: string, known: Known): readonly DialplanFault[] => readFolder(dir, known).flatMap((f) => f.faults);

/** The dialplans of a folder. Faulty files are reported, not thrown: the others serve. */
export function loadDialplans({ dir, known: knownAtFirst, onLoaded, watch: watching = false }: DialplansOptions): Dialplans {
  let known = knownAtFirst;
  let good: ReadonlyMap<string, DialplanFile> = new Map();
  let entries: readonly Entry[] = [];
  let faults: readonly DialplanFault[] = [];

  const reload = (changed: Known = known): readonly DialplanFault[] => {
    known = changed;
    const found = readFolder(dir, known);
    // A folder that cannot be read takes nothing away.
    const kept = found.some((f) => f.name === dir) ? good : new Map<string, DialplanFile>();
    good = new Map([...kept, ...found.flatMap(({ name, file }) => {
      const version = file ?? good.get(name);
      return version ? [[name, version] as const] : [];
    })]);
    entries = [...good.values()].flatMap((f) => f.entries);
    faults = found.flatMap((f) => f.faults);
    onLoaded?.({ files: [...good.keys()], refused: found.filter((f) => !f.file).map((f) => f.name), faults });
    return faults;
  };
  reload();
  const stop = watching ? watchFolder(dir, () => void reload()) : (): void => undefined;
  return { find: (number) => bestMatch(entries, (entry) => entry.number, number), entries: () => entries.map((e) => e.number), prompts: () => allPrompts(good.values()), faults: () => faults, reload, close: stop };
}

function allPrompts(files: Iterable<DialplanFile>): Spoken[] {
  const steps = [...files].flatMap((f) => [...f.plan.flows.values()].flat());
  return [...steps.flatMap((step) => (step.do === 'say' || step.do === 'ask' ? spoken(step.prompt, undefined) : [])), ...spoken(APOLOGY, undefined), ...spoken(NOBODY, undefined)];
}

function watchFolder(dir: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  if (!existsSync(dir)) return () => undefined; // its absence is a fault of the reading that came first
  const watcher = watch(dir, () => {
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLE);
  });
  watcher.on('error', () => watcher.close()); // the folder went away: what is loaded serves on
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
