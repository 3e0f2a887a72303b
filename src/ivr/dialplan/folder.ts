import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadCalendars, withCalendars, type Calendar } from '../hours/index.js';
import { checkFile, QUEUE_FLOW_MISSING, type Known } from './check/index.js';
import { error, type DialplanFault } from './faults.js';
import { planned, type DialplanFile } from './file.js';
import { createShelf, unread, type NamedText, type Shelf } from './shelf.js';

/** Nobody writes this by hand; what is larger is a mistake or an attack. Bytes. */
const LARGEST = 1_000_000;

/** One file as it was found: `file` is there when no fault refuses it. */
export interface FoundFile {
  readonly name: string;
  readonly file: DialplanFile | undefined;
  readonly faults: readonly DialplanFault[];
}

/** Reads and checks every `*.yaml` directly in the folder, in the order of their names. A folder that cannot be read is a fault. */
export function readFolder(dir: string, known: Known, shelf: Shelf = createShelf()): FoundFile[] {
  let names: string[];
  try {
    names = readdirSync(dir).filter((n) => /\.ya?ml$/.test(n)).sort();
  } catch (cause) {
    return [{ name: dir, file: undefined, faults: [unreadable(dir, cause)] }];
  }
  const { calendars, faults } = calendarsIn(dir, known);
  const taken = new Map<string, string>();
  const found = names.map((name) => takeEntries(readOne(join(dir, name), known, calendars, shelf), taken));
  return faults.length === 0 ? found : [...found, { name: join(dir, CALENDARS), file: undefined, faults: faults.map(error) }];
}

/** Opening hours lie in a folder of their own beside the flows. */
export const CALENDARS = 'calendars';

/** Those of the folder and those that lie in no file. */
export const calendarsIn = (dir: string, known: Known): ReturnType<typeof withCalendars> => withCalendars(loadCalendars(join(dir, CALENDARS)), known.calendars);

function readOne(name: string, known: Known, calendars: ReadonlyMap<string, Calendar>, shelf: Shelf): FoundFile {
  const found = textOf(name);
  return found.ok ? readText(name, found.text, known, calendars, shelf) : { name, file: undefined, faults: [found.fault] };
}

function textOf(name: string): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: DialplanFault } {
  try {
    const { size } = statSync(name);
    if (size > LARGEST) return { ok: false, fault: unread(name, 'dialplan.too_large', `${size} bytes are too many for a dialplan`, `at most ${LARGEST}: split the file`) };
    return { ok: true, text: readFileSync(name, 'utf8') };
  } catch (cause) {
    return { ok: false, fault: unreadable(name, cause) };
  }
}

/** What `readFolder` would read, as far as it can be read. */
export function textsIn(dir: string): NamedText[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir).filter((n) => /\.ya?ml$/.test(n)).map((n) => join(dir, n)).flatMap((name) => {
    const found = textOf(name);
    return found.ok ? [{ name, text: found.text }] : [];
  });
}

/** One dialplan by its text, as if it lay where `name` says. */
export function readText(name: string, text: string, known: Known, calendars: ReadonlyMap<string, Calendar>, shelf: Shelf = createShelf()): FoundFile {
  const found = shelf.take({ name, text });
  if (!found.ok) return { name, file: undefined, faults: found.faults };
  const file = planned(found.compiled, calendars, known.timeZone);
  const faults = checkFile(file, { sounds: existsSync, ...known }, found.faults, shelf.against(file, known));
  return { name, file: refuses(faults) ? undefined : file, faults };
}

/** A number belongs to the first file that enters it. */
function takeEntries(found: FoundFile, taken: Map<string, string>): FoundFile {
  const { file } = found;
  if (!file) return found;
  const faults = file.entries.flatMap(({ number: pattern, key }, i) => {
    const other = taken.get(key);
    return other === undefined ? [] : [error(file.source.fault(['entries', i, 'number'], 'dialplan.duplicate_entry', `"${pattern}" is entered in ${other} already`, 'keep one of them'))];
  });
  if (faults.length > 0) return { ...found, file: undefined, faults: [...found.faults, ...faults] };
  for (const { key } of file.entries) taken.set(key, found.name);
  return found;
}

/** Errors that something beside the dialplan brought about: they must not take it out of service. */
const FORGIVEN: ReadonlySet<string> = new Set([QUEUE_FLOW_MISSING, 'dialplan.missing_intent']);
export const refuses = (faults: readonly DialplanFault[]): boolean => faults.some((f) => f.severity === 'error' && !FORGIVEN.has(f.code));

const unreadable = (file: string, cause: unknown): DialplanFault =>
  unread(file, 'config.unreadable', cause instanceof Error ? cause.message : String(cause), 'check that it is there and may be read');
