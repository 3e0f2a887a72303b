/** One channel of a recording: the last four seconds of samples, written in any order and read once in order. */
export interface Track {
  readonly samples: Int16Array;
  /** The oldest position still held. */
  base: number;
  /** One past the last sample written. */
  end: number;
  /** Lowest position written since the last read: what a late packet changed has to be read again. */
  dirtyFrom: number;
}

/** Samples held; a power of two. */
export const TRACK_SAMPLES = 32_768;
const MASK = TRACK_SAMPLES - 1;
/** A gap this small is left by drift correction and filled, not silence. */
const SEAM = 8;

export const createTrack = (): Track => ({ samples: new Int16Array(TRACK_SAMPLES), base: 0, end: 0, dirtyFrom: Number.POSITIVE_INFINITY });

/** Decodes `bytes[from..to)` by `table` to `position` on. What lies outside the held stretch is left out. */
export function writeTrack(track: Track, position: number, bytes: Uint8Array, from: number, to: number, table: Int16Array): void {
  const { samples, base } = track;
  let first = position;
  let i = from;
  if (first < base) {
    i += base - first;
    first = base;
  }
  const last = Math.min(position + to - from, base + TRACK_SAMPLES);
  if (first >= last) return;
  const gap = first - track.end;
  if (gap > 0 && gap <= SEAM && track.end > base) {
    const held = samples[(track.end - 1) & MASK] ?? 0;
    for (let p = track.end; p < first; p += 1) samples[p & MASK] = held;
    first = track.end;
    i -= gap;
    for (let p = first + gap; p < last; p += 1) samples[p & MASK] = table[bytes[i + p - first] ?? 0] ?? 0;
  } else {
    for (let p = first; p < last; p += 1, i += 1) samples[p & MASK] = table[bytes[i] ?? 0] ?? 0;
  }
  if (last > track.end) track.end = last;
  if (first < track.dirtyFrom) track.dirtyFrom = first;
}

/** Moves what was written since `to + by` so that it begins at `to`; behind it is silence. */
export function pullTrack(track: Track, to: number, by: number): void {
  const { samples } = track;
  const first = Math.max(to, track.base);
  if (first + by >= track.end) return;
  for (let p = first; p < track.end; p += 1) samples[p & MASK] = p + by < track.end ? (samples[(p + by) & MASK] ?? 0) : 0;
  track.end -= by;
  if (first < track.dirtyFrom) track.dirtyFrom = first;
}

/** The sample at a held position; silence where nothing was written. */
export const sampleAt = (track: Track, position: number): number => track.samples[position & MASK] ?? 0;

/** Gives up everything before `base` and makes room for as much ahead. */
export function forgetBefore(track: Track, base: number): void {
  const to = Math.min(base, track.base + TRACK_SAMPLES);
  for (let p = track.base; p < to; p += 1) track.samples[p & MASK] = 0;
  track.base = Math.max(track.base, base);
}
