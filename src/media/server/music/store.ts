import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '../../../audio/index.js';
import type { PlaySource } from '../channel/index.js';
import { composeLoop } from './compose.js';

export interface Music {
  readonly source: PlaySource;
  readonly close: () => Promise<void>;
}

const FOLDER = /^strowger-music-(\d+)-/;

/** `moh.wav` of the sounds folder; without one, a loop of our own in a temporary folder that goes with us. */
export async function openMusic(soundsDir: string): Promise<Music> {
  const given = join(soundsDir, 'moh.wav');
  const there = await access(given).then(() => true, () => false);
  if (there) return { source: { kind: 'file', path: given }, close: () => Promise.resolve() };
  await removeOrphans();
  const folder = await mkdtemp(join(tmpdir(), `strowger-music-${process.pid}-`));
  const path = join(folder, 'moh.wav');
  await writeFile(path, encodeWav({ rateHz: 8000, channels: [composeLoop()] }));
  return { source: { kind: 'file', path }, close: () => rm(folder, { recursive: true, force: true }) };
}

/** Folders of servers that were killed. */
async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = FOLDER.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
