import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ms } from '../base/index.js';
import { AlreadyRunning, DataFolderUnusable } from './errors.js';

export type ProcessName = 'supervisor' | 'edge' | 'media' | 'app';
export const childNames = ['edge', 'media', 'app'] as const;
export type ChildName = (typeof childNames)[number];

/** The process IDs of one installation: `$STROWGER_DATA/run/{supervisor,edge,media,app}.pid`. */
export interface RunFiles {
  write(name: ProcessName, pid: number): void;
  /** Removes the file unless another process has written its own ID there since. */
  remove(name: ProcessName, pid: number): void;
}

/** Our own processes have the program's name on their command line; a reused process ID does not. */
export function isOurs(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return program.includes('node') && args.slice(0, 4).some((arg) => /(^|\/)(strowger(\.js)?|cli\/main\.js)$/.test(arg));
  } catch {
    return false; // gone, or somebody else's
  }
}

/**
 * Takes the data folder for this process. Children of a supervisor that was killed get `graceMs` to notice by
 * themselves; what is still there then is killed, so that their ports are free for ours.
 * @throws AlreadyRunning when a living supervisor has the folder, DataFolderUnusable when it cannot be written
 */
export async function claim(dataDir: string, { graceMs = 6_000, ours = isOurs }: { graceMs?: Ms; ours?: (pid: number) => boolean } = {}): Promise<RunFiles> {
  const dir = join(dataDir, 'run');
  const file = (name: ProcessName) => join(dir, `${name}.pid`);
  const read = (name: ProcessName) => readPid(file(name));
  const files: RunFiles = {
    write: (name, pid) => writeFileSync(file(name), `${pid}\n`),
    remove: (name, pid) => {
      if (read(name) === pid) rmSync(file(name), { force: true });
    },
  };
  try {
    mkdirSync(dir, { recursive: true });
    take(dataDir, file('supervisor'), ours);
  } catch (error) {
    throw error instanceof AlreadyRunning ? error : new DataFolderUnusable(dataDir, error as NodeJS.ErrnoException);
  }
  await endLeftOvers(childNames.map(read), graceMs, ours);
  for (const name of childNames) rmSync(file(name), { force: true });
  return files;
}

function take(dataDir: string, path: string, ours: (pid: number) => boolean): void {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      return writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readPid(path);
    if (holder !== undefined && ours(holder)) throw new AlreadyRunning(dataDir, holder);
    rmSync(path, { force: true });
  }
  throw new AlreadyRunning(dataDir, readPid(path) ?? 0);
}

async function endLeftOvers(pids: readonly (number | undefined)[], graceMs: Ms, ours: (pid: number) => boolean): Promise<void> {
  const alive = () => pids.filter((pid): pid is number => pid !== undefined && ours(pid));
  for (const end = performance.now() + graceMs; alive().length > 0 && performance.now() < end;) await pause(50);
  for (const pid of alive()) {
    process.kill(pid, 'SIGKILL');
    while (ours(pid)) await pause(10);
  }
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined; // never written
  }
}
