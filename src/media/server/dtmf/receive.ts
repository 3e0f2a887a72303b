import type { Ms } from '../../../base/index.js';
import { timestampDistance } from '../rtp/packet.js';

/** RFC 4733 §2.5.2: many packets of one event are one digit, whichever of them arrive, in whatever order. */
export interface EventReceiver {
  /** Of the event now or last heard. */
  ssrc: number | undefined;
  timestamp: number;
  event: number;
  /** Timestamp units of the segments before this one, and of this one. */
  before: number;
  duration: number;
  pressed: boolean;
  lastAt: Ms;
}

export interface HeardEvent {
  readonly event: number;
  /** In timestamp units. */
  readonly duration: number;
}

/** The timestamp of an event further back than this belongs to a clock that has jumped, not to a late packet. */
const MAX_LATE = 40_000;
/** A segment of a long event ends near the field's limit of 65 535 (RFC 4733 §2.5.1.3). */
const SEGMENT_MIN = 60_000;
/** No packet of a pressed key for this long: its end packets were lost. */
export const EVENT_SILENCE_MS: Ms = 150;

export const createEventReceiver = (): EventReceiver => ({ ssrc: undefined, timestamp: 0, event: 0, before: 0, duration: 0, pressed: false, lastAt: 0 });

/** One event packet. @returns the digits it completes, at most two: one whose end was lost, and its own */
export function hearEvent(r: EventReceiver, ssrc: number, timestamp: number, payload: Uint8Array, at: number, now: Ms): readonly HeardEvent[] {
  const event = payload[at] ?? 0;
  const end = ((payload[at + 1] ?? 0) & 0x80) !== 0;
  const duration = ((payload[at + 2] ?? 0) << 8) | (payload[at + 3] ?? 0);
  const distance = timestampDistance(r.timestamp, timestamp);
  const known = r.ssrc === ssrc;
  if (known && distance < 0 && distance > -MAX_LATE) return [];
  const heard: HeardEvent[] = [];
  if (!known || distance !== 0) {
    const segment = known && r.pressed && r.event === event && r.duration >= SEGMENT_MIN && Math.abs(distance - r.duration) < 2_000;
    if (segment) r.before += distance;
    else {
      heard.push(...release(r));
      r.before = 0;
      r.pressed = true;
    }
    r.ssrc = ssrc;
    r.timestamp = timestamp;
    r.event = event;
    r.duration = 0;
  } else if (!r.pressed) return [];
  r.duration = Math.max(r.duration, duration);
  r.lastAt = now;
  if (end) heard.push(...release(r));
  return heard;
}

/** Time passes. @returns the digit that fell silent without an end */
export function eventSilence(r: EventReceiver, now: Ms): readonly HeardEvent[] {
  return r.pressed && now - r.lastAt >= EVENT_SILENCE_MS ? release(r) : [];
}

function release(r: EventReceiver): readonly HeardEvent[] {
  if (!r.pressed) return [];
  r.pressed = false;
  return [{ event: r.event, duration: r.before + r.duration }];
}
