import type { Ms } from '../../../base/index.js';
import { fractionLost, lostPackets, type Reception } from './reception.js';
import type { Line } from './line.js';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
/** Seconds from 1900 (NTP) to 1970. */
const NTP_EPOCH_S = 2_208_988_800;

/**
 * A compound packet of RFC 3550 §6.1: a sender report if anything was sent, else a receiver report; then the CNAME.
 * @param sentSince whether the line carried packets since the last report
 * @param wallClockMs Unix time, for the NTP stamp
 */
export function rtcpReport(line: Line, reception: Reception, sentSince: boolean, cname: string, now: Ms, wallClockMs: Ms): Buffer {
  const block = reception.ssrc === undefined ? Buffer.alloc(0) : reportBlock(reception, reception.ssrc);
  const body = sentSince ? senderInfo(line, now, wallClockMs) : Buffer.alloc(0);
  const report = Buffer.concat([header(sentSince ? SENDER_REPORT : RECEIVER_REPORT, block.length > 0 ? 1 : 0, 4 + body.length + block.length), uint32(line.ssrc), body, block]);
  const item = Buffer.concat([Buffer.of(1, Math.min(255, cname.length)), Buffer.from(cname.slice(0, 255), 'latin1')]);
  const padded = Buffer.alloc(Math.ceil((item.length + 1) / 4) * 4);
  item.copy(padded);
  return Buffer.concat([report, header(SOURCE_DESCRIPTION, 1, 4 + padded.length), uint32(line.ssrc), padded]);
}

function header(type: number, count: number, bodyBytes: number): Buffer {
  return Buffer.of(0x80 | count, type, (bodyBytes / 4) >> 8, (bodyBytes / 4) & 0xff);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function senderInfo(line: Line, now: Ms, wallClockMs: Ms): Buffer {
  const seconds = Math.floor(wallClockMs / 1_000);
  const fraction = Math.floor(((wallClockMs % 1_000) / 1_000) * 2 ** 32);
  const timestamp = line.timestamp + Math.round((now - (line.sentAt ?? now)) * 8);
  return Buffer.concat([seconds + NTP_EPOCH_S, fraction, timestamp, line.packets, line.bytes].map(uint32));
}

function reportBlock(reception: Reception, ssrc: number): Buffer {
  const lost = Math.min(0x7f_ffff, lostPackets(reception));
  const cycles = reception.expected + ((reception.highest - reception.expected) & 0xffff);
  return Buffer.concat([uint32(ssrc), uint32((fractionLost(reception) << 24) | lost), uint32(cycles), uint32(Math.floor(reception.jitter)), uint32(0), uint32(0)]);
}
