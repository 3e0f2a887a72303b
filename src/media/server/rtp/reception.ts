import type { Ms } from '../../../base/index.js';
import { RATE_HZ } from '../codec/codec.js';
import { sequenceDistance, timestampDistance } from './packet.js';

/** Counters of one received stream: RFC 3550 A.1, A.3 and A.8. */
export interface Reception {
  packets: number;
  bytes: number;
  ssrc: number | undefined;
  /** Sequence numbers passed since the stream began, without wrapping; kept over a change of SSRC. */
  expected: number;
  received: number;
  highest: number;
  /** Jitter in timestamp units. */
  jitter: number;
  lastTransit: number | undefined;
  lastAt: Ms | undefined;
  expectedAtReport: number;
  receivedAtReport: number;
}

/** A step further than this is a restart of the sender, not a loss (RFC 3550 A.1, MAX_DROPOUT). */
const MAX_DROPOUT = 3_000;

export const createReception = (): Reception => ({
  packets: 0, bytes: 0, ssrc: undefined, expected: 0, received: 0, highest: 0, jitter: 0, lastTransit: undefined, lastAt: undefined, expectedAtReport: 0, receivedAtReport: 0,
});

export function countReceived(r: Reception, ssrc: number, sequence: number, timestamp: number, bytes: number, now: Ms): void {
  r.packets += 1;
  r.bytes += bytes;
  r.received += 1;
  r.lastAt = now;
  const step = sequenceDistance(r.highest, sequence);
  if (r.ssrc !== ssrc || Math.abs(step) > MAX_DROPOUT) {
    r.ssrc = ssrc;
    r.expected += 1;
    r.highest = sequence;
    r.lastTransit = undefined;
  } else if (step > 0) {
    r.expected += step;
    r.highest = sequence;
  }
  const transit = (Math.round((now * RATE_HZ) / 1_000) - timestamp) | 0;
  if (r.lastTransit !== undefined) {
    const d = Math.abs(timestampDistance(r.lastTransit, transit));
    // A jump of the sender's clock is no jitter.
    if (d < RATE_HZ) r.jitter += (d - r.jitter) / 16;
  }
  r.lastTransit = transit;
}

/** Packets expected and not received; duplicates may hide losses (RFC 3550 A.3), below zero is zero. */
export const lostPackets = (r: Reception): number => Math.max(0, r.expected - r.received);
export const jitterMs = (r: Reception): Ms => (r.jitter * 1_000) / RATE_HZ;

/** Share lost since the last report, in 1/256 (RFC 3550 A.3); begins the next interval. */
export function fractionLost(r: Reception): number {
  const expected = r.expected - r.expectedAtReport;
  const received = r.received - r.receivedAtReport;
  r.expectedAtReport = r.expected;
  r.receivedAtReport = r.received;
  return expected <= 0 || expected <= received ? 0 : Math.min(255, Math.floor(((expected - received) * 256) / expected));
}
