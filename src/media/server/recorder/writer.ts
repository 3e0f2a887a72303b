import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StrowgerError } from '../../../base/index.js';

/** The file could not be opened, written or closed, or the disk is slower than the audio. */
export class RecordingFailed extends StrowgerError {
  readonly code = 'media.recording_failed';
}

/** Writes pieces to their places in a file, one after another, none of them waiting for the disk on the caller's side. */
export interface FileWriter {
  write(at: number, bytes: Uint8Array): void;
  /** After everything is written. @throws RecordingFailed */
  close(): Promise<void>;
}

interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Audio that may wait for a slow disk; about half a minute of two channels. */
const MAX_WAITING_BYTES = 1_048_576;

async function writeAll(file: FileHandle, { at, bytes }: Piece): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    if (bytesWritten === 0) throw new Error('the disk took no bytes');
    done += bytesWritten;
  }
}

/** @param onFailed called once, at the first failure; what is written afterwards is dropped */
export function createFileWriter(path: string, onFailed: (error: RecordingFailed) => void): FileWriter {
  const waiting: Piece[] = [];
  let waitingBytes = 0;
  let failure: RecordingFailed | undefined;
  let file: FileHandle | undefined;
  let idle = false;
  let running = run(async () => {
    await mkdir(dirname(path), { recursive: true });
    file = await open(path, 'w');
  });

  function fail(cause: unknown): void {
    if (failure) return;
    failure = new RecordingFailed(`cannot record to ${path}`, { hint: 'is the disk full, or the folder not writable?', cause });
    waiting.length = 0;
    onFailed(failure);
    if (idle) running = run();
  }
  async function run(first?: () => Promise<void>): Promise<void> {
    idle = false;
    try {
      await first?.();
      for (let piece = waiting.shift(); piece && file && !failure; piece = waiting.shift()) {
        waitingBytes -= piece.bytes.length;
        await writeAll(file, piece);
      }
    } catch (error) {
      fail(error);
    }
    if (failure) await giveUp();
    idle = true;
  }
  /** Whoever hears of the failure need not close what is of no use any more. */
  async function giveUp(): Promise<void> {
    const failed = file;
    file = undefined;
    await failed?.close().catch(() => undefined); // it has failed already, and says so
  }
  return {
    write(at, bytes) {
      if (failure) return;
      waiting.push({ at, bytes });
      waitingBytes += bytes.length;
      if (waitingBytes > MAX_WAITING_BYTES) fail(new Error('the disk is slower than the audio'));
      else if (idle) running = run();
    },
    async close() {
      while (!idle) await running;
      try {
        await file?.close();
      } catch (error) {
        fail(error);
      }
      if (failure) throw failure;
    },
  };
}
