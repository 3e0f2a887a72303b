import type { Ms } from '../../../base/index.js';
import { createResampler, type Resampler } from '../../../audio/index.js';
import type { RecordOptions } from '../channel/types.js';
import { FRAME_SAMPLES, RATE_HZ, type Codec } from '../codec/codec.js';
import { createTape, hearPacket, type Side } from '../recorder/tape.js';
import { forgetBefore } from '../recorder/track.js';
import type { RtpHeader } from '../rtp/packet.js';
import { FRAME_MS, type Mix } from './arguments.js';

/** The audio of a channel as frames of 20 ms, in time with the clock: where nobody sends anything there is silence. */
export interface ForkAudio {
  /** Decodes at once; keeps nothing of `packet`. */
  hear(side: Side, header: RtpHeader, packet: Uint8Array, codec: Codec, now: Ms): void;
  /** What is complete, or will not become so: L16 little-endian, interleaved. */
  take(now: Ms): readonly Buffer[];
  /** Forgets what was not taken. */
  skip(now: Ms): void;
}

const SAMPLES_PER_MS = RATE_HZ / 1_000;
/** The last packet is kept back until the next has come: it may be the second of two that changed places. */
const REORDER = FRAME_SAMPLES;
/** Longest wait for a packet; then there is silence in its place. */
const PATIENCE = 160 * SAMPLES_PER_MS;
/** Further behind than that, the process stood still, and what was missed is not made up for. */
const FAR_BEHIND = 2_000 * SAMPLES_PER_MS;
/** A look this late comes before the packets that arrived meanwhile have been read. */
const LATE_LOOK: Ms = 3 * FRAME_MS;

const LAYOUTS: Readonly<Record<Mix, RecordOptions>> = { mono: { only: 'in' }, mixed: { stereo: false }, stereo: { stereo: true } };

export function createForkAudio(mix: Mix, rateHz: number, startedAt: Ms): ForkAudio {
  const tape = createTape(LAYOUTS[mix]);
  const tracks = mix === 'mono' ? [tape.in.track] : [tape.in.track, tape.out.track];
  const toFrames = framer(mix === 'stereo' ? 2 : 1, rateHz);
  let lookedAt = startedAt;

  const samplesAt = (now: Ms): number => Math.floor((now - startedAt) * SAMPLES_PER_MS);
  const moveTo = (position: number): void => {
    tape.written = position;
    for (const track of tracks) forgetBefore(track, position);
  };
  const late = (now: Ms): boolean => {
    const waited = now - lookedAt;
    lookedAt = now;
    return waited > LATE_LOOK;
  };
  return {
    hear(side, header, packet, codec, now) {
      if (mix === 'mono' && side === 'out') return;
      hearPacket(tape, side, header, packet, codec, (now - startedAt) * SAMPLES_PER_MS, false, () => moveTo(samplesAt(now) - FAR_BEHIND));
    },
    take(now) {
      if (late(now)) return [];
      const at = samplesAt(now);
      const complete = Math.min(at, ...tracks.map((track) => track.end - REORDER));
      if (at - tape.written > FAR_BEHIND) moveTo(at - FAR_BEHIND);
      const due = Math.max(complete, at - PATIENCE);
      const frames = Math.floor((due - tape.written) / FRAME_SAMPLES);
      if (frames <= 0) return [];
      const to = tape.written + frames * FRAME_SAMPLES;
      const bytes = tape.layout.render(tape.written, to);
      moveTo(to);
      return toFrames(bytes);
    },
    skip(now) {
      late(now);
      moveTo(Math.max(tape.written, samplesAt(now) - PATIENCE));
    },
  };
}

/** Interleaved 8 kHz samples → frames of 20 ms at another rate. */
function framer(channels: number, rateHz: number): (bytes: Uint8Array) => Buffer[] {
  const frameBytes = (rateHz / 1_000) * FRAME_MS * 2 * channels;
  const resamplers = Array.from({ length: channels }, () => createResampler(RATE_HZ, rateHz));
  let rest: Uint8Array = new Uint8Array(0);
  return (bytes) => {
    const all = Buffer.concat([rest, rateHz === RATE_HZ ? bytes : converted(bytes, resamplers)]);
    const frames = Array.from({ length: Math.floor(all.length / frameBytes) }, (_, i) => all.subarray(i * frameBytes, (i + 1) * frameBytes));
    rest = all.subarray(frames.length * frameBytes);
    return frames;
  };
}

function converted(bytes: Uint8Array, resamplers: readonly Resampler[]): Uint8Array {
  const channels = resamplers.length;
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const done = resamplers.map((resampler, c) => resampler.push(channels === 1 ? samples : samples.filter((_, i) => i % channels === c)));
  const out = new Int16Array((done[0]?.length ?? 0) * channels);
  done.forEach((one, c) => one.forEach((sample, i) => (out[i * channels + c] = sample)));
  return new Uint8Array(out.buffer);
}
