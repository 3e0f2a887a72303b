import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyHeader, parseRtp, sequenceDistance, timestampDistance, writeRtpHeader } from './packet.js';

const header = emptyHeader();
const bytes = (...head: number[]): Uint8Array => Uint8Array.from([...head, ...Array<number>(40 - head.length).fill(0)]);

it('reads what it writes', () => {
  fc.assert(fc.property(fc.nat(127), fc.boolean(), fc.nat(0xffff), fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), (payloadType, marker, sequence, timestamp, ssrc) => {
    if (payloadType >= 64 && payloadType <= 95) return; // not told apart from RTCP
    const packet = new Uint8Array(32);
    writeRtpHeader(packet, payloadType, marker, sequence, timestamp, ssrc);
    expect(parseRtp(packet, header)).toBe(true);
    expect(header).toEqual({ payloadType, marker, sequence, timestamp, ssrc, payloadAt: 12, payloadEnd: 32 });
  }));
});

describe('odd packets', () => {
  it('finds the payload behind CSRCs and an extension, and before padding', () => {
    const packet = bytes(0xb1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, /* CSRC */ 9, 9, 9, 9, /* extension of one word */ 0xbe, 0xde, 0, 1, 1, 1, 1, 1);
    packet[39] = 4;
    expect(parseRtp(packet, header)).toBe(true);
    expect([header.payloadAt, header.payloadEnd]).toEqual([24, 36]);
  });

  it.each([
    ['an empty datagram', new Uint8Array(0)],
    ['eleven bytes', new Uint8Array(11).fill(0x80)],
    ['version 1', bytes(0x40)],
    ['STUN', bytes(0, 1, 0, 0)],
    ['an RTCP sender report', bytes(0x80, 200)],
    ['more CSRCs than bytes', Uint8Array.from([0x8f, ...Array<number>(20).fill(0)])],
    ['an extension beyond the end', bytes(0x90, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0xff, 0xff)],
    ['padding longer than the packet', (() => { const p = bytes(0xa0); p[39] = 200; return p; })()],
  ])('refuses %s', (_name, packet) => {
    expect(parseRtp(packet, header)).toBe(false);
  });

  it('never looks beyond the packet, whatever its bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (packet) => {
      if (parseRtp(packet, header)) expect(12 <= header.payloadAt && header.payloadAt <= header.payloadEnd && header.payloadEnd <= packet.length).toBe(true);
    }));
  });
});

it('counts across the wrap of sequence and timestamp', () => {
  expect(sequenceDistance(0xfffe, 3)).toBe(5);
  expect(sequenceDistance(3, 0xfffe)).toBe(-5);
  expect(timestampDistance(0xffff_ff00, 0x100)).toBe(512);
  expect(timestampDistance(0x100, 0xffff_ff00)).toBe(-512);
});
