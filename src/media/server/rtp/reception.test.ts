import { expect, it } from 'vitest';
import { countReceived, createReception, fractionLost, jitterMs, lostPackets } from './reception.js';
import { createLine } from './line.js';
import { rtcpReport } from './rtcp.js';

const feed = (sequences: readonly number[], { ssrc = 1, arrival = (i: number) => i * 20 } = {}) => {
  const r = createReception();
  sequences.forEach((s, i) => countReceived(r, ssrc, s & 0xffff, ((s - sequences[0]!) * 160) >>> 0, 160, arrival(i)));
  return r;
};

it('counts what is missing, over the wrap, and not what only came late', () => {
  expect(lostPackets(feed([65_534, 65_535, 65_536, 65_539, 65_538]))).toBe(1);
  expect(lostPackets(feed([1, 2, 2, 3]))).toBe(0);
});

it('does not call a restart of the sender a loss', () => {
  const r = feed([100, 101, 40_000, 40_001]);
  countReceived(r, 2, 7, 0, 160, 100);
  countReceived(r, 2, 8, 160, 160, 120);
  expect([r.packets, lostPackets(r)]).toEqual([6, 0]);
});

it('measures jitter as RFC 3550 A.8 does', () => {
  expect(jitterMs(feed(Array.from({ length: 200 }, (_, i) => i)))).toBeLessThan(0.1);
  const wavering = feed(Array.from({ length: 400 }, (_, i) => i), { arrival: (i) => i * 20 + (i % 2) * 10 });
  expect(jitterMs(wavering)).toBeGreaterThan(9);
  expect(jitterMs(wavering)).toBeLessThan(10.1);
});

it('reports the share lost since the last report', () => {
  const r = feed([0, 1, 2, 3, 8]);
  expect(fractionLost(r)).toBe(Math.floor((4 / 9) * 256));
  expect(fractionLost(r)).toBe(0);
});

it('writes a compound report: sender report with a block, then the CNAME', () => {
  const line = createLine(0xabcdef01, 1, 1_000);
  line.packets = 3;
  line.bytes = 480;
  line.sentAt = 100;
  const packet = rtcpReport(line, feed([5, 6, 9]), true, 'call-1', 120, 1_700_000_000_500);
  expect([packet[0], packet[1], packet.readUInt16BE(2)]).toEqual([0x81, 200, 12]);
  expect(packet.readUInt32BE(4)).toBe(0xabcdef01);
  expect(packet.readUInt32BE(8)).toBe(1_700_000_000 + 2_208_988_800);
  expect(packet.readUInt32BE(12)).toBe(2 ** 31);
  expect([packet.readUInt32BE(16), packet.readUInt32BE(20), packet.readUInt32BE(24)]).toEqual([1_160, 3, 480]);
  expect(packet.readUInt32BE(28)).toBe(1);
  expect(packet.readUInt32BE(32) & 0xff_ffff).toBe(2);
  expect(packet.readUInt32BE(36) & 0xffff).toBe(9);
  const sdes = packet.subarray(52);
  expect([sdes[0], sdes[1]]).toEqual([0x81, 202]);
  expect(sdes.length).toBe((sdes.readUInt16BE(2) + 1) * 4);
  expect(sdes.toString('latin1', 10, 16)).toBe('call-1');
});

it('is a receiver report without a block when nothing was sent or heard', () => {
  const packet = rtcpReport(createLine(5, 1, 1), createReception(), false, 'x', 0, 0);
  expect([packet[0], packet[1], packet.readUInt16BE(2)]).toEqual([0x80, 201, 1]);
});
