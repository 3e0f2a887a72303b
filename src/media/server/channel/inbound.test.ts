import { expect, it } from 'vitest';
import { writeRtpHeader } from '../rtp/packet.js';
import { createInbound } from './inbound.js';
import type { RemoteMedia } from './types.js';

const PHONE: RemoteMedia = { address: '192.0.2.1', port: 4_000, codec: 'PCMU', telephoneEvent: { payloadType: 96, receivePayloadType: 101, clockRate: 8_000 } };

function stage() {
  const seen: string[] = [];
  let now = 0;
  let sequence = 0;
  const inbound = createInbound(5_000, {
    now: () => now,
    onSource: (address, port) => void seen.push(`source ${address}:${port}`),
    onAudio: ({ ssrc }, packet, codec, at) => void seen.push(ssrc === 9 ? `audio ${codec.name}` : `audio ${String(packet[12])} of ${String(ssrc)} at ${String(at)}`),
    onEvent: (_header, packet) => void seen.push(`event ${packet[12] ?? -1}`),
  });
  const send = (payloadType: number, payload: Buffer, from = { address: PHONE.address, port: PHONE.port }, ssrc = 9): void => {
    const packet = Buffer.concat([Buffer.alloc(12), payload]);
    writeRtpHeader(packet, payloadType, false, (sequence += 1), sequence * 160, ssrc);
    now += 20;
    inbound.datagram(packet, { ...from, family: 'IPv4', size: packet.length });
  };
  return { inbound, send, seen };
}
const AUDIO = Buffer.alloc(160, 0xff);

it('sorts audio of both laws, keys by our number for them, and comfort noise, which only counts', () => {
  const { inbound, send, seen } = stage();
  inbound.configure(PHONE);
  send(0, AUDIO);
  send(8, AUDIO);
  send(101, Buffer.of(5, 10, 0, 160));
  send(13, Buffer.of(40));
  send(0, Buffer.alloc(0));
  expect(seen).toEqual(['source 192.0.2.1:4000', 'audio PCMU', 'audio PCMA', 'event 5']);
  expect([inbound.reception.packets, inbound.malformed(), inbound.reception.lastAt]).toEqual([5, 0, 100]);
});

it('counts what is no RTP and what nobody negotiated, and hands none of it on', () => {
  const { inbound, send, seen } = stage();
  inbound.configure(PHONE);
  send(18, AUDIO);
  send(96, Buffer.of(5, 10, 0, 160));
  inbound.datagram(Buffer.from('GET / HTTP/1.1'), { address: PHONE.address, port: PHONE.port, family: 'IPv4', size: 14 });
  send(101, Buffer.of(5));
  expect([inbound.malformed(), seen]).toEqual([3, ['source 192.0.2.1:4000']]);
});

it('takes nothing before it knows whom to expect, and nothing of strangers afterwards', () => {
  const { inbound, send, seen } = stage();
  send(0, AUDIO);
  inbound.configure(PHONE);
  send(0, AUDIO);
  send(0, AUDIO, { address: '203.0.113.1', port: 1 });
  expect([inbound.strangers(), seen]).toEqual([2, ['source 192.0.2.1:4000', 'audio PCMU']]);
});

it('tells a new source, and does not mistake hold by 0.0.0.0 for one', () => {
  const { inbound, send, seen } = stage();
  inbound.configure(PHONE);
  send(0, AUDIO);
  inbound.configure({ ...PHONE, address: '0.0.0.0' });
  send(0, AUDIO);
  inbound.configure({ ...PHONE, address: '192.0.2.2' });
  send(0, AUDIO, { address: '192.0.2.2', port: 4_000 });
  expect(seen).toEqual(['source 192.0.2.1:4000', 'audio PCMU', 'audio PCMU', 'source 192.0.2.2:4000', 'audio PCMU']);
});

it('loses no packet of a new SSRC: the first is handed on once the second proves it, and one that nothing follows never', () => {
  const { inbound, send, seen } = stage();
  const place = { address: PHONE.address, port: PHONE.port };
  inbound.configure(PHONE);
  send(0, AUDIO);
  send(0, Buffer.alloc(160, 1), place, 77);
  send(0, AUDIO);
  expect([seen.splice(0), inbound.strangers()]).toEqual([['source 192.0.2.1:4000', 'audio PCMU', 'audio PCMU'], 1]);
  send(0, Buffer.alloc(160, 2), place, 5);
  send(0, Buffer.alloc(160, 3), place, 5);
  send(0, Buffer.alloc(160, 4), place, 5);
  expect([seen, inbound.strangers(), inbound.reception.packets]).toEqual([['source 192.0.2.1:4000', 'audio 2 of 5 at 80', 'audio 3 of 5 at 100', 'audio 4 of 5 at 120'], 1, 5]);
});
