import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { ModelRefused } from './errors.js';

export interface UnpackLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** Unpacks a zip archive into an empty folder. Names that lead out of it are refused, and so is more than was allowed. @throws ModelRefused */
export async function unpack(archive: string, to: string, limits: UnpackLimits): Promise<void> {
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false }).catch((cause: unknown) => {
    throw new ModelRefused(`${archive} is no zip archive`, { cause });
  });
  try {
    let files = 0;
    let bytes = 0;
    for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
      files += 1;
      bytes += entry.uncompressedSize;
      if (files > limits.maxFiles || bytes > limits.maxBytes) throw new ModelRefused('the archive is larger than a model can be', { hint: `at most ${String(limits.maxFiles)} files, ${String(limits.maxBytes)} bytes` });
      await write(zip, entry, join(to, entry.fileName));
    }
  } catch (cause) {
    throw cause instanceof ModelRefused ? cause : new ModelRefused('the archive cannot be unpacked', { cause });
  } finally {
    zip.close();
  }
}

/** yauzl has refused absolute names and `..` before, and ends a file that is longer than its entry says. */
async function write(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  if (entry.fileName.endsWith('/')) {
    await mkdir(path, { recursive: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { flags: 'wx' }));
}
