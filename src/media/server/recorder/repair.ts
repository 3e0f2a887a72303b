import { open } from 'node:fs/promises';
import { repairWavHeader } from '../../../audio/index.js';

const HEAD_BYTES = 4_096;

/**
 * Makes a recording whole whose writer was killed: true sizes in the header, no half frame at the end.
 * @returns its length in ms if something was mended, undefined if the file was whole
 * @throws WavUnreadable when there is no header; the file system's error when the file cannot be written
 */
export async function repairWav(path: string): Promise<number | undefined> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
    await file.read(head, 0, head.length, 0);
    const repair = repairWavHeader(head, size);
    if (!repair) return undefined;
    await file.truncate(repair.fileBytes);
    for (const { at, bytes } of repair.patches) await file.write(bytes, 0, bytes.length, at);
    return repair.ms;
  } finally {
    await file.close();
  }
}
