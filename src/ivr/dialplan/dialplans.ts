import { existsSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import type { Ms } from '../../base/index.js';
import type { Spoken } from '../../speech/tts/index.js';
import { fixed, PHRASES } from '../machine/index.js';
import { promptsOf, refersTo, type Known } from './check/index.js';
import { StoreError } from '../../store/index.js';
import type { Arrival } from './entries.js';
import type { DialplanFault } from './faults.js';
import { PERSON_FLOW, type DialplanFile } from './file.js';
import { CALENDARS, calendarsIn, readFolder, readText, textsIn } from './folder.js';
import { allFiles, chooseFlow, type Chosen, type Served } from './serving.js';
import type { ReadYaml } from './reader.js';
import { createShelf, type Shelf } from './shelf.js';
import type { Archive } from './versions/archive.js';

export interface Dialplans {
  /** The flow for a dialled number, or for all that is known of a call. Its plan stays as it is, whatever is loaded later. */
  find(call: string | Arrival): Chosen | undefined;
  /** Numbers and patterns that lead to a flow. */
  entries(): readonly string[];
  /** Everything that any flow may say: what to render before somebody calls. */
  prompts(): Spoken[];
  /** Names of all flows. */
  flows(): readonly string[];
  /** Every file in service. */
  served(): readonly Served[];
  /** What flows may refer to, as it was last given. */
  known(): Known;
  /** Where files in service refer to it. */
  needs(what: 'extension' | 'trunk' | 'calendar', name: string): readonly DialplanFault[];
  /** What would be wrong with the files on disk if these were the queues and extensions. Changes nothing. */
  faultsWith(known: Known): readonly DialplanFault[];
  /** Faults of the files as they were last read, refused or not. */
  faults(): readonly DialplanFault[];
  /** Reads the folder again; what `known` leaves out is as it was. A refused file leaves its last good version in place; a removed file goes. */
  reload(known?: Known): readonly DialplanFault[];
  /** Where texts are made ready before they are checked or taken into service; their names are whole paths. */
  readonly shelf: Shelf;
  close(): void;
}
export interface DialplansOptions {
  readonly dir: string;
  readonly known: Known;
  /** After each reading: `refused` names files whose last good version (if any) stays. */
  readonly onLoaded?: (loaded: { readonly files: readonly string[]; readonly refused: readonly string[]; readonly faults: readonly DialplanFault[] }) => void;
  /** Reload by itself when a file changes. */
  readonly watch?: boolean;
  /** Keeps every good file as a version. */
  readonly archive?: Archive;
  /** How texts are read beside the calls; left out: in a thread. */
  readonly read?: ReadYaml;
  /** The archive could not be written or read. */
  readonly onTrouble?: (error: unknown) => void;
}

/** An editor writes a file in several steps; wait for the last. */
const SETTLE: Ms = 150;

/** Every fault in the dialplans of a folder, for `dialplan check`. */
export const checkDialplans = (dir: string, known: Known): readonly DialplanFault[] => readFolder(dir, known).flatMap((f) => f.faults);

const flowsIn = (files: readonly DialplanFile[]): string[] => [...new Set(files.flatMap((f) => [...f.plan.flows.keys()]))].filter((name) => name !== PERSON_FLOW);

/** Names of the flows of a folder, for settings that lead to them; undefined where not all of it can be read. */
export function flowNames(dir: string): readonly string[] | undefined {
  const files = readFolder(dir, {}).map((f) => f.file);
  return files.every((f) => f !== undefined) ? flowsIn(files) : undefined;
}

/** The dialplans of a folder. Faulty files are reported, not thrown: the others serve. */
export function loadDialplans({ dir, known: knownAtFirst, onLoaded, watch: watching = false, archive, read, onTrouble }: DialplansOptions): Dialplans {
  let known = knownAtFirst;
  const shelf = createShelf({ ...(read && { read }), around: () => ({ known, calendars: calendarsIn(dir, known).calendars }) });
  let served: readonly Served[] = [];
  let faults: readonly DialplanFault[] = [];
  let closed = false;
  const serve = serving(archive, dir, shelf, onTrouble);

  const reload = (changed?: Known): readonly DialplanFault[] => {
    if (changed) known = { ...known, ...changed };
    const found = readFolder(dir, known, shelf);
    const before = new Map(served.map((one) => [one.file.source.file, one]));
    // A folder that cannot be read takes nothing away.
    const kept = found.some((f) => f.name === dir) ? served.filter((one) => !found.some((f) => f.name === one.file.source.file)) : [];
    const tried: DialplanFault[] = [];
    served = [...kept, ...found.flatMap(({ name, file }): Served[] => {
      const good = file ?? before.get(name)?.file;
      return good ? [serve(good, known, tried)] : [];
    })];
    faults = [...found.flatMap((f) => f.faults), ...tried];
    onLoaded?.({ files: served.map((one) => one.file.source.file), refused: found.filter((f) => !f.file).map((f) => f.name), faults });
    return faults;
  };
  reload();
  const stop = watching ? watchFolder(dir, () => void shelf.ahead(textsIn(dir)).then(() => closed || reload())) : (): void => undefined;
  return {
    find: (call) => chooseFlow(served, typeof call === 'string' ? { number: call } : call), entries: () => [...new Set(allFiles(served).flatMap((f) => f.entries.map((e) => e.number)))],
    prompts: () => allPrompts(allFiles(served)), flows: () => flowsIn(allFiles(served)), served: () => served, known: () => known,
    needs: (what, name) => allFiles(served).flatMap((file) => refersTo(file, what, name)), faultsWith: (other) => readFolder(dir, other, shelf).flatMap((f) => f.faults), faults: () => faults, reload, shelf,
    close() {
      closed = true;
      stop();
    },
  };
}

/** Gives a good file its version, and beside it the one that is being tried. What the archive cannot do costs no caller his flow. */
function serving(archive: Archive | undefined, dir: string, shelf: Shelf, trouble: DialplansOptions['onTrouble']) {
  return (file: DialplanFile, known: Known, faults: DialplanFault[]): Served => {
    const name = basename(file.source.file);
    const plain: Served = { name, file, version: undefined, tried: undefined };
    if (!archive) return plain;
    try {
      const { version } = archive.loaded(name, file.text);
      const rollout = archive.rollout(name);
      const text = rollout && archive.get(name, rollout.version)?.text;
      if (!rollout || text === undefined) return { ...plain, version };
      const tried = readText(join(dir, name), text, known, file.plan.calendars ?? new Map(), shelf);
      faults.push(...tried.faults);
      return { ...plain, version, tried: tried.file && { file: tried.file, version: rollout.version, percent: rollout.percent } };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      trouble?.(error);
      return plain;
    }
  };
}

/** What is the same for every caller. */
function allPrompts(files: Iterable<DialplanFile>): Spoken[] {
  const written = [...files].flatMap((file) => [...file.placed.values()].flat().flatMap((placed) => promptsOf(file, placed).map(([prompt]) => prompt)));
  return [...written, ...PHRASES].flatMap(fixed);
}

function watchFolder(dir: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  if (!existsSync(dir)) return () => undefined; // its absence is a fault of the reading that came first
  const watchers = [dir, join(dir, CALENDARS)].filter((folder) => existsSync(folder)).map((folder) => {
    const watcher = watch(folder, () => {
      clearTimeout(timer);
      timer = setTimeout(changed, SETTLE);
    });
    watcher.on('error', () => watcher.close()); // the folder went away: what is loaded serves on
    return watcher;
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
