import { decode, type Law } from './law.js';
import { levelDb, toneShare } from '../listen.js';

export type Reception = {
  readonly packets: number;
  /** By sequence number, RFC 3550 A.3. */
  readonly lost: number;
  readonly duplicates: number;
  readonly reordered: number;
  /** Packets from an address or with a payload type nobody agreed on. */
  readonly strangers: number;
  readonly jitterMs: number;
  readonly worstGapMs: number;
  /** Arrivals more than 60 ms after the one before. */
  readonly gaps: number;
  /** RTP timestamp steps that leave samples out where no sequence number is missing. */
  readonly jumps: number;
  readonly sources: number;
  readonly digits: string;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  /** Packets whose 20 ms were the expected tone, silence, or anything else. */
  readonly heard: { readonly tone: number; readonly silence: number; readonly other: number };
};
export type Receiver = {
  readonly take: (packet: Buffer, now: number, known: boolean) => void;
  readonly format: (payload: number, law: Law, eventPayload: number | undefined) => void;
  readonly reception: () => Reception;
  /** Everything kept, placed by RTP timestamp, 8 kHz; a new source starts where it arrived. */
  readonly samples: () => Int16Array;
  readonly expect: (hz: number | undefined) => void;
  /** The last 200 ms are this tone. */
  readonly hearsNow: (hz: number) => boolean;
  readonly quietNow: () => boolean;
  readonly onPayload: (see: ((payload: Buffer, now: number) => void) | undefined) => void;
  readonly reset: () => void;
};
const KEYS = '0123456789*#ABCD';
const MAX_SAMPLES = 8000 * 3600;
/** A step in time of more than ten seconds is another time axis: FreeSWITCH changes it when a bridge ends or begins, within one source. */
const FAR = 80_000;

export function createReceiver(keep: boolean): Receiver {
  let format: { payload: number; law: Law; event: number | undefined } = { payload: 0, law: 'ulaw', event: 101 };
  const fresh = () => ({
    packets: 0, lost: 0, duplicates: 0, reordered: 0, strangers: 0, jitter: 0, worstGapMs: 0, gaps: 0, jumps: 0, sources: 0, digits: '',
    firstAt: undefined as number | undefined, lastAt: undefined as number | undefined, tone: 0, silence: 0, other: 0,
  });
  let n = fresh();
  let source: { ssrc: number; highest: number; stamp: number; base: number; arrival: number; transit: number } | undefined;
  let lastEvent = -1;
  let afterEvent = false; // a key takes the place of audio, the step in time after it is no loss
  let parts: { readonly at: number; readonly payload: Buffer; readonly law: Law }[] = [];
  let expected: number | undefined;
  let see: ((payload: Buffer, now: number) => void) | undefined;
  const recent = new Int16Array(1600);

  function remember(samples: Int16Array): void {
    if (samples.length >= recent.length) return;
    recent.copyWithin(0, samples.length);
    recent.set(samples, recent.length - samples.length);
  }
  function audio(payload: Buffer, place: number): void {
    const samples = decode(payload, format.law);
    remember(samples);
    if (keep && place >= 0 && place < MAX_SAMPLES) parts.push({ at: place, payload, law: format.law });
    if (expected === undefined) return;
    if (levelDb(samples) < -45) n.silence += 1;
    else if (toneShare(samples, expected) > 0.5) n.tone += 1;
    else n.other += 1;
  }
  function event(payload: Buffer, stamp: number): void {
    if (stamp === lastEvent || payload.length < 4) return; // one key, however many packets say so
    lastEvent = stamp;
    n.digits += KEYS[payload[0] ?? 0] ?? '?';
  }
  /** Where on the timestamp axis the recording began, if this packet is heard now. */
  const baseOf = (stamp: number, now: number): number => stamp - (n.firstAt === undefined ? 0 : Math.round((now - n.firstAt) * 8));
  /** @returns false for a copy of a packet already seen */
  function count(ssrc: number, sequence: number, stamp: number, now: number, voice: boolean): boolean {
    if (source?.ssrc !== ssrc) {
      n.sources += 1;
      source = { ssrc, highest: sequence, stamp, base: baseOf(stamp, now), arrival: now, transit: now * 8 - stamp };
      return true;
    }
    const step = ((sequence - source.highest + 0x8000) & 0xffff) - 0x8000;
    if (step === 0) { n.duplicates += 1; return false; }
    if (step < 0) {
      n.reordered += 1;
      n.lost = Math.max(0, n.lost - 1);
      return true;
    }
    n.lost += step - 1;
    if (voice) {
      const advance = (stamp - source.stamp) | 0;
      const elsewhere = Math.abs(advance) > FAR;
      if (elsewhere) source.base = baseOf(stamp, now);
      if (step === 1 && (advance > 160 || elsewhere) && !afterEvent) n.jumps += 1;
      afterEvent = false;
      const transit = now * 8 - stamp;
      n.jitter += (Math.abs(transit - source.transit) - n.jitter) / 16;
      source.transit = transit;
      source.stamp = stamp;
    }
    const gap = now - source.arrival;
    if (gap > 60) n.gaps += 1;
    n.worstGapMs = Math.max(n.worstGapMs, gap);
    source.arrival = now;
    source.highest = sequence;
    return true;
  }
  return {
    take(packet, now, known) {
      const payloadType = (packet[1] ?? 0) & 0x7f;
      if (packet.length < 12 || (packet[0] ?? 0) >> 6 !== 2 || (payloadType >= 72 && payloadType <= 76)) return;
      if (!known || (payloadType !== format.payload && payloadType !== format.event && payloadType !== 13)) { n.strangers += 1; return; }
      const header = 12 + ((packet[0] ?? 0) & 0x0f) * 4;
      const stamp = packet.readUInt32BE(4);
      const voice = payloadType === format.payload;
      n.packets += 1;
      if (!count(packet.readUInt32BE(8), packet.readUInt16BE(2), stamp, now, voice)) return;
      n.firstAt ??= now;
      n.lastAt = now;
      const payload = packet.subarray(header);
      if (payloadType === format.event) {
        afterEvent = true;
        return event(payload, stamp);
      }
      if (!voice) return;
      see?.(payload, now);
      audio(payload, (stamp - (source?.base ?? stamp)) | 0);
    },
    format: (payload, law, eventPayload) => { format = { payload, law, event: eventPayload }; },
    reception: () => ({ ...n, jitterMs: n.jitter / 8, heard: { tone: n.tone, silence: n.silence, other: n.other } }),
    samples() {
      const length = parts.reduce((end, part) => Math.max(end, part.at + part.payload.length), 0);
      const out = new Int16Array(length);
      for (const part of parts) out.set(decode(part.payload, part.law), part.at);
      return out;
    },
    expect: (hz) => { expected = hz; },
    hearsNow: (hz) => levelDb(recent) > -45 && toneShare(recent, hz) > 0.6,
    quietNow: () => levelDb(recent) < -50,
    onPayload: (how) => { see = how; },
    reset() {
      n = fresh();
      source = undefined;
      parts = [];
    },
  };
}
