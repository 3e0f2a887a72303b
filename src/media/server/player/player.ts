import type { Ms } from '../../../base/index.js';
import type { Playback, PlayEnd, PlayOptions, PlaySource } from '../channel/types.js';
import type { MediaClock } from '../clock/clock.js';
import { FRAME_MS, FRAME_SAMPLES, RATE_HZ } from '../codec/codec.js';
import { readLoops, type Pieces } from './reader.js';

/** Where 20 ms of audio go. `joins`: they do not follow the frame before them directly. No samples: the last frame was that. */
export type FrameSink = (samples: Int16Array, joins: boolean, now: Ms) => void;

/** Audio read ahead of the clock; below half of it reading goes on. */
const AHEAD_SAMPLES = RATE_HZ;

const NO_SAMPLES = new Int16Array(0);

interface Buffered {
  readonly pieces: Int16Array[];
  samples: number;
  /** Samples of the first piece that are gone. */
  taken: number;
  /** Why nothing more will be read. */
  over: 'done' | { error: Error } | undefined;
}

/** Moves samples to `frame`, silence where there are none. @returns how many were there */
function take(buffer: Buffered, frame: Int16Array): number {
  let filled = 0;
  while (filled < frame.length) {
    const [piece] = buffer.pieces;
    if (!piece) break;
    const part = piece.subarray(buffer.taken, buffer.taken + frame.length - filled);
    frame.set(part, filled);
    filled += part.length;
    buffer.taken += part.length;
    if (buffer.taken < piece.length) continue;
    buffer.pieces.shift();
    buffer.taken = 0;
  }
  buffer.samples -= filled;
  frame.fill(0, filled);
  return filled;
}

/** Reads on until enough is buffered. Disk and decoding happen here, never in a tick. */
function createFiller(pieces: Pieces, buffer: Buffered, onPiece: () => void): { fill(): void; close(): void } {
  let busy = false;
  async function run(): Promise<void> {
    busy = true;
    try {
      while (buffer.samples < AHEAD_SAMPLES && buffer.over === undefined) {
        const next = await pieces.next();
        if (next.done) buffer.over = 'done';
        else {
          buffer.pieces.push(next.value);
          buffer.samples += next.value.length;
        }
        onPiece();
      }
    } catch (cause) {
      buffer.over = { error: cause instanceof Error ? cause : new Error('reading the source failed', { cause }) };
      onPiece();
    }
    busy = false;
  }
  return {
    fill() {
      if (!busy && buffer.over === undefined) void run();
    },
    close() {
      buffer.over ??= 'done';
      // Closes the file; a read under way is finished first.
      void pieces.return().catch(() => undefined);
    },
  };
}

/** Plays a source by the clock. The first frame leaves as soon as it is read. */
export function createPlayer(source: PlaySource, options: PlayOptions, clock: MediaClock, sink: FrameSink, onEnd: (end: PlayEnd) => void): Playback {
  const buffer: Buffered = { pieces: [], samples: 0, taken: 0, over: undefined };
  const frame = new Int16Array(FRAME_SAMPLES);
  let settle: (end: PlayEnd) => void;
  const done = new Promise<PlayEnd>((resolve) => (settle = resolve));
  let leave: (() => void) | undefined;
  let paused = false;
  let ended = false;
  let played = 0;

  const filler = createFiller(readLoops(source, options.loops ?? 1), buffer, () => {
    if (leave || ended || (buffer.samples < FRAME_SAMPLES && buffer.over === undefined)) return;
    leave = clock.join(tick);
    emit(true, clock.now());
  });

  function end(how: PlayEnd): void {
    if (ended) return;
    ended = true;
    if (leave) {
      leave();
      sink(NO_SAMPLES, false, clock.now());
    }
    filler.close();
    onEnd(how);
    settle(how);
  }
  function emit(joins: boolean, now: Ms): void {
    if (buffer.over !== undefined && buffer.samples === 0) return end(buffer.over);
    if (paused) frame.fill(0);
    else played += take(buffer, frame);
    sink(frame, joins, now);
    if (buffer.samples < AHEAD_SAMPLES / 2) filler.fill();
  }
  function tick(now: Ms, missed: number): void {
    emit(missed > 0, now);
  }
  filler.fill();
  return {
    done,
    stop: () => end('stopped'),
    pause: () => void (paused = true),
    resume: () => void (paused = false),
    playedMs: () => (played / FRAME_SAMPLES) * FRAME_MS,
  };
}
