import { open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseWavHeader, repairWavHeader, wavHeader, WAV_HEADER_BYTES, type WavFormat } from '../audio/index.js';
import type { Ms } from '../base/index.js';
import { RecordingLost } from './errors.js';

export interface RecordedPart {
  readonly path: string;
  readonly ms: Ms;
  readonly bytes: number;
  /** The media server could not close it, and its header has been made true. */
  readonly repaired: boolean;
}

/** Headers of the recordings we meet are far shorter. */
const HEAD_BYTES = 4_096;

/** How long a writer that is alive may take to close its file, and how often to look. */
const CLOSING = { ms: 600, everyMs: 30 };

/**
 * Measures a recording that has been stopped. A file whose header is not true yet is given a moment, since its writer
 * may be closing it; then the writer is taken for dead and the file is repaired.
 * @throws RecordingLost when there is no file, or not even a header in it
 */
export async function finishRecording(path: string, closing = CLOSING): Promise<RecordedPart> {
  const until = performance.now() + closing.ms;
  while (performance.now() < until && !(await isClosed(path))) await delay(closing.everyMs);
  return measure(path);
}

async function isClosed(path: string): Promise<boolean> {
  try {
    const { format, size } = await headOf(path);
    return format.dataBytes !== undefined && format.dataAt + format.dataBytes <= size;
  } catch (error) {
    if (error instanceof RecordingLost) return false;
    throw error;
  }
}

async function measure(path: string): Promise<RecordedPart> {
  try {
    const file = await open(path, 'r+');
    try {
      const { size } = await file.stat();
      const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
      await file.read(head, 0, head.length, 0);
      const repair = repairWavHeader(head, size);
      if (repair) {
        for (const { at, bytes } of repair.patches) await file.write(bytes, 0, bytes.length, at);
        await file.truncate(repair.fileBytes);
        return { path, ms: repair.ms, bytes: repair.fileBytes, repaired: true };
      }
      const format = parseWavHeader(head);
      return { path, ms: durationOf(format, size), bytes: size, repaired: false };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new RecordingLost(`no recording can be read at ${path}`, { cause: error, hint: 'is the recordings folder shared with the media server, and the disk not full?' });
  }
}

function durationOf(format: WavFormat, fileBytes: number): Ms {
  const bytes = format.dataBytes ?? fileBytes - format.dataAt;
  return (bytes / format.frameBytes / format.rateHz) * 1_000;
}

/** A slice of a file; parts joined in order are a list of these behind a new header. */
export interface AudioSlice {
  readonly path: string;
  readonly from: number;
  readonly bytes: number;
}

/**
 * Parts of one call as one WAV file: its header and the slices behind it, to be streamed without copying.
 * @throws RecordingLost when a part is missing, or differs from the first in channels or rate
 */
export async function joinRecordings(paths: readonly string[]): Promise<{ readonly header: Uint8Array; readonly slices: readonly AudioSlice[]; readonly bytes: number }> {
  const slices: AudioSlice[] = [];
  let first: WavFormat | undefined;
  for (const path of paths) {
    const { format, size } = await headOf(path);
    first ??= format;
    if (format.channels !== first.channels || format.rateHz !== first.rateHz || format.bits !== 16) throw new RecordingLost(`${path} does not fit the part before it`);
    const bytes = Math.min(format.dataBytes ?? Infinity, size - format.dataAt);
    slices.push({ path, from: format.dataAt, bytes: bytes - (bytes % format.frameBytes) });
  }
  if (!first) throw new RecordingLost('this call has no recording');
  const audio = slices.reduce((sum, slice) => sum + slice.bytes, 0);
  return { header: wavHeader(first.channels, first.rateHz, audio), slices, bytes: WAV_HEADER_BYTES + audio };
}

async function headOf(path: string): Promise<{ format: WavFormat; size: number }> {
  try {
    const { size } = await stat(path);
    const file = await open(path, 'r');
    try {
      const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
      await file.read(head, 0, head.length, 0);
      return { format: parseWavHeader(head), size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new RecordingLost(`no recording can be read at ${path}`, { cause: error });
  }
}
