import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CacheLimit, isNotThere } from './cache-limit.js';
import type { Language } from './ports.js';

export const sha256 = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const LONGEST_NAME = 80;

/**
 * The file name, without `.wav`, under which a recording of this text is looked for in `prompts/zh-CN` or `prompts/en`:
 * letters and digits as they are (small), everything else one dash. `Hello and welcome.` → `hello-and-welcome`,
 * `您好，欢迎致电。` → `您好-欢迎致电`. Over 80 characters: the first 71, a dash, 8 hex digits of its SHA-256.
 */
export function recordingName(text: string): string {
  const name = text.normalize('NFC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  const letters = Array.from(name);
  return letters.length <= LONGEST_NAME ? name : `${letters.slice(0, 71).join('')}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

export interface PromptFiles {
  /** A recording for this text, with a mark that changes when the recording does. */
  recording(text: string, lang: Language): Promise<{ readonly path: string; readonly version: string } | undefined>;
  /** The file kept under this key, if it is there; it will stay for a while. */
  kept(key: string): Promise<string | undefined>;
  /** Appears whole or not at all, also after a loss of power. @throws system errors: no space, no right */
  keep(key: string, wav: Uint8Array): Promise<string>;
}

/** A WAV without sound: what a crash at the wrong moment may leave. */
const EMPTY = 44;

export function promptFiles(cacheDir: string, recordedDir: string | undefined, limit?: CacheLimit): PromptFiles {
  const pathOf = (key: string): string => join(cacheDir, key.slice(0, 2), `${key}.wav`);
  return {
    async recording(text, lang) {
      const name = recordingName(text);
      if (recordedDir === undefined || name === '') return undefined;
      const path = join(recordedDir, lang, `${name}.wav`);
      const there = await statOrNothing(path);
      return there && { path, version: `${there.size}:${there.mtimeMs}` };
    },
    async kept(key) {
      const path = pathOf(key);
      const there = await statOrNothing(path);
      if (!there || there.size <= EMPTY) return undefined;
      await limit?.used(path, there.mtimeMs);
      return path;
    },
    async keep(key, wav) {
      const path = pathOf(key);
      const unfinished = `${path}.${randomUUID()}.part`;
      await mkdir(join(path, '..'), { recursive: true });
      try {
        await writeFile(unfinished, wav, { flush: true });
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      limit?.grown(wav.byteLength);
      return path;
    },
  };
}

async function statOrNothing(path: string): Promise<{ readonly size: number; readonly mtimeMs: number } | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}
