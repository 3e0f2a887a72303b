import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';

/** Audio that the far end of a fork sent, as files that the application may play until the fork ends. */
export interface PlayoutFiles {
  /** @returns where it lies; undefined when there is none, or it could not be written (which the log says) */
  keep(audio: { readonly bytes: Buffer; readonly extension: string } | undefined): Promise<string | undefined>;
  discard(): void;
}

export function playoutFiles(uuid: string, log: Logger): PlayoutFiles {
  const paths: string[] = [];
  let state: 'open' | 'over' = 'open';
  const over = (): boolean => state === 'over';
  const remove = (path: string): void => {
    rm(path, { force: true }).catch((error: unknown) => log.warn({ uuid, path, err: error }, 'audio of a fork could not be removed'));
  };
  return {
    async keep(audio) {
      if (!audio || over()) return undefined;
      const path = join(tmpdir(), `${uuid}_${String(paths.length)}_${String(process.pid)}.tmp${audio.extension}`);
      paths.push(path);
      try {
        await writeFile(path, audio.bytes, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        log.warn({ uuid, path, err: error }, 'audio of a fork could not be written');
        return undefined;
      }
      if (!over()) return path;
      remove(path);
      return undefined;
    },
    discard() {
      state = 'over';
      paths.splice(0).forEach(remove);
    },
  };
}
