import { sequenceDistance, timestampDistance } from '../rtp/packet.js';

/**
 * Where a received packet belongs on a recording's time axis, in samples of 8 kHz since the recording began. The RTP
 * timestamp decides the spacing, the arrival clock the position: the earliest arrival of the last seconds shows how far
 * the sender's clock has run from ours (a busy machine only makes packets later), and a difference that matters is
 * worked off by single samples, unheard.
 */
export interface Timeline {
  ssrc: number | undefined;
  sequence: number;
  timestamp: number;
  /** Of the packet with that sequence and timestamp. */
  position: number;
  arrivedAt: number;
  /** Position and arrival of the packet by which the stream was placed. */
  anchor: number;
  anchoredAt: number;
  /** By so many samples everything since the anchor has to move to an earlier place. */
  pulled: number;
  /** Samples still to be worked off: positive moves later. */
  debt: number;
  /** Whether the debt is paid with the next packet instead of sample by sample. */
  atOnce: boolean;
  /** Packets since the last sample was paid. */
  rest: number;
  windowFrom: number;
  windowPackets: number;
  windowMin: number;
  /** Minima of the windows before, as they would be had the position always been what it is now. */
  minima: number[];
}

/** A packet cannot be this far ahead of its arrival: the sender's timestamp has jumped, or the first packets were held up. */
const MAX_AHEAD = 800;
/** A held-up beginning is followed by a burst; once that is over the difference is made good. */
const BURST_WINDOW = 1_600;
const MAX_BURST = 8_000;
/** A talkspurt that begins this late was preceded by a pause the timestamps do not show. */
const MARKED_PAUSE = 320;
/** Timestamps may run this far beyond what the clock allows (a burst after a stall) before they are a jump. */
const MAX_GAP_SURPLUS = 16_000;
/** Packets older than this come too late for the file. */
const MAX_LATE = 12_000;
const MAX_SEQUENCE_STEP = 3_000;
/** A packet that comes this much of its distance after the one before is of no burst. */
const PACED = 0.75;
const WINDOW = 8_000;
const WINDOW_MIN_PACKETS = 10;
/** So many windows together say where the clock is. */
const WINDOWS = 4;
/** Within 6 ms the clocks agree; once they do not, the difference is worked off down to 1 ms. */
const DEAD_BAND = 48;
const CLOSE = 8;
/** Beyond 60 ms the difference is no drift: it is made good at once. */
const SNAP = 480;
/** One sample in two packets, 0.3 %: a tone stays that tone. */
const PACKETS_A_SAMPLE = 2;

export const createTimeline = (): Timeline => ({
  ssrc: undefined, sequence: 0, timestamp: 0, position: 0, arrivedAt: 0, anchor: 0, anchoredAt: 0, pulled: 0, debt: 0, atOnce: false, rest: 0, windowFrom: 0, windowPackets: 0, windowMin: 0, minima: [],
});

/**
 * @param at arrival in samples since the recording began; the packet's audio was spoken before that
 * @returns its first sample's position (negative when it began before the recording), or undefined: not to be written
 */
export function placePacket(t: Timeline, ssrc: number, sequence: number, timestamp: number, marker: boolean, samples: number, at: number): number | undefined {
  const natural = Math.round(at) - samples;
  const step = sequenceDistance(t.sequence, sequence);
  if (t.ssrc !== ssrc || Math.abs(step) > MAX_SEQUENCE_STEP) return anchor(t, ssrc, sequence, timestamp, natural, at);
  const moved = timestampDistance(t.timestamp, timestamp);
  if (step <= 0) return step < 0 && moved <= 0 && moved > -MAX_LATE ? t.position + moved : undefined;
  if (moved < 0 || moved > at - t.arrivedAt + MAX_GAP_SURPLUS) return anchor(t, ssrc, sequence, timestamp, natural, at);
  const late = natural - (t.position + moved);
  const limit = moved <= step * samples ? MAX_BURST : MAX_AHEAD;
  if (late < -limit || (marker && late > MARKED_PAUSE)) return anchor(t, ssrc, sequence, timestamp, natural, at);
  const paced = at - t.arrivedAt >= moved * PACED;
  follow(t, sequence, timestamp, t.position + moved + nudge(t), at);
  observe(t, natural - t.position, at);
  if (paced && at - t.anchoredAt < WINDOW) pull(t, t.position - natural);
  return t.position;
}

function anchor(t: Timeline, ssrc: number, sequence: number, timestamp: number, position: number, at: number): number {
  t.ssrc = ssrc;
  t.anchor = position;
  t.anchoredAt = at;
  t.pulled = 0;
  t.debt = 0;
  t.atOnce = false;
  t.minima = [];
  follow(t, sequence, timestamp, position, at);
  openWindow(t, at);
  return position;
}

/** No packet comes before it was sent: one that is early, and of no burst, shows that those since the anchor were placed too late. */
function pull(t: Timeline, early: number): void {
  if (early <= DEAD_BAND) return;
  t.position -= early;
  t.anchor -= early;
  t.windowMin += early;
  t.pulled += early;
  t.debt = 0;
}

function follow(t: Timeline, sequence: number, timestamp: number, position: number, at: number): void {
  t.sequence = sequence;
  t.timestamp = timestamp;
  t.position = position;
  t.arrivedAt = at;
}

function nudge(t: Timeline): number {
  if (t.debt === 0) return 0;
  t.rest += 1;
  if (!t.atOnce && t.rest < PACKETS_A_SAMPLE) return 0;
  const part = t.atOnce ? t.debt : Math.sign(t.debt);
  t.rest = 0;
  t.debt -= part;
  t.atOnce = false;
  t.minima = t.minima.map((late) => late - part);
  return part;
}

function openWindow(t: Timeline, at: number): void {
  t.windowFrom = at;
  t.windowPackets = 0;
  t.windowMin = Number.POSITIVE_INFINITY;
}

function observe(t: Timeline, late: number, at: number): void {
  t.windowPackets += 1;
  if (late < t.windowMin) t.windowMin = late;
  if (at - t.windowFrom < (t.windowMin < -MAX_AHEAD ? BURST_WINDOW : WINDOW) || t.windowPackets < WINDOW_MIN_PACKETS) return;
  const first = t.minima.length === 0;
  t.minima = [...t.minima.slice(1 - WINDOWS), t.windowMin];
  const far = Math.abs(t.windowMin) > SNAP;
  const difference = far ? t.windowMin : Math.min(...t.minima);
  const working = t.debt !== 0;
  t.debt = Math.abs(difference) > (working ? CLOSE : DEAD_BAND) ? Math.round(difference) : 0;
  // What its first packet was late by is no drift either.
  t.atOnce = t.debt !== 0 && (far || first);
  openWindow(t, at);
}
