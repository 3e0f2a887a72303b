import type { Ms } from '../../../base/index.js';
import { wavHeader, WAV_HEADER_BYTES } from '../../../audio/index.js';
import type { Recording, RecordingResult, RecordOptions } from '../channel/types.js';
import { RATE_HZ, type Codec } from '../codec/codec.js';
import type { RtpHeader } from '../rtp/packet.js';
import { createTimeline, placePacket } from './timeline.js';
import { createTrack, forgetBefore, sampleAt, TRACK_SAMPLES, writeTrack, type Track } from './track.js';
import { createFileWriter, RecordingFailed } from './writer.js';

export type Side = 'in' | 'out';

/** A recording as its channel feeds it. */
export interface Recorder extends Recording {
  /** Audio of one side: the phone's own, or what it is sent. Decodes at once; keeps nothing of `packet`. */
  hear(side: Side, header: RtpHeader, packet: Uint8Array, codec: Codec, now: Ms): void;
  /** Hands to the disk what is old enough. */
  flush(now: Ms): void;
}

/** What is younger is kept back from the disk: most late packets have come by then; later ones are written over. */
const HOLD_BACK = 800;
/** How long a packet may still change what is on disk. */
const REWRITABLE = 16_000;

/** @param onEnd called once, when nothing more is to be heard or flushed */
export function createRecorder(path: string, options: RecordOptions, startedAt: Ms, clock: () => Ms, onEnd: () => void): Recorder {
  const sides = { in: { track: createTrack(), timeline: createTimeline() }, out: { track: createTrack(), timeline: createTimeline() } };
  const layout = layoutOf(options, sides.in.track, sides.out.track);
  const frameBytes = layout.channels.length * 2;
  let state: 'on' | 'masked' | 'ended' = 'on';
  let flushed = 0;
  let settle: (end: RecordingResult | { error: Error }) => void;
  const ended = new Promise<RecordingResult | { error: Error }>((resolve) => (settle = resolve));
  const writer = createFileWriter(path, (error) => {
    close();
    settle({ error });
  });
  writer.write(0, wavHeader(layout.channels.length, RATE_HZ));

  const lengthAt = (now: Ms): number => Math.round(Math.min(now - startedAt, options.maxMs ?? Number.POSITIVE_INFINITY) * (RATE_HZ / 1_000));
  let finalLength: number | undefined;

  function close(): void {
    if (state === 'ended') return;
    state = 'ended';
    onEnd();
  }
  function put(frame: number, bytes: Uint8Array): void {
    writer.write(WAV_HEADER_BYTES + frame * frameBytes, bytes);
  }
  function write(to: number): void {
    const { base } = sides.in.track;
    const from = Math.max(base, Math.min(flushed, sides.in.track.dirtyFrom, sides.out.track.dirtyFrom));
    const held = Math.min(to, base + TRACK_SAMPLES);
    if (held > from) put(from, layout.render(from, held));
    // The process stood still: what the tracks cannot hold is silence, a hole in the file.
    if (to > held) put(to - 1, new Uint8Array(frameBytes));
    flushed = to;
    for (const { track } of Object.values(sides)) {
      track.dirtyFrom = Number.POSITIVE_INFINITY;
      forgetBefore(track, to - REWRITABLE);
    }
  }
  async function finish(): Promise<void> {
    const frames = (finalLength = lengthAt(clock()));
    close();
    write(frames);
    writer.write(0, wavHeader(layout.channels.length, RATE_HZ, frames * frameBytes));
    await writer.close();
    settle({ path, ms: (frames * 1_000) / RATE_HZ, bytes: WAV_HEADER_BYTES + frames * frameBytes });
  }
  async function stop(): Promise<RecordingResult> {
    if (finalLength === undefined && state !== 'ended') await finish().catch(failed);
    const end = await ended;
    if ('error' in end) throw end.error;
    return end;
  }
  function failed(cause: unknown): void {
    settle({ error: cause instanceof RecordingFailed ? cause : new RecordingFailed(`cannot record to ${path}`, { cause }) });
  }
  function flush(now: Ms): void {
    if (state === 'ended') return;
    if (options.maxMs !== undefined && now - startedAt >= options.maxMs) {
      // Whoever waits for the end hears of a failure through `ended`.
      void stop().catch(() => undefined);
      return;
    }
    const goal = lengthAt(now) - HOLD_BACK;
    if (goal > flushed) write(goal);
  }
  return {
    path,
    ended,
    stop,
    flush,
    hear(side, header, packet, codec, now) {
      const { timeline, track } = sides[side];
      const at = placePacket(timeline, header.ssrc, header.sequence, header.timestamp, header.marker, header.payloadEnd - header.payloadAt, (now - startedAt) * (RATE_HZ / 1_000));
      if (at === undefined || state !== 'on') return;
      if (at > track.base + TRACK_SAMPLES - RATE_HZ / 2) flush(now);
      writeTrack(track, at, packet, header.payloadAt, header.payloadEnd, codec.decode);
    },
    mask() {
      if (state === 'on') state = 'masked';
    },
    unmask() {
      if (state === 'masked') state = 'on';
    },
    elapsedMs: () => (finalLength ?? lengthAt(clock())) / (RATE_HZ / 1_000),
  };
}

interface Layout {
  readonly channels: readonly unknown[];
  render(from: number, to: number): Uint8Array;
}

function layoutOf({ stereo = true, swap = false, only }: RecordOptions, heardIn: Track, heardOut: Track): Layout {
  const channels = only ? [only === 'in' ? heardIn : heardOut] : swap ? [heardOut, heardIn] : [heardIn, heardOut];
  if (only === undefined && !stereo) return { channels: [channels], render: (from, to) => render(from, to, 1, (p) => clip(sampleAt(heardIn, p) + sampleAt(heardOut, p))) };
  const [first = heardIn, second] = channels;
  if (!second) return { channels, render: (from, to) => render(from, to, 1, (p) => sampleAt(first, p)) };
  return {
    channels,
    render(from, to) {
      const out = new Int16Array((to - from) * 2);
      for (let p = from, i = 0; p < to; p += 1, i += 2) {
        out[i] = sampleAt(first, p);
        out[i + 1] = sampleAt(second, p);
      }
      return new Uint8Array(out.buffer);
    },
  };
}

const clip = (sum: number): number => (sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : sum);

function render(from: number, to: number, channels: number, sample: (position: number) => number): Uint8Array {
  const out = new Int16Array((to - from) * channels);
  for (let p = from; p < to; p += 1) out[p - from] = sample(p);
  return new Uint8Array(out.buffer);
}
