import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ms } from '../../base/index.js';

/** Keeps a folder of prompts below a size: what was used longest ago goes first. The time of use is the file's time. */
export interface CacheLimit {
  used(path: string, mtimeMs: Ms): Promise<void>;
  grown(bytes: number): void;
  /** Settles when what is being cleared away is. */
  settled(): Promise<void>;
}
export interface CacheLimitOptions {
  readonly folder: string;
  readonly maxBytes: () => number;
  readonly now: () => Ms;
  readonly warn: (about: object, message: string) => void;
}

/** A use is written down no more often than this; */
const NOTED_EVERY: Ms = 5 * 60_000;
/** so what was used within this may be playing, and stays even where the folder is too large. */
const IN_USE: Ms = 15 * 60_000;
/** Nobody writes so long on one prompt: its writer is dead. */
const ABANDONED: Ms = 60 * 60_000;
/** Cleared down to this share, so that not every new prompt clears. */
const DOWN_TO = 0.9;

interface Kept {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: Ms;
}

export function cacheLimit({ folder, maxBytes, now, warn }: CacheLimitOptions): CacheLimit {
  /** Unknown until the folder was looked through for the first time. */
  let total = Infinity;
  let clearing: Promise<void> | undefined;

  const clear = async (): Promise<void> => {
    const { kept, abandoned } = await look(folder, now());
    await Promise.all(abandoned.map((path) => rm(path, { force: true })));
    total = kept.reduce((sum, k) => sum + k.bytes, 0);
    if (total <= maxBytes()) return;
    for (const { path, bytes, usedAt } of kept.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= maxBytes() * DOWN_TO || now() - usedAt < IN_USE) return;
      await rm(path, { force: true });
      total -= bytes;
    }
  };
  return {
    async used(path, mtimeMs) {
      if (now() - mtimeMs < NOTED_EVERY) return;
      const seconds = now() / 1_000;
      await utimes(path, seconds, seconds).catch((err: unknown) => {
        if (!isNotThere(err)) warn({ err, path }, 'the use of a prompt could not be noted');
      });
    },
    grown(bytes) {
      total += bytes;
      if (total <= maxBytes() || clearing) return;
      clearing = clear()
        .catch((err: unknown) => warn({ err, folder }, 'old prompts could not be cleared away'))
        .finally(() => (clearing = undefined));
    },
    settled: async () => clearing,
  };
}

/** Only what this room put there: two hexadecimal digits, then a SHA-256. Music and whatever else lies beside stays. */
async function look(folder: string, now: Ms): Promise<{ kept: Kept[]; abandoned: string[] }> {
  const kept: Kept[] = [];
  const abandoned: string[] = [];
  for (const shelf of (await readdir(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const name of await readdir(join(folder, shelf))) {
      const [, part] = /^[0-9a-f]{64}\.wav(\.[0-9a-f-]{36}\.part)?$/.exec(name) ?? [];
      if (part === undefined && !/^[0-9a-f]{64}\.wav$/.test(name)) continue;
      const path = join(folder, shelf, name);
      const there = await stat(path).catch((error: unknown) => {
        if (isNotThere(error)) return undefined; // somebody else cleared it away
        throw error;
      });
      if (!there) continue;
      if (part === undefined) kept.push({ path, bytes: there.size, usedAt: there.mtimeMs });
      else if (now - there.mtimeMs > ABANDONED) abandoned.push(path);
    }
  }
  return { kept, abandoned };
}

export const isNotThere = (error: unknown): boolean => error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ENAMETOOLONG');
