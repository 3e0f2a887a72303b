import type { Ms } from '../../../base/index.js';
import { codecNamed, FRAME_MS, FRAME_SAMPLES, PCMU, type Codec } from '../codec/codec.js';
import { EVENT_BYTES, writeEvent } from '../dtmf/event.js';
import { createLine, placeEvent, placeOwn, placeRelayed, type Line, type Place } from '../rtp/line.js';
import { emptyHeader, RTP_HEADER_BYTES, writeRtpHeader, type RtpHeader } from '../rtp/packet.js';
import type { RemoteMedia } from './types.js';

/** Everything a channel sends: own audio, events and forwarded packets take their places on one line. */
export interface Outbound {
  readonly line: Line;
  /** A changed address is where packets go from now on; the same one again leaves a learnt one in force. */
  configure(remote: RemoteMedia): void;
  /** Packets go there from now on: the far end was heard from there. */
  aim(address: string, port: number): void;
  target(): { readonly address: string; readonly port: number } | undefined;
  canSend(): boolean;
  /** Whether the far end understands RFC 4733. */
  hasEvents(): boolean;
  frame(samples: Int16Array, joins: boolean, now: Ms): void;
  event(event: number, first: boolean, end: boolean, durationMs: Ms, copies: number, now: Ms): void;
  /** Rewrites `packet` in place and sends it: its owner has done with it. */
  relayAudio(header: RtpHeader, packet: Buffer, codec: Codec, now: Ms): void;
  relayEvent(header: RtpHeader, packet: Buffer, now: Ms): void;
}

export interface OutboundPorts {
  readonly send: (packet: Buffer, port: number, address: string) => void;
  /** What the far end gets to hear, before it leaves. */
  readonly heard: (header: RtpHeader, packet: Uint8Array, codec: Codec, now: Ms) => void;
  /** 0 to 1: where the line begins (RFC 3550 §5.1). */
  readonly random: () => number;
}

const MAX_FRAMES = 3;
const uint = (random: number, bits: number): number => Math.floor(random * 2 ** bits);
const isUnspecified = (address: string): boolean => address === '0.0.0.0' || address === '::';

export function createOutbound({ send, heard, random }: OutboundPorts): Outbound {
  const line = createLine(uint(random(), 32), uint(random(), 16), uint(random(), 32));
  const place: Place = { sequence: 0, timestamp: 0, marker: false };
  const header = emptyHeader();
  header.ssrc = line.ssrc;
  const buffer = Buffer.alloc(RTP_HEADER_BYTES + MAX_FRAMES * FRAME_SAMPLES);
  const eventBuffer = Buffer.alloc(RTP_HEADER_BYTES + EVENT_BYTES);
  let packet = buffer.subarray(0, RTP_HEADER_BYTES + FRAME_SAMPLES);
  let filled = 0;
  let joining = true;
  let remote: RemoteMedia | undefined;
  let codec = PCMU;
  let offered = { address: '', port: 0 };
  let address = '';
  let port = 0;
  let open = false;

  function put(bytes: Buffer, payloadBytes: number): void {
    line.packets += 1;
    line.bytes += payloadBytes;
    send(bytes, port, address);
  }
  function describe(payloadAt: number, payloadEnd: number): void {
    header.sequence = place.sequence;
    header.timestamp = place.timestamp;
    header.marker = place.marker;
    header.payloadAt = payloadAt;
    header.payloadEnd = payloadEnd;
  }
  /** Puts a new header right before the payload and sends what follows it; CSRC, extension and padding stay behind. */
  function forward(from: RtpHeader, bytes: Buffer, payloadType: number): void {
    const at = from.payloadAt - RTP_HEADER_BYTES;
    const out = at === 0 && from.payloadEnd === bytes.length ? bytes : bytes.subarray(at, from.payloadEnd);
    writeRtpHeader(out, payloadType, place.marker, place.sequence, place.timestamp, line.ssrc);
    put(out, from.payloadEnd - from.payloadAt);
  }
  return {
    line,
    configure(media) {
      remote = media;
      codec = codecNamed(media.codec);
      const frames = media.ptimeMs === 40 || media.ptimeMs === 60 ? media.ptimeMs / FRAME_MS : 1;
      packet = buffer.subarray(0, RTP_HEADER_BYTES + frames * FRAME_SAMPLES);
      filled = 0;
      const reachable = media.port > 0 && !isUnspecified(media.address);
      if (reachable && (media.address !== offered.address || media.port !== offered.port)) ({ address, port } = offered = media);
      const { direction = 'sendrecv' } = media;
      open = reachable && (direction === 'sendrecv' || direction === 'sendonly');
    },
    aim(toAddress, toPort) {
      address = toAddress;
      port = toPort;
    },
    target: () => (port === 0 ? undefined : { address, port }),
    canSend: () => open,
    hasEvents: () => remote?.telephoneEvent !== undefined,
    frame(samples, joins, now) {
      if (joins) {
        joining = true;
        filled = 0;
      }
      if (!open) return;
      codec.encode(samples, packet, RTP_HEADER_BYTES + filled);
      filled += samples.length;
      if (filled < packet.length - RTP_HEADER_BYTES) return;
      filled = 0;
      placeOwn(line, joining || line.relay !== undefined, packet.length - RTP_HEADER_BYTES, now, place);
      joining = false;
      describe(RTP_HEADER_BYTES, packet.length);
      heard(header, packet, codec, now);
      writeRtpHeader(packet, codec.payloadType, place.marker, place.sequence, place.timestamp, line.ssrc);
      put(packet, packet.length - RTP_HEADER_BYTES);
    },
    event(event, first, end, durationMs, copies, now) {
      const telephoneEvent = remote?.telephoneEvent;
      if (!open || !telephoneEvent) return;
      for (let copy = 0; copy < copies; copy += 1) {
        placeEvent(line, first && copy === 0, now, place);
        writeRtpHeader(eventBuffer, telephoneEvent.payloadType, place.marker, place.sequence, place.timestamp, line.ssrc);
        writeEvent(eventBuffer, RTP_HEADER_BYTES, event, end, (durationMs * telephoneEvent.clockRate) / 1_000);
        put(eventBuffer, EVENT_BYTES);
      }
      joining = true;
    },
    relayAudio(from, bytes, fromCodec, now) {
      const { payloadAt, payloadEnd } = from;
      if (!open || !placeRelayed(line, from.ssrc, from.sequence, from.timestamp, from.marker, payloadEnd - payloadAt, now, place)) return;
      describe(payloadAt, payloadEnd);
      heard(header, bytes, fromCodec, now);
      if (fromCodec !== codec) {
        const table = codec.fromOther;
        for (let i = payloadAt; i < payloadEnd; i += 1) bytes[i] = table[bytes[i] ?? 0] ?? 0;
      }
      forward(from, bytes, codec.payloadType);
    },
    relayEvent(from, bytes, now) {
      const telephoneEvent = remote?.telephoneEvent;
      if (!open || !telephoneEvent || !placeRelayed(line, from.ssrc, from.sequence, from.timestamp, from.marker, 0, now, place)) return;
      forward(from, bytes, telephoneEvent.payloadType);
    },
  };
}
