import type { Ms } from '../../../base/index.js';
import { wavHeader, WAV_HEADER_BYTES } from '../../../audio/index.js';
import type { Recording, RecordingResult, RecordOptions } from '../channel/types.js';
import { RATE_HZ, type Codec } from '../codec/codec.js';
import type { RtpHeader } from '../rtp/packet.js';
import { createTape, hearPacket, readTape, type Side } from './tape.js';
import { createFileWriter, RecordingFailed } from './writer.js';

/** A recording as its channel feeds it. */
export interface Recorder extends Recording {
  /** Audio of one side: the phone's own, or what it is sent. Decodes at once; keeps nothing of `packet`. */
  hear(side: Side, header: RtpHeader, packet: Uint8Array, codec: Codec, now: Ms): void;
  /** Hands to the disk what is old enough. */
  flush(now: Ms): void;
}

type End = RecordingResult | { readonly error: Error };

const SAMPLES_PER_MS = RATE_HZ / 1_000;
/** What is younger is kept back from the disk: most late packets have come by then; later ones are written over. */
const HOLD_BACK = 800;

/** @param onEnd called once, when nothing more is to be heard or flushed */
export function createRecorder(path: string, options: RecordOptions, startedAt: Ms, clock: () => Ms, onEnd: () => void): Recorder {
  const tape = createTape(options);
  const { frameBytes } = tape.layout;
  const writer = createFileWriter(path, failed);
  let state: 'on' | 'masked' | 'ended' = 'on';
  let finalFrames: number | undefined;
  let settle: (end: End) => void = () => undefined;
  const ended = new Promise<End>((resolve) => (settle = resolve));
  writer.write(0, wavHeader(frameBytes / 2, RATE_HZ));

  const framesAt = (now: Ms): number => Math.round(Math.min(now - startedAt, options.maxMs ?? Number.POSITIVE_INFINITY) * SAMPLES_PER_MS);
  const put = (frame: number, bytes: Uint8Array): void => writer.write(WAV_HEADER_BYTES + frame * frameBytes, bytes);

  function close(): void {
    if (state === 'ended') return;
    state = 'ended';
    onEnd();
  }
  function failed(cause: unknown): void {
    close();
    settle({ error: cause instanceof RecordingFailed ? cause : new RecordingFailed(`cannot record to ${path}`, { cause }) });
  }
  async function finish(frames: number): Promise<void> {
    close();
    readTape(tape, frames, put);
    writer.write(0, wavHeader(frameBytes / 2, RATE_HZ, frames * frameBytes));
    await writer.close();
    settle({ path, ms: frames / SAMPLES_PER_MS, bytes: WAV_HEADER_BYTES + frames * frameBytes });
  }
  async function stop(): Promise<RecordingResult> {
    if (state !== 'ended') await finish((finalFrames = framesAt(clock()))).catch(failed);
    const end = await ended;
    if ('error' in end) throw end.error;
    return end;
  }
  function flush(now: Ms): void {
    if (state === 'ended') return;
    const goal = framesAt(now) - HOLD_BACK;
    if (goal > tape.written) readTape(tape, goal, put);
    // Whoever waits for the end hears of a failure through `ended`.
    if (options.maxMs !== undefined && now - startedAt >= options.maxMs) void stop().catch(() => undefined);
  }
  return {
    path,
    ended,
    stop,
    flush,
    hear: (side, header, packet, codec, now) => hearPacket(tape, side, header, packet, codec, (now - startedAt) * SAMPLES_PER_MS, state !== 'on', () => flush(now)),
    mask: () => void (state = state === 'on' ? 'masked' : state),
    unmask: () => void (state = state === 'masked' ? 'on' : state),
    elapsedMs: () => (finalFrames ?? framesAt(clock())) / SAMPLES_PER_MS,
  };
}
