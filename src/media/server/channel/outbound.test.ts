import { describe, expect, it } from 'vitest';
import { sine, toneAmplitude, decodeG711 } from '../../../audio/index.js';
import { PCMA, PCMU, type Codec } from '../codec/codec.js';
import { emptyHeader, parseRtp, sequenceDistance, timestampDistance, writeRtpHeader, type RtpHeader } from '../rtp/packet.js';
import { createOutbound } from './outbound.js';
import type { RemoteMedia } from './types.js';

const PHONE: RemoteMedia = { address: '192.0.2.1', port: 4_000, codec: 'PCMU', telephoneEvent: { payloadType: 96, clockRate: 8_000 } };

interface Sent extends RtpHeader { readonly payload: Uint8Array; readonly to: string }

function stage(remote: RemoteMedia | 'none' = PHONE) {
  const sent: Sent[] = [];
  const heard: { codec: Codec; samples: Int16Array; sequence: number }[] = [];
  const out = createOutbound({
    send(packet, port, address) {
      const header = emptyHeader();
      expect(parseRtp(packet, header)).toBe(true);
      sent.push({ ...header, payload: Uint8Array.from(packet.subarray(header.payloadAt, header.payloadEnd)), to: `${address}:${port}` });
    },
    heard: (header, packet, codec) => void heard.push({ codec, samples: decodeG711(codec.decode, packet.subarray(header.payloadAt, header.payloadEnd)), sequence: header.sequence }),
    random: () => 0.5,
  });
  if (remote !== 'none') out.configure(remote);
  return { out, sent, heard };
}

/** A packet as a phone sends it, with `extra` words of CSRC before the payload and `padding` bytes behind. */
function incoming({ sequence = 1, timestamp = 160, payload = Buffer.alloc(160, 0x11), csrcs = 0, padding = 0 }): { header: RtpHeader; packet: Buffer } {
  const packet = Buffer.concat([Buffer.alloc(12 + csrcs * 4), payload, Buffer.alloc(padding, padding)]);
  writeRtpHeader(packet, 0, false, sequence, timestamp, 7);
  packet[0] = 0x80 | csrcs | (padding ? 0x20 : 0);
  const header = emptyHeader();
  parseRtp(packet, header);
  return { header, packet };
}

describe('own audio', () => {
  it('is encoded in the agreed law and heard by recordings as it leaves', () => {
    const { out, sent, heard } = stage({ ...PHONE, codec: 'PCMA' });
    const audio = sine(1_000, 20, 8_000);
    out.frame(audio, true, 0);
    expect(sent[0]).toMatchObject({ payloadType: 8, marker: true, to: '192.0.2.1:4000' });
    expect(toneAmplitude(decodeG711(PCMA.decode, sent[0]!.payload), 1_000, 8_000)).toBeGreaterThan(7_500);
    expect(heard[0]).toMatchObject({ codec: PCMA, sequence: sent[0]!.sequence });
  });

  it('fills packets of 60 ms, and the last one with silence', () => {
    const { out, sent } = stage({ ...PHONE, ptimeMs: 60 });
    for (let i = 0; i < 4; i += 1) out.frame(sine(1_000, 20, 8_000), i === 0, i * 20);
    out.frame(new Int16Array(0), false, 80);
    out.frame(new Int16Array(0), false, 80);
    expect(sent.map((p) => p.payload.length)).toEqual([480, 480]);
    expect(sent[1]!.payload.subarray(160)).toEqual(new Uint8Array(320).fill(0xff));
    expect(timestampDistance(sent[0]!.timestamp, sent[1]!.timestamp)).toBe(480);
  });

  it.each<[string, RemoteMedia | 'none']>([
    ['no SDP yet', 'none'],
    ['a far end on hold', { ...PHONE, direction: 'recvonly' }],
    ['an inactive stream', { ...PHONE, direction: 'inactive' }],
    ['hold by 0.0.0.0', { ...PHONE, address: '0.0.0.0' }],
    ['a refused stream', { ...PHONE, port: 0 }],
  ])('goes nowhere with %s', (_why, remote) => {
    const { out, sent } = stage(remote);
    out.frame(sine(1_000, 20, 8_000), true, 0);
    out.event(5, true, true, 100, 3, 0);
    const { header, packet } = incoming({});
    out.relayAudio(header, packet, PCMU, 0);
    expect(sent).toEqual([]);
  });
});

