import type { Ms } from '../../../base/index.js';
import { sequenceDistance, timestampDistance } from './packet.js';

/**
 * The one outgoing stream of a channel: one SSRC, a sequence without holes of our making and a timestamp that follows
 * the clock, whoever provides the audio. Sources take turns (music, bridge, music); each joins where the last stopped.
 */
export interface Line {
  readonly ssrc: number;
  /** Of the last packet in order. */
  sequence: number;
  timestamp: number;
  /** When it left, and how much audio it carried. */
  sentAt: Ms | undefined;
  samples: number;
  packets: number;
  bytes: number;
  /** How the stream that is now forwarded maps to ours; undefined: own audio was sent last. */
  relay: Relay | undefined;
}

interface Relay {
  readonly ssrc: number;
  readonly sequenceOffset: number;
  readonly timestampOffset: number;
  lastIn: number;
  lastInTimestamp: number;
  /** Sequence numbers since the stream joined: what is older must not be sent, it would overlap. */
  reach: number;
}

export interface Place {
  sequence: number;
  timestamp: number;
  marker: boolean;
}

/** Forwarded timestamps may run ahead of or behind our clock by this much before the stream is taken to have jumped. */
const JUMP_SAMPLES = 8_000;
const MAX_SEQUENCE_STEP = 1_000;

export const createLine = (ssrc: number, sequence: number, timestamp: number): Line => ({
  ssrc, sequence, timestamp, sentAt: undefined, samples: 0, packets: 0, bytes: 0, relay: undefined,
});

/** Where the next own packet begins: right after the last, or later by the clock. */
function nextTimestamp(line: Line, now: Ms): number {
  if (line.sentAt === undefined) return line.timestamp;
  const passed = Math.round((now - line.sentAt) * 8);
  return (line.timestamp + Math.max(line.samples, passed)) >>> 0;
}

/** Place of a packet of our own that begins a talkspurt (`joins`) or follows the last one directly. */
export function placeOwn(line: Line, joins: boolean, samples: number, now: Ms, place: Place): void {
  const fresh = joins || line.sentAt === undefined;
  place.timestamp = fresh ? nextTimestamp(line, now) : (line.timestamp + line.samples) >>> 0;
  place.sequence = (line.sequence + 1) & 0xffff;
  place.marker = fresh;
  line.relay = undefined;
  advance(line, place, samples, now);
}

/** Place of a packet within an event of RFC 4733: all share the timestamp of the first. */
export function placeEvent(line: Line, first: boolean, now: Ms, place: Place): void {
  if (first) {
    placeOwn(line, true, 0, now, place);
    return;
  }
  place.timestamp = line.timestamp;
  place.sequence = (line.sequence + 1) & 0xffff;
  place.marker = false;
  line.sequence = place.sequence;
  line.relay = undefined;
}

/**
 * Place of a forwarded packet, keeping the losses and the order it came with.
 * @param samples audio in it; 0 for an event of RFC 4733, whose timestamp may lie behind the audio's
 * @returns false: a duplicate, or from before our switch to this stream
 */
export function placeRelayed(line: Line, ssrc: number, sequence: number, timestamp: number, marker: boolean, samples: number, now: Ms, place: Place): boolean {
  const { relay } = line;
  if (relay?.ssrc !== ssrc || jumped(relay, sequence, timestamp, samples, now - (line.sentAt ?? now))) {
    joinRelay(line, ssrc, sequence, timestamp, samples, now, place);
    return true;
  }
  const step = sequenceDistance(relay.lastIn, sequence);
  if (step === 0 || relay.reach + step <= 0) return false;
  place.sequence = (sequence + relay.sequenceOffset) & 0xffff;
  place.timestamp = (timestamp + relay.timestampOffset) >>> 0;
  place.marker = marker;
  if (step < 0) return true;
  relay.lastIn = sequence;
  relay.reach += step;
  line.sequence = place.sequence;
  if (timestampDistance(relay.lastInTimestamp, timestamp) < 0) return true;
  relay.lastInTimestamp = timestamp;
  advance(line, place, samples, now);
  return true;
}

function joinRelay(line: Line, ssrc: number, sequence: number, timestamp: number, samples: number, now: Ms, place: Place): void {
  place.sequence = (line.sequence + 1) & 0xffff;
  place.timestamp = nextTimestamp(line, now);
  place.marker = true;
  line.relay = {
    ssrc,
    sequenceOffset: (place.sequence - sequence) & 0xffff,
    timestampOffset: (place.timestamp - timestamp) >>> 0,
    lastIn: sequence,
    lastInTimestamp: timestamp,
    reach: 0,
  };
  advance(line, place, samples, now);
}

function jumped(relay: Relay, sequence: number, timestamp: number, samples: number, sinceMs: Ms): boolean {
  const step = sequenceDistance(relay.lastIn, sequence);
  if (Math.abs(step) > MAX_SEQUENCE_STEP) return true;
  if (step <= 0) return false;
  const moved = timestampDistance(relay.lastInTimestamp, timestamp);
  return (moved < 0 && samples > 0) || moved > sinceMs * 8 + JUMP_SAMPLES;
}

function advance(line: Line, place: Place, samples: number, now: Ms): void {
  line.sequence = place.sequence;
  line.timestamp = place.timestamp;
  line.sentAt = now;
  line.samples = samples;
}
