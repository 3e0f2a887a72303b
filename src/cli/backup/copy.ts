import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ownFolder } from './places.js';

export interface Copied {
  readonly bytes: number;
  readonly sha256: string;
  readonly mode: number;
}

/** Copies a file and tells what was copied: it may grow meanwhile. Undefined: it went away before. The copy is on disk afterwards. */
export async function copied(from: string, to: string): Promise<Copied | undefined> {
  const found = await stat(from).catch(absent);
  if (!found) return undefined;
  const mode = found.mode & 0o777;
  await ownFolder(dirname(to));
  const seen = counted();
  try {
    await pipeline(createReadStream(from), seen.through, createWriteStream(to, { mode, flush: true }));
  } catch (error) {
    return absent(error);
  }
  return { ...seen.result(), mode };
}

/** Size and checksum of a file; undefined where there is none. */
export async function measured(path: string): Promise<Omit<Copied, 'mode'> | undefined> {
  const seen = counted();
  try {
    await pipeline(createReadStream(path), seen.through, async (chunks: AsyncIterable<Buffer>) => {
      for await (const _chunk of chunks) continue;
    });
    return seen.result();
  } catch (error) {
    return absent(error);
  }
}

function counted() {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** @throws anything but "there is none" */
function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
