import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileFault } from './errors.js';
import { HEAD_BYTES } from './sniff.js';

export interface Received {
  /** A file of our own naming; whoever takes it moves or removes it. */
  readonly path: string;
  readonly head: Buffer;
  readonly bytes: number;
  readonly hash: string;
}

/** Writes a stream to a file of its own, hashed as it comes, at most `maxBytes`. Leaves nothing behind when it fails. @throws FileFault */
export async function receive(folder: string, content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Received> {
  const path = join(folder, `coming-${randomUUID()}`);
  const hash = createHash('sha256');
  const head: Uint8Array[] = [];
  let [bytes, headBytes] = [0, 0];
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new FileFault('files.too_large', 'the file is too large', `at most ${maxBytes} bytes`);
      if (headBytes < HEAD_BYTES) headBytes += head[head.push(chunk.slice(0, HEAD_BYTES - headBytes)) - 1]?.length ?? 0;
      hash.update(chunk);
      await file.write(chunk);
    }
    if (bytes === 0) throw new FileFault('files.empty', 'the file is empty', 'send its content as the body');
    return { path, head: Buffer.concat(head), bytes, hash: hash.digest('hex') };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