describe('the address', () => {
  it('is the learnt one until the SDP names another', () => {
    const { out } = stage();
    out.aim('198.51.100.1', 9_000);
    out.configure({ ...PHONE, direction: 'inactive' });
    out.configure({ ...PHONE, address: '0.0.0.0' });
    out.configure(PHONE);
    expect(out.target()).toEqual({ address: '198.51.100.1', port: 9_000 });
    out.configure({ ...PHONE, port: 4_002 });
    expect(out.target()).toEqual({ address: '192.0.2.1', port: 4_002 });
  });
});

describe('forwarding', () => {
  it('changes SSRC, sequence and timestamp, not the payload', () => {
    const { out, sent, heard } = stage();
    for (let i = 0; i < 3; i += 1) {
      const { header, packet } = incoming({ sequence: 65_535 + i, timestamp: 160 * i, payload: Buffer.alloc(160, i) });
      out.relayAudio(header, packet, PCMU, i * 20);
    }
    expect(sent.map((p) => p.ssrc)).toEqual(Array(3).fill(out.line.ssrc));
    expect(sent.map((p) => p.payload[0])).toEqual([0, 1, 2]);
    expect([sequenceDistance(sent[0]!.sequence, sent[2]!.sequence), timestampDistance(sent[0]!.timestamp, sent[2]!.timestamp)]).toEqual([2, 320]);
    expect(heard).toHaveLength(3);
  });

  it('leaves CSRCs and padding behind', () => {
    const { out, sent } = stage();
    const { header, packet } = incoming({ csrcs: 3, padding: 8, payload: Buffer.alloc(160, 0x42) });
    out.relayAudio(header, packet, PCMU, 0);
    expect(sent[0]).toMatchObject({ payloadAt: 12, payloadEnd: 172 });
    expect(sent[0]!.payload).toEqual(new Uint8Array(160).fill(0x42));
  });

  it('translates between the laws, and lets recordings hear the original', () => {
    const { out, sent, heard } = stage({ ...PHONE, codec: 'PCMA' });
    const audio = sine(800, 20, 8_000);
    const payload = Buffer.alloc(160);
    PCMU.encode(audio, payload, 0);
    const { header, packet } = incoming({ payload });
    out.relayAudio(header, packet, PCMU, 0);
    expect(sent[0]!.payloadType).toBe(8);
    expect(toneAmplitude(decodeG711(PCMA.decode, sent[0]!.payload), 800, 8_000)).toBeGreaterThan(7_500);
    expect(toneAmplitude(heard[0]!.samples, 800, 8_000)).toBeGreaterThan(7_500);
  });

  it('gives events the number this far end knows them by', () => {
    const { out, sent } = stage();
    const { header, packet } = incoming({ payload: Buffer.of(5, 10, 0, 160) });
    out.relayEvent(header, packet, 0);
    expect(sent[0]).toMatchObject({ payloadType: 96, payload: Uint8Array.of(5, 10, 0, 160) });
  });
});

it('sends its own events with one timestamp, the last as often as told', () => {
  const { out, sent } = stage();
  out.event(11, true, false, 20, 1, 0);
  out.event(11, false, false, 40, 1, 20);
  out.event(11, false, true, 60, 3, 40);
  expect(sent.map((p) => [p.payloadType, p.marker, [...p.payload]])).toEqual([
    [96, true, [11, 10, 0, 160]], [96, false, [11, 10, 1, 64]], ...Array<unknown>(3).fill([96, false, [11, 0x8a, 1, 224]]),
  ]);
  expect(new Set(sent.map((p) => p.timestamp)).size).toBe(1);
  expect(sequenceDistance(sent[0]!.sequence, sent[4]!.sequence)).toBe(4);
  out.frame(sine(500, 20, 8_000), false, 100);
  expect(sent[5]).toMatchObject({ marker: true });
  expect(timestampDistance(sent[0]!.timestamp, sent[5]!.timestamp)).toBe(800);
});
