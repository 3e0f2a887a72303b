import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, watch } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Message, type Plugin } from 'esbuild';
import type { Ms } from '../../base/index.js';
import { error, type DialplanFault } from '../dialplan/faults.js';

/** A script ready to run. */
export interface Script {
  readonly name: string;
  /** URL of the compiled file. */
  readonly entry: string;
  /** What it exports. */
  readonly exported: readonly string[];
}
export interface ScriptLibrary {
  find(name: string): Script | undefined;
  names(): readonly string[];
  /** Faults of the files as they were last read. */
  faults(): readonly DialplanFault[];
  /** Reads the folder again. A script that does not compile leaves its last good version in place; running scripts go on as they are. */
  reload(): Promise<readonly DialplanFault[]>;
  /** Watches no more. */
  close(): void;
}

const SCRIPT = /^([a-z0-9][a-z0-9_-]{0,62})\.(?:ts|mts|js|mjs)$/i;
/** The main function of a script. */
export const MAIN = 'main';

export interface ScriptsOptions {
  /** Each file directly in it is a script, with whatever it imports compiled into it. */
  readonly dir: string;
  /** For the compiled files, named after their content: one that runs is never overwritten. */
  readonly out: string;
  /** After each reading but the first. */
  readonly onLoaded?: (library: ScriptLibrary) => void;
  /** Reload by itself when a file changes. */
  readonly watch?: boolean;
}

/** An editor writes a file in several steps; wait for the last. */
const SETTLE: Ms = 150;

/** Reads the scripts of a folder. Faulty ones are reported, not thrown: the others serve. */
export async function loadScripts({ dir, out, onLoaded, watch: watching = false }: ScriptsOptions): Promise<ScriptLibrary> {
  let good: ReadonlyMap<string, Script> = new Map();
  let faults: readonly DialplanFault[] = [];
  const readAll = async (): Promise<readonly DialplanFault[]> => {
    const files = scriptFiles(dir);
    const compiled = await Promise.all(files.map(async (file) => ({ name: nameOf(file), ...(await kept(await compileScript(file), out)) })));
    faults = [...compiled.flatMap((one) => one.faults), ...twice(files)];
    good = new Map(compiled.flatMap(({ name, script }) => {
      const version = script ?? good.get(name);
      return version ? [[name, version] as const] : [];
    }));
    return faults;
  };
  /** One reading after another, so that the last one decides. */
  let reading: Promise<readonly DialplanFault[]> = Promise.resolve([]);
  const reload = (): Promise<readonly DialplanFault[]> => (reading = reading.then(readAll));
  await reload();
  const stop = watching ? watchFolder(dir, () => void reload().then(() => onLoaded?.(library))) : (): void => undefined;
  const library: ScriptLibrary = { find: (name) => good.get(name), names: () => [...good.keys()], faults: () => faults, reload, close: stop };
  return library;
}

/** Every fault in the scripts of a folder, for `dialplan check`. */
export async function checkScripts(dir: string): Promise<readonly DialplanFault[]> {
  const files = scriptFiles(dir);
  return [...(await Promise.all(files.map(compileScript))).flatMap((one) => one.faults), ...twice(files)];
}

/** Names of the scripts of a folder, whether they compile or not. */
export const scriptNames = (dir: string): string[] => scriptFiles(dir).map(nameOf);

const scriptFiles = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir).sort().flatMap((file) => (SCRIPT.test(file) ? [join(dir, file)] : [])) : []);
const nameOf = (file: string): string => SCRIPT.exec(basename(file))?.[1] ?? basename(file);

const twice = (files: readonly string[]): DialplanFault[] =>
  files.filter((file, i) => files.findIndex((other) => nameOf(other) === nameOf(file)) < i).map((file) =>
    error({ file, line: 0, column: 0, code: 'script.duplicate', message: `there is another script "${nameOf(file)}"`, hint: 'rename one of them' }));

interface Compiled {
  readonly file: string;
  readonly contents: Uint8Array | undefined;
  readonly exported: readonly string[];
  readonly faults: readonly DialplanFault[];
}

async function compileScript(file: string): Promise<Compiled> {
  const refused = (...faults: DialplanFault[]): Compiled => ({ file, contents: undefined, exported: [], faults });
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [file], outdir: dirname(file), bundle: true, write: false, metafile: true, format: 'esm', platform: 'node', target: 'node20', sourcemap: 'inline', logLevel: 'silent', plugins: [ownApi],
    });
    const exported = Object.values(metafile.outputs)[0]?.exports ?? [];
    if (!exported.includes(MAIN))
      return refused(error({ file, line: 1, column: 1, code: 'script.no_main', message: `it exports no "${MAIN}"`, hint: `export const ${MAIN} = dialplan(async (call) => { … })` }));
    return { file, contents: outputFiles[0]?.contents, exported, faults: [] };
  } catch (failure) {
    return refused(...faultsOf(file, failure));
  }
}

async function kept({ file, contents, exported, faults }: Compiled, out: string): Promise<{ readonly script: Script | undefined; readonly faults: readonly DialplanFault[] }> {
  if (!contents) return { script: undefined, faults };
  const name = nameOf(file);
  const path = join(out, `${name}.${createHash('sha256').update(contents).digest('hex').slice(0, 16)}.mjs`);
  try {
    await keep(path, contents);
    return { script: { name, entry: pathToFileURL(path).href, exported }, faults };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { script: undefined, faults: [error({ file, line: 0, column: 0, code: 'script.unwritable', message: `the compiled script cannot be kept: ${message}`, hint: 'is the disk full?' })] };
  }
}

async function keep(path: string, contents: Uint8Array): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(join(path, '..'), { recursive: true });
  const unfinished = `${path}.${randomUUID()}.part`;
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}

function faultsOf(file: string, failure: unknown): DialplanFault[] {
  const messages = typeof failure === 'object' && failure !== null && 'errors' in failure && Array.isArray(failure.errors) ? (failure.errors as Message[]) : [];
  if (messages.length === 0) return [error({ file, line: 0, column: 0, code: 'script.unreadable', message: failure instanceof Error ? failure.message : String(failure), hint: 'check that it is there and may be read' })];
  return messages.map(({ text, location, notes }) =>
    error({ file, line: location?.line ?? 0, column: (location?.column ?? -1) + 1, code: 'script.broken', message: text, hint: notes[0]?.text ?? 'the script does not compile' }));
}

const API = ['api.js', 'api.ts'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
/** `import { dialplan } from 'strowger/dialplan'`, wherever the script lies. */
const ownApi: Plugin = {
  name: 'strowger',
  setup(on) {
    on.onResolve({ filter: /^strowger\/dialplan$/ }, () => ({ path: API.find((path) => existsSync(path)) ?? '' }));
  },
};

function watchFolder(dir: string, changed: () => void): () => void {
  if (!existsSync(dir)) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
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
