import { open, type FileHandle } from 'node:fs/promises';
import { createResampler, monoSamples, parseToneScript, parseWavHeader, readTones, WavUnreadable, type ToneReader } from '../../../audio/index.js';
import type { PlaySource } from '../channel/types.js';
import { RATE_HZ } from '../codec/codec.js';

/** Pieces of 8 kHz audio, each at most a second, read as fast as they are asked for. */
export type Pieces = AsyncGenerator<Int16Array, void>;

const HEAD_BYTES = 65_536;
const PIECE_SAMPLES = RATE_HZ / 2;

/**
 * The audio of a source, once.
 * @throws WavUnreadable, ToneScriptInvalid, or the file system's error
 */
export function readSource(source: PlaySource): Pieces {
  switch (source.kind) {
    case 'file': return readFile(source.path, source.seekMs ?? 0);
    case 'tone': return fromReader(readTones(parseToneScript(source.script), RATE_HZ));
    case 'silence': return readSilence(source.ms === 'forever' ? Number.POSITIVE_INFINITY : source.ms, source.noise ?? 0);
    case 'playlist': return readList(source.items);
  }
}

async function* readList(items: readonly PlaySource[]): Pieces {
  for (const item of items) yield* readSource(item);
}

async function* fromReader(read: ToneReader): Pieces {
  for (;;) {
    const piece = new Int16Array(PIECE_SAMPLES);
    const written = read(piece);
    if (written > 0) yield piece.subarray(0, written);
    if (written < piece.length) return;
    await Promise.resolve();
  }
}

async function* readSilence(ms: number, noise: number): Pieces {
  let left = Math.round(ms * (RATE_HZ / 1_000));
  let seed = 1;
  while (left > 0) {
    const piece = new Int16Array(Math.min(left, PIECE_SAMPLES));
    for (let i = 0; noise > 0 && i < piece.length; i += 1) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      piece[i] = ((seed >> 16) & 0xffff) - 32_768 > 0 ? 32_767 / noise : -32_767 / noise;
    }
    left -= piece.length;
    yield piece;
    await Promise.resolve();
  }
}

async function* readFile(path: string, seekMs: number): Pieces {
  const file = await open(path, 'r');
  try {
    yield* readWav(file, seekMs);
  } finally {
    await file.close();
  }
}

async function* readWav(file: FileHandle, seekMs: number): Pieces {
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
  const format = parseWavHeader(head.subarray(0, bytesRead));
  const end = format.dataBytes === undefined ? Number.POSITIVE_INFINITY : format.dataAt + format.dataBytes;
  const skip = Math.round((seekMs * format.rateHz) / 1_000) * format.frameBytes;
  const resampler = createResampler(format.rateHz, RATE_HZ);
  const block = Buffer.alloc(Math.max(1, Math.floor(format.rateHz / 2)) * format.frameBytes);
  for (let at = format.dataAt + skip; at < end; ) {
    const wanted = Math.min(block.length, end - at);
    const { bytesRead: got } = await file.read(block, 0, wanted, at);
    const piece = resampler.push(monoSamples(format, block.subarray(0, got)));
    if (piece.length > 0) yield piece;
    at += got;
    if (got < wanted) break;
  }
  const rest = resampler.flush();
  if (rest.length > 0) yield rest;
}

/** A source as often as told. A source that turns out to hold no audio ends the loop instead of spinning in it. */
export async function* readLoops(source: PlaySource, loops: number | 'endless'): Pieces {
  for (let left = loops === 'endless' ? Number.POSITIVE_INFINITY : loops; left > 0; left -= 1) {
    let heard = 0;
    for await (const piece of readSource(source)) {
      heard += piece.length;
      yield piece;
    }
    if (heard === 0) throw new WavUnreadable('there is no audio in the source', { hint: 'the file is empty, or the seek offset lies behind its end' });
  }
}
