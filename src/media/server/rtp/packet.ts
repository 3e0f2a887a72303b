/**
 * RTP data packet, RFC 3550 §5.1:
 *
 *     0                   1                   2                   3
 *     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *    |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *    |                           timestamp                           |
 *    |                             SSRC                              |
 *    |                        CSRC, extension                        |
 */
export const RTP_HEADER_BYTES = 12;

/** One packet's header, filled in again for each packet so that nothing is allocated. */
export interface RtpHeader {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  /** The payload is `packet[payloadAt..payloadEnd)`. */
  payloadAt: number;
  payloadEnd: number;
}

export const emptyHeader = (): RtpHeader => ({ payloadType: 0, marker: false, sequence: 0, timestamp: 0, ssrc: 0, payloadAt: 0, payloadEnd: 0 });

const uint16 = (b: Uint8Array, at: number): number => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
const uint32 = (b: Uint8Array, at: number): number => ((uint16(b, at) << 16) | uint16(b, at + 2)) >>> 0;

/** Fills `header`; false: this is no RTP (also RTCP, which shares the version bits: RFC 5761 §4). */
export function parseRtp(packet: Uint8Array, header: RtpHeader): boolean {
  if (packet.length < RTP_HEADER_BYTES) return false;
  const first = packet[0] ?? 0;
  const second = packet[1] ?? 0;
  if (first >> 6 !== 2 || (second >= 192 && second <= 223)) return false;
  let at = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if (first & 0x10) at += 4 + uint16(packet, at + 2) * 4;
  const end = packet.length - (first & 0x20 ? (packet[packet.length - 1] ?? 0) : 0);
  if (at > end) return false;
  header.marker = second >= 128;
  header.payloadType = second & 0x7f;
  header.sequence = uint16(packet, 2);
  header.timestamp = uint32(packet, 4);
  header.ssrc = uint32(packet, 8);
  header.payloadAt = at;
  header.payloadEnd = end;
  return true;
}

/** Writes a header without CSRC, extension or padding to `out[0..12)`. */
export function writeRtpHeader(out: Uint8Array, payloadType: number, marker: boolean, sequence: number, timestamp: number, ssrc: number): void {
  out[0] = 0x80;
  out[1] = marker ? payloadType | 0x80 : payloadType;
  out[2] = sequence >> 8;
  out[3] = sequence;
  out[4] = timestamp >>> 24;
  out[5] = timestamp >>> 16;
  out[6] = timestamp >>> 8;
  out[7] = timestamp;
  out[8] = ssrc >>> 24;
  out[9] = ssrc >>> 16;
  out[10] = ssrc >>> 8;
  out[11] = ssrc;
}

/** Signed distance from sequence number `from` to `to`, −32 768 to 32 767. */
export const sequenceDistance = (from: number, to: number): number => ((to - from) << 16) >> 16;
/** Signed distance from timestamp `from` to `to`, −2³¹ to 2³¹ − 1. */
export const timestampDistance = (from: number, to: number): number => (to - from) | 0;
