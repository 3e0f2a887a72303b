import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { parseWavHeader, WAV_HEADER_BYTES, wavHeader, WavUnreadable } from '../audio/index.js';
import type { ByteRange } from './range.js';

/** Where bytes of the joined file come from. */
type Piece = { readonly bytes: Uint8Array } | { readonly path: string; readonly from: number; readonly length: number };
const lengthOf = (piece: Piece): number => ('bytes' in piece ? piece.bytes.length : piece.length);

/** Several WAV files seen as one, without copying them. */
export interface JoinedWav {
  readonly size: number;
  /** Changes when a part does. */
  readonly etag: string;
  /** Reads from disk as it is consumed; the files are closed when the reader stops early too. */
  read(range: ByteRange): AsyncGenerator<Uint8Array>;
}

const HEAD_BYTES = 4_096;

/**
 * Joins recordings of one shape in the order given: one header, then the audio of each.
 * @throws WavUnreadable when a part is not a 16 bit PCM WAV or differs from the first in channels or rate; ENOENT passes through
 */
export async function joinWavs(paths: readonly string[]): Promise<JoinedWav> {
  const parts = await Promise.all(paths.map(layout));
  const [one] = parts;
  if (!one) throw new WavUnreadable('no parts to join');
  if (parts.some((p) => p.channels !== one.channels || p.rateHz !== one.rateHz)) throw new WavUnreadable('the parts differ in channels or rate');
  const dataBytes = parts.reduce((sum, p) => sum + p.piece.length, 0);
  const pieces: Piece[] = [{ bytes: wavHeader(one.channels, one.rateHz, dataBytes) }, ...parts.map((p) => p.piece)];
  return {
    size: WAV_HEADER_BYTES + dataBytes,
    etag: `"${parts.map((p) => `${p.changedAt.toString(36)}-${p.piece.length.toString(36)}`).join('.')}"`,
    read: (range) => read(pieces, range),
  };
}

async function layout(path: string) {
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const head = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    const { channels, rateHz, coding, bits, dataAt, dataBytes } = parseWavHeader(head.subarray(0, bytesRead));
    if (coding !== 'pcm' || bits !== 16) throw new WavUnreadable(`${path} is not 16 bit PCM`);
    const length = Math.max(0, Math.min(dataBytes ?? size, size - dataAt));
    return { channels, rateHz, changedAt: Math.round(mtimeMs), piece: { path, from: dataAt, length } };
  } finally {
    await file.close();
  }
}

async function* read(pieces: readonly Piece[], { first, last }: ByteRange): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const piece of pieces) {
    const length = lengthOf(piece);
    const from = Math.max(0, first - at);
    const to = Math.min(length - 1, last - at);
    at += length;
    if (from > to) continue;
    if ('bytes' in piece) yield piece.bytes.subarray(from, to + 1);
    else yield* createReadStream(piece.path, { start: piece.from + from, end: piece.from + to }) as AsyncIterable<Uint8Array>;
  }
}
