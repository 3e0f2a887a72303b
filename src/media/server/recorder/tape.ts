import type { RecordOptions } from '../channel/types.js';
import type { Codec } from '../codec/codec.js';
import type { RtpHeader } from '../rtp/packet.js';
import { createTimeline, placePacket, type Timeline } from './timeline.js';
import { createTrack, forgetBefore, pullTrack, sampleAt, TRACK_SAMPLES, writeTrack, type Track } from './track.js';

export type Side = 'in' | 'out';

/** The last seconds of both sides, and how they come to lie in the file. */
export interface Tape {
  readonly in: Reel;
  readonly out: Reel;
  readonly layout: Layout;
  /** Frames of the file that are written. */
  written: number;
}

interface Reel {
  readonly timeline: Timeline;
  readonly track: Track;
}

interface Layout {
  readonly frameBytes: number;
  /** Little-endian samples of the positions `from` to `to`. */
  render(from: number, to: number): Uint8Array;
}

/** How long a packet may still change what is on disk. */
const REWRITABLE = 16_000;
/** Room ahead that is never used up by packets alone: beyond it the tape has to be read first. */
const HEADROOM = 4_000;

export function createTape(options: RecordOptions): Tape {
  const reel = (): Reel => ({ timeline: createTimeline(), track: createTrack() });
  const [heardIn, heardOut] = [reel(), reel()];
  return { in: heardIn, out: heardOut, layout: layoutOf(options, heardIn.track, heardOut.track), written: 0 };
}

/**
 * Puts a packet in its place.
 * @param at its arrival in samples since the recording began
 * @param makeRoom called when the tape has not been read for so long that there is no room left
 */
export function hearPacket(tape: Tape, side: Side, header: RtpHeader, packet: Uint8Array, codec: Codec, at: number, masked: boolean, makeRoom: () => void): void {
  const { timeline, track } = tape[side];
  const { payloadAt, payloadEnd } = header;
  const place = placePacket(timeline, header.ssrc, header.sequence, header.timestamp, header.marker, payloadEnd - payloadAt, at);
  if (timeline.pulled > 0) {
    pullTrack(track, timeline.anchor, timeline.pulled);
    timeline.pulled = 0;
  }
  if (place === undefined || masked) return;
  if (place > track.base + TRACK_SAMPLES - HEADROOM) makeRoom();
  writeTrack(track, place, packet, payloadAt, payloadEnd, codec.decode);
}

/** Hands out what is new up to frame `to`, and what late packets changed before. */
export function readTape(tape: Tape, to: number, put: (frame: number, bytes: Uint8Array) => void): void {
  const tracks = [tape.in.track, tape.out.track];
  const { base } = tape.in.track;
  const from = Math.max(base, Math.min(tape.written, ...tracks.map((t) => t.dirtyFrom)));
  const held = Math.min(to, base + TRACK_SAMPLES);
  if (held > from) put(from, tape.layout.render(from, held));
  // The process stood still: what the tracks cannot hold is silence, a hole in the file.
  if (to > held) put(to - 1, new Uint8Array(tape.layout.frameBytes));
  tape.written = to;
  for (const track of tracks) {
    track.dirtyFrom = Number.POSITIVE_INFINITY;
    forgetBefore(track, to - REWRITABLE);
  }
}

function layoutOf({ stereo = true, swap = false, only }: RecordOptions, heardIn: Track, heardOut: Track): Layout {
  if (only) return oneChannel((p) => sampleAt(only === 'in' ? heardIn : heardOut, p));
  if (!stereo) return oneChannel((p) => clip(sampleAt(heardIn, p) + sampleAt(heardOut, p)));
  const [left, right] = swap ? [heardOut, heardIn] : [heardIn, heardOut];
  return {
    frameBytes: 4,
    render(from, to) {
      const out = new Int16Array((to - from) * 2);
      for (let p = from, i = 0; p < to; p += 1, i += 2) {
        out[i] = sampleAt(left, p);
        out[i + 1] = sampleAt(right, p);
      }
      return new Uint8Array(out.buffer);
    },
  };
}

const clip = (sum: number): number => (sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : sum);

function oneChannel(sample: (position: number) => number): Layout {
  return {
    frameBytes: 2,
    render(from, to) {
      const out = new Int16Array(to - from);
      for (let p = from; p < to; p += 1) out[p - from] = sample(p);
      return new Uint8Array(out.buffer);
    },
  };
}
